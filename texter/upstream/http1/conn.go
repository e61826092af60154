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
	"slices"
	"strings"
	"syscall"
	"time"
)

// maxHead bounds the head of an answer, in bytes, with those of interim ones.
const maxHead = 256 << 10

var errLongHead = errors.New("http1: the head of the answer is too long")

// conn is a connection to an origin, for one request at a time.
type conn struct {
	net.Conn
	t      *Transport
	origin string
	raw    syscall.RawConn // what is under TLS; nil if that is not known
	reader *bufio.Reader
	writer *bufio.Writer
	left   int64 // how many bytes may still be read

	answering bool // whether anything of an answer has come
	idleSince time.Time
}

func newConn(t *Transport, origin string, c, raw net.Conn) *conn {
	made := &conn{Conn: c, t: t, origin: origin, writer: bufio.NewWriter(c)}
	if system, ok := raw.(syscall.Conn); ok {
		made.raw, _ = system.SyscallConn() // nil with an error
	}
	made.reader = bufio.NewReader(made)
	return made
}

// Read implements io.Reader, within what is left.
func (c *conn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errLongHead
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// isQuiet reports whether nothing has come since the last answer: what comes
// unasked is no answer to the next request.
func (c *conn) isQuiet() bool {
	return c.reader.Buffered() == 0 && c.nothingDecrypted() && c.nothingWaits()
}

// nothingDecrypted reports whether TLS has nothing left of what it has read
// already: with a deadline that is over, it reads no more.
func (c *conn) nothingDecrypted() bool {
	secure, ok := c.Conn.(*tls.Conn)
	if !ok {
		return true
	}
	if err := secure.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return false
	}
	_, err := secure.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded) && secure.SetReadDeadline(time.Time{}) == nil
}

// roundTrip sends a request and reads the head of its answer. When the request's
// context ends, it closes the connection.
func (c *conn) roundTrip(r *http.Request, target string) (*http.Response, error) {
	ctx := r.Context()
	alive := func() bool { return true }
	if ctx.Done() != nil {
		alive = context.AfterFunc(ctx, func() { _ = c.Close() })
	}
	res, err := c.exchange(r, target)
	if err != nil {
		alive()
		return nil, err
	}
	res.Body = newBody(c, res, alive)
	return res, nil
}

// exchange sends a request and reads the head of its answer.
func (c *conn) exchange(r *http.Request, target string) (*http.Response, error) {
	c.answering, c.left = false, maxHead
	if timeout := c.t.options.HeadTimeout; timeout > 0 {
		if err := c.SetReadDeadline(time.Now().Add(timeout)); err != nil {
			return nil, err
		}
	}
	if err := c.write(r, target); err != nil {
		return nil, err
	}
	if _, err := c.reader.Peek(1); err != nil {
		return nil, err
	}
	c.answering = true
	res, err := c.readHead(r)
	if err != nil {
		return nil, err
	}
	c.left = math.MaxInt64
	return res, c.SetReadDeadline(time.Time{})
}

// write writes the request: RFC 9112, section 3. http.Request.Write takes several
// times as long, for it knows all other requests too.
func (c *conn) write(r *http.Request, target string) error {
	c.writeLine("GET ", target, " HTTP/1.1")
	c.writeLine("Host: ", cmp.Or(r.Host, r.URL.Host))
	for name, values := range r.Header {
		for _, value := range values {
			c.writeLine(name, ": ", value)
		}
	}
	c.writeLine()
	return c.writer.Flush()
}

func (c *conn) writeLine(parts ...string) {
	for _, part := range parts {
		_, _ = c.writer.WriteString(part) // whose error Flush returns
	}
	_, _ = c.writer.WriteString("\r\n")
}

var errBroken = errors.New("http1: the URL or a header has a character that would break its line")

// breaksLines reports whether a request is not to be written therefore.
func breaksLines(r *http.Request, target string) bool {
	if breaks(target, '!') || breaks(r.URL.Host, '!') || breaks(r.Host, '!') {
		return true
	}
	for name, values := range r.Header {
		if breaks(name, '!') || strings.Contains(name, ":") || slices.ContainsFunc(values, func(value string) bool { return breaks(value, ' ') }) {
			return true
		}
	}
	return false
}

// breaks reports whether a text has a character below the least that is allowed,
// or a control character above.
func breaks(text string, least byte) bool {
	for _, c := range []byte(text) {
		if c < least || c == 0x7f {
			return true
		}
	}
	return false
}

// readHead reads the head of the answer, past interim ones: RFC 9110, section
// 15.2.
func (c *conn) readHead(r *http.Request) (*http.Response, error) {
	for {
		res, err := http.ReadResponse(c.reader, r)
		switch {
		case err != nil:
			return nil, err
		case res.StatusCode == http.StatusSwitchingProtocols:
			return nil, fmt.Errorf("http1: status %d was not asked for", res.StatusCode)
		case res.StatusCode >= http.StatusOK:
			return res, nil
		}
	}
}
