package http1

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// body is the body of a response. It owns the connection until it ends.
type body struct {
	io.Reader
	conn      *conn
	ctx       context.Context // of the request
	unwatch   func() bool     // see conn.roundTrip
	reusable  bool            // whether the response lets the connection stay open
	remaining int64           // bytes of the body that are not read; negative if the length is unknown
	err       error           // what Read returns from now on
}

func newBody(c *conn, res *http.Response, unwatch func() bool) *body {
	return &body{
		Reader: res.Body, conn: c, ctx: res.Request.Context(), unwatch: unwatch,
		reusable: !res.Close && res.StatusCode >= http.StatusOK, remaining: res.ContentLength,
	}
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.Reader.Read(p)
	b.remaining -= int64(n)
	if err != nil {
		b.end(err)
	}
	return n, b.err
}

// Close implements io.Closer. If the rest of the body is in the buffer already,
// Close reads it, so that the connection can be used again. Callers do not read
// the bodies of most errors, and a new connection costs more than a short read.
func (b *body) Close() error {
	switch {
	case b.err != nil: // the connection may have the next request already
	case b.remaining >= 0 && b.remaining <= int64(b.conn.reader.Buffered()):
		_, _ = io.Copy(io.Discard, b)
		b.err = http.ErrBodyReadAfterClose
	default:
		b.end(http.ErrBodyReadAfterClose)
	}
	return nil
}

// end keeps the connection for the next request if the body is complete, and
// closes it otherwise.
func (b *body) end(err error) {
	b.err = err
	complete, open := errors.Is(err, io.EOF), b.unwatch()
	if !complete {
		b.err = contextError(b.ctx, err)
	}
	if complete && open && b.reusable {
		b.conn.transport.putIdle(b.conn)
		return
	}
	_ = b.conn.Close()
}
