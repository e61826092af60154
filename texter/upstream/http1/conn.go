package http1

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"
)

// MaxResponseHeaderBytes bounds the status line and the header of a response,
// with those of the interim responses before it.
const MaxResponseHeaderBytes = 256 << 10

var errHeaderTooLong = fmt.Errorf("http1: the header of the response has more than %d bytes", MaxResponseHeaderBytes)

// conn is a connection to an origin, for one request at a time.
type conn struct {
	net.Conn
	transport *Transport
	origin    string
	socket    syscall.RawConn // below TLS; nil if it is unknown
	reader    *bufio.Reader
	writer    *bufio.Writer
	limit     int64 // how many more bytes Read may return
	readErr   error // why Read stopped before the end of the header: the timeout or the limit

	responding bool // whether the first byte of the response has arrived
	idleSince  time.Time
}

// newConn wraps a connection. The socket is what it reads from: the connection
// itself, or what is below TLS.
func newConn(t *Transport, origin string, connection, socket net.Conn) *conn {
	c := &conn{Conn: connection, transport: t, origin: origin, writer: bufio.NewWriter(connection)}
	if system, ok := socket.(syscall.Conn); ok {
		c.socket, _ = system.SyscallConn() // nil if it fails
	}
	c.reader = bufio.NewReader(c)
	return c
}

// Read implements io.Reader, within the limit.
func (c *conn) Read(p []byte) (int, error) {
	if c.limit <= 0 {
		c.readErr = errHeaderTooLong
		return 0, c.readErr
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), c.limit)])
	c.limit -= int64(n)
	if isTimeout(err) {
		c.readErr = err
	}
	return n, err
}

// isReusable reports whether an idle connection can take another request: it
// has not expired, and since the last response the server has neither closed it
// nor sent anything. Bytes that arrive without a request must not be taken for
// the response to the next one.
func (c *conn) isReusable() bool {
	timeout := c.transport.options.IdleConnTimeout
	expired := timeout > 0 && time.Since(c.idleSince) > timeout
	return !expired && c.reader.Buffered() == 0 && c.tlsIsEmpty() && c.socketIsEmpty()
}

// tlsIsEmpty reports whether TLS has no decrypted bytes left. Its read deadline
// has passed, so that it returns what it has and reads no more.
func (c *conn) tlsIsEmpty() bool {
	secure, ok := c.Conn.(*tls.Conn)
	if !ok {
		return true
	}
	err := secure.SetReadDeadline(time.Unix(1, 0))
	if err == nil {
		_, err = secure.Read(make([]byte, 1))
	}
	return errors.Is(err, os.ErrDeadlineExceeded) && secure.SetReadDeadline(time.Time{}) == nil
}

// roundTrip sends a request and reads the header of its response. Until the body
// ends, the connection is closed when the context of the request ends.
func (c *conn) roundTrip(r *http.Request, target string) (*http.Response, error) {
	unwatch := context.AfterFunc(r.Context(), func() { _ = c.Close() }) // reports false if it comes too late
	res, err := c.exchange(r, target)
	if err != nil {
		unwatch()
		return nil, err
	}
	res.Body = newBody(c, res, unwatch)
	return res, nil
}

func (c *conn) exchange(r *http.Request, target string) (*http.Response, error) {
	c.responding, c.limit, c.readErr = false, MaxResponseHeaderBytes, nil
	if timeout := c.transport.options.ResponseHeaderTimeout; timeout > 0 {
		_ = c.SetReadDeadline(time.Now().Add(timeout)) // fails if the connection is closed, and so does write
	}
	if err := c.write(r, target); err != nil {
		return nil, err
	}
	if _, err := c.reader.Peek(1); err != nil {
		return nil, err
	}
	c.responding = true
	res, err := c.readResponse(r)
	if err != nil {
		// If only a part of a line arrived, http.ReadResponse says that it is malformed.
		return nil, cmp.Or(c.readErr, err)
	}
	c.limit = math.MaxInt64
	_ = c.SetReadDeadline(time.Time{}) // fails if the connection is closed, and so does reading the body
	return res, nil
}

// readResponse reads the header of the final response. It skips the interim
// responses before it: RFC 9110, section 15.2.
func (c *conn) readResponse(r *http.Request) (*http.Response, error) {
	for {
		res, err := http.ReadResponse(c.reader, r)
		switch {
		case err != nil:
			return nil, err
		case res.StatusCode == http.StatusSwitchingProtocols:
			return nil, errSwitchingProtocols
		case res.StatusCode < 100 || res.StatusCode >= http.StatusOK:
			return res, nil
		}
	}
}

var errSwitchingProtocols = errors.New("http1: the server switched to a protocol that was not asked for")
