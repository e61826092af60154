package http1

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// body is the body of an answer. Its end is that of the answer.
type body struct {
	io.Reader
	c     *conn
	ctx   context.Context
	alive func() bool // ends what closes c with ctx; false if that has begun
	reuse bool        // whether the connection can be used again
	left  int64       // how many bytes are to come; below zero if that is not known
	err   error       // what Read returns from now on
}

func newBody(c *conn, res *http.Response, alive func() bool) *body {
	b := &body{Reader: res.Body, c: c, ctx: res.Request.Context(), alive: alive, reuse: !res.Close, left: res.ContentLength}
	if res.Body == http.NoBody {
		b.end(io.EOF)
	}
	return b
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.Reader.Read(p)
	b.left -= int64(n)
	if err != nil {
		b.end(err)
		err = b.err
	}
	return n, err
}

// Close implements io.Closer. What is left of a body, such as an error's that
// nobody reads, is read if it is here already: that takes less than another
// connection.
func (b *body) Close() error {
	if b.err == nil && b.left >= 0 && b.left <= int64(b.c.reader.Buffered()) {
		_, _ = io.Copy(io.Discard, b)
		b.err = http.ErrBodyReadAfterClose
	}
	if b.err == nil {
		b.end(http.ErrBodyReadAfterClose)
	}
	return nil
}

// end gives the connection to the next request, if the answer is whole. Whether
// anything came after it is seen when the connection is taken.
func (b *body) end(err error) {
	b.err = err
	whole, alive := errors.Is(err, io.EOF), b.alive()
	if !whole {
		b.err = contextError(b.ctx, err)
	}
	if whole && alive && b.reuse {
		b.c.t.keep(b.c)
		return
	}
	_ = b.c.Close()
}
