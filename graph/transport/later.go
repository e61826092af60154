package transport

import (
	"bytes"
	"context"
	"io"
)

// later is what is left for when the executor is done.
type later struct {
	parts []latePart // of the answer's data, which are written after the rest
	sent  []func()
}

type latePart struct {
	offset int // in the data that the executor wrote
	append func([]byte) []byte
}

type laterKey struct{}

// WriteLater leaves a value out of the data that the executor is writing to w,
// and has it appended in its place to the answer itself, which saves a copy
// and the memory for it. It reports whether that can be done: the context must
// be of an operation that HTTP serves, and w the buffer of its whole data.
func WriteLater(ctx context.Context, w io.Writer, appendValue func([]byte) []byte) bool {
	l, ok := ctx.Value(laterKey{}).(*later)
	data, isBuffer := w.(*bytes.Buffer)
	if !ok || !isBuffer {
		return false
	}
	l.parts = append(l.parts, latePart{data.Len(), appendValue})
	return true
}

// append appends the data with the parts that were left out of it.
func (l *later) append(b, data []byte) []byte {
	done := 0
	for _, part := range l.parts {
		b = append(b, data[done:part.offset]...)
		b = part.append(b)
		done = part.offset
	}
	return append(b, data[done:]...)
}

// OnSent has f called when the answer is sent, or can't be. The context must be
// of an operation that HTTP serves.
func OnSent(ctx context.Context, f func()) {
	l := ctx.Value(laterKey{}).(*later)
	l.sent = append(l.sent, f)
}

func (l *later) finish() {
	for _, f := range l.sent {
		f()
	}
}
