package transport

import (
	"bytes"
	"context"
	"io"
)

// later are the parts of an answer's data that are written after the rest.
type later struct{ parts []latePart }

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
