package texter

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
)

// memory is what a page takes, and the next one after it: its body, its rows,
// and what it took to read them.
type memory struct {
	body    []byte
	decoder decoder
}

var memories = sync.Pool{New: func() any { return new(memory) }}

// maxReused is the largest body whose memory is used again, in bytes: a page of
// 1,000 chats takes about 1.4 MB.
const maxReused = 4 << 20

// Share has n callers hold the page, of whom each may Release it. It must come
// before they have it.
func (p *SearchPage) Share(n int) {
	if p.memory != nil {
		p.holders.Store(int32(n))
	}
}

// Release gives the memory of the page to the next one, if Options.Reuse is on
// and all who hold the page have released it. Neither the page nor a row or
// string of it may be used afterwards. A page that is not released is garbage
// as any other.
func (p *SearchPage) Release() {
	if p.memory == nil || p.holders.Add(-1) != 0 {
		return
	}
	m := p.memory
	if p.memory = nil; cap(m.body) > maxReused {
		return
	}
	if overwrite {
		body := m.body[:cap(m.body)]
		for i := range body {
			body[i] = '!'
		}
		clear(m.decoder.chats)
	}
	memories.Put(m)
}

// Sizes of what a body is read into, in bytes.
const (
	firstChunk = 32 << 10 // of a body of unknown length: holds a page of 30 chats
	maxChunk   = 1 << 20
)

// readBody reads a body of this length, -1 if it is not known, and of most
// bytes. It takes no more memory than the body is long until all is there: a
// buffer that grows takes up to four times as much.
func (m *memory) readBody(ctx context.Context, body io.Reader, length, most int64) ([]byte, error) {
	if length > most {
		return nil, tooLarge(most)
	}
	size := length + 1 // one more to see the end
	if size == 0 {
		size = firstChunk
	}
	if int64(cap(m.body)) < size {
		m.body = make([]byte, 0, size)
	}
	var full [][]byte
	chunk := m.body[:0]
	for read := int64(0); ; {
		n, err := body.Read(chunk[len(chunk):cap(chunk)])
		chunk = chunk[:len(chunk)+n]
		switch read += int64(n); {
		case read > most:
			return nil, tooLarge(most)
		case errors.Is(err, io.EOF):
			return join(full, chunk), nil
		case err != nil:
			return nil, transportError(ctx, err)
		case len(chunk) == cap(chunk):
			full = append(full, chunk)
			chunk = make([]byte, 0, min(2*cap(chunk), maxChunk))
		}
	}
}

func join(full [][]byte, last []byte) []byte {
	if full == nil {
		return last
	}
	return bytes.Join(append(full, last), nil)
}
