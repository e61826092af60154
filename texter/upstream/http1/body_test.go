package http1_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestClosedBody: the caller closes a body that it has not read, or has read in
// part. The connection is used again only if the rest of the body has arrived.
// Otherwise the next request would get it as its response.
func TestClosedBody(t *testing.T) {
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, test := range map[string]struct {
		response    string
		missing     int   // bytes that the server sends after the body is closed
		read        int64 // bytes that the caller reads before it closes the body
		connections int64
	}{
		"all has arrived, unread":       {ok("body"), 0, 0, 1},
		"all has arrived, read in part": {ok("body"), 0, 1, 1},
		"a byte is missing":             {ok("body"), 1, 0, 2},
		"a byte is missing after three": {ok("body"), 1, 3, 2},
		"a response is missing":         {ok(ok("of nobody")), len(ok("of nobody")), 0, 2},
		"an empty body":                 {ok(""), 0, 0, 1},
		"longer than the buffer":        {ok(strings.Repeat("body ", 2000)), 0, 0, 2},
		"the length is unknown":         {chunked + "4\r\nbody\r\n0\r\n\r\n", 0, 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServerInMemory(t, func(n int64, c net.Conn, requests *bufio.Reader) {
					if readRequest(requests); n == 1 {
						now := len(test.response) - test.missing
						_, _ = io.WriteString(c, test.response[:now])
						time.Sleep(time.Second)
						_, _ = io.WriteString(c, test.response[now:])
						readRequest(requests)
					}
					_, _ = io.WriteString(c, ok("next"))
				})
				transport := newTransport(t, s.use)
				res, err := transport.RoundTrip(httptest.NewRequestWithContext(t.Context(), http.MethodGet, s.url, http.NoBody))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.CopyN(io.Discard, res.Body, test.read); err != nil {
					t.Error(err)
				}
				_ = res.Body.Close()
				_ = res.Body.Close()
				if n, err := res.Body.Read(make([]byte, 9)); n != 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
					t.Errorf("a closed body gives %d bytes, %v", n, err)
				}
				time.Sleep(2 * time.Second)
				expect(t, transport, s.url, "next")
				s.expectConnections(t, test.connections)
			})
		})
	}
}

// TestCanceledAtTheEnd cancels a request while its body is read to the end. The
// connection is being closed then, so the next request gets another one.
func TestCanceledAtTheEnd(t *testing.T) {
	s := newServer(t, respond(ok("body")))
	closing, closed := make(chan struct{}), make(chan struct{})
	var closes atomic.Int64
	transport := newTransport(t, func(o *http1.Options) {
		o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			return slowlyClosed{c.(*net.TCPConn), func() {
				if closes.Add(1) == 1 {
					close(closing)
					<-closed
				}
			}}, err
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	res, err := transport.RoundTrip(httptest.NewRequestWithContext(ctx, http.MethodGet, s.url, http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-closing
	if body, err := io.ReadAll(res.Body); string(body) != "body" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	expect(t, transport, s.url, "body")
	close(closed)
	s.expectConnections(t, 2)
}

// slowlyClosed is a connection that calls a function before it closes.
type slowlyClosed struct {
	*net.TCPConn
	before func()
}

func (c slowlyClosed) Close() error {
	c.before()
	return c.TCPConn.Close()
}
