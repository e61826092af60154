package http1_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestUnsolicitedResponse: a response that arrives while its connection is idle
// is for nobody. The next request gets another connection.
func TestUnsolicitedResponse(t *testing.T) {
	send, sent := make(chan struct{}), make(chan struct{})
	s := newServer(t, func(n int64, c net.Conn, requests *bufio.Reader) {
		for readRequest(requests) {
			_, _ = io.WriteString(c, ok(fmt.Sprint("connection ", n)))
			if n == 1 {
				<-send
				_, _ = io.WriteString(c, ok("of nobody"))
				close(sent)
				readRequest(requests)
				return
			}
		}
	})
	transport := newTransport(t)
	expect(t, transport, s.url, "connection 1")
	close(send)
	<-sent
	expect(t, transport, s.url, "connection 2")
}

// TestUnsolicitedResponseInTLS: the same for a response that is in one TLS
// record with the response before it.
func TestUnsolicitedResponseInTLS(t *testing.T) {
	long := strings.Repeat("long ", 2000)
	var requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) > 1 {
			fmt.Fprint(w, "next")
			return
		}
		c, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, ok(long)+ok("of nobody"))
		readRequest(buffer.Reader) // until the connection ends
	}))
	server.TLS = &tls.Config{DynamicRecordSizingDisabled: true}
	server.StartTLS()
	defer server.Close()
	transport := newTransport(t, trust(server))
	res, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, server.URL, http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, 2*len(long)) // larger than the buffers, so that none of them reads ahead
	n, err := io.ReadFull(res.Body, body)
	if string(body[:n]) != long || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %d bytes, %v", n, err)
	}
	expect(t, transport, server.URL, "next")
}

// TestClosedByServer: the server closes its connections while they are idle, or
// when the next request arrives. The request then succeeds over a new one.
func TestClosedByServer(t *testing.T) {
	for name, later := range map[string]bool{"while idle": false, "after the next request": true} {
		t.Run(name, func(t *testing.T) {
			const old = 5
			var arrived sync.WaitGroup
			arrived.Add(old)
			closed := make(chan struct{}, old+1)
			s := newServer(t, func(n int64, c net.Conn, requests *bufio.Reader) {
				readRequest(requests)
				if n <= old {
					arrived.Done()
					arrived.Wait() // so that each request has its own connection
				}
				_, _ = io.WriteString(c, ok("body"))
				if n <= old && later || n > old {
					readRequest(requests)
				}
				_ = c.Close()
				closed <- struct{}{}
			})
			transport := newTransport(t)
			var all sync.WaitGroup
			for range old {
				all.Go(func() { expect(t, transport, s.url, "body") })
			}
			all.Wait()
			if !later {
				for range old {
					<-closed
				}
			}
			expect(t, transport, s.url, "body")
			s.expectConnections(t, old+1)
			transport.CloseIdleConnections()
		})
	}
}

// TestNotSentAgain: a request fails if its connection breaks after the response
// has begun, or if the connection is new.
func TestNotSentAgain(t *testing.T) {
	for name, first := range map[string]string{"the response has begun": ok("body"), "the connection is new": ""} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
				if first != "" && readRequest(requests) {
					_, _ = io.WriteString(c, first)
				}
				if readRequest(requests); first != "" {
					_, _ = io.WriteString(c, "HTTP/1.1 2")
				}
			})
			transport := newTransport(t)
			if first != "" {
				expect(t, transport, s.url, "body")
			}
			if got, err := get(t.Context(), transport, s.url); err == nil {
				t.Errorf("got %q", got)
			}
			s.expectConnections(t, 1)
		})
	}
}

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
				if n, err := res.Body.Read(make([]byte, 9)); n > 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
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

// TestConcurrentRequests: many callers send requests at once, and some of them
// cancel theirs. Each response must be the one to its request.
func TestConcurrentRequests(t *testing.T) {
	const callers, requests = 32, 100
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Repeat(r.URL.RawQuery+" ", 1000))
	}))
	defer server.Close()
	transport := newTransport(t)
	var succeeded atomic.Int64
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for i := range requests {
				ctx, cancel := context.WithCancel(t.Context())
				if i%3 == 1 {
					time.AfterFunc(time.Duration(i)*10*time.Microsecond, cancel)
				}
				query := fmt.Sprintf("%d-%d", caller, i)
				got, err := get(ctx, transport, server.URL+"/?"+query)
				switch cancel(); {
				case err == nil && got == strings.Repeat(query+" ", 1000):
					succeeded.Add(1)
				case err == nil, !errors.Is(err, context.Canceled):
					t.Errorf("%s: got %.20q, %v", query, got, err)
				}
			}
		})
	}
	all.Wait()
	if succeeded.Load() < callers*requests/2 {
		t.Errorf("%d requests succeeded", succeeded.Load())
	}
}
