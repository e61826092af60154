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
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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

// TestOrigins: a connection is used again for the scheme, host and port that it
// was made for, and for no others.
func TestOrigins(t *testing.T) {
	certificate := httptest.NewTLSServer(nil)
	defer certificate.Close()
	addresses := make(chan string, 1)
	s := newServerInMemory(t, func(n int64, c net.Conn, requests *bufio.Reader) {
		address := <-addresses
		answer := respond(ok(address))
		if strings.HasSuffix(address, ":https") {
			answer = overTLS(certificate, answer)
		}
		answer(n, c, requests)
	})
	transport := newTransport(t, trust(certificate), func(o *http1.Options) {
		o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			addresses <- address
			return s.dial(ctx, network, address)
		}
	})
	origins := map[string]string{
		"http://example.com": "example.com:http", "https://example.com": "example.com:https", "http://sexample.com": "sexample.com:http",
		"http://other.example.com": "other.example.com:http", "http://example.com:8080": "example.com:8080",
	}
	for range 2 {
		for origin, address := range origins {
			expect(t, transport, origin+"/path", address)
		}
	}
	s.expectConnections(t, int64(len(origins)))
}

// TestClosedByServer: the server closes or resets its connections while they are
// idle, or when the next request arrives. The request then succeeds over a new
// connection.
func TestClosedByServer(t *testing.T) {
	for name, test := range map[string]struct{ later, reset bool }{
		"closed while idle": {}, "closed after the next request": {later: true},
		"reset while idle": {reset: true}, "reset after the next request": {later: true, reset: true},
	} {
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
				if n <= old && test.later || n > old {
					readRequest(requests)
				}
				if test.reset {
					_ = c.(*net.TCPConn).SetLinger(0)
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
			if !test.later {
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

// TestFailedWrite: a request that cannot be written is sent over a new connection.
// Bytes that arrive meanwhile are not its response.
func TestFailedWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		written := make(chan struct{})
		s := newServerInMemory(t, func(n int64, c net.Conn, requests *bufio.Reader) {
			readRequest(requests)
			_, _ = io.WriteString(c, ok(fmt.Sprint("connection ", n)))
			if n == 1 {
				<-written
				_, _ = io.WriteString(c, ok("of nobody"))
			}
		})
		transport := newTransport(t, func(o *http1.Options) {
			o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := s.dial(ctx, network, address)
				return &writesOnce{clientEnd: c.(*clientEnd), failed: written}, err
			}
		})
		expect(t, transport, s.url, "connection 1")
		expect(t, transport, s.url, "connection 2")
	})
}

// writesOnce is a connection whose second write fails.
type writesOnce struct {
	*clientEnd
	writes int
	failed chan struct{}
}

func (c *writesOnce) Write(p []byte) (int, error) {
	if c.writes++; c.writes > 1 {
		close(c.failed)
		return 0, syscall.EPIPE
	}
	return c.clientEnd.Write(p)
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
					_, _ = io.WriteString(c, "H")
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

// TestConcurrentRequests: many callers send requests at once, and some of them
// cancel theirs. Each response must be the one to its request.
func TestConcurrentRequests(t *testing.T) {
	const callers, requests = 32, 100
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := strings.Repeat(r.URL.RawQuery+" ", 1000)
		if len(r.URL.RawQuery)%2 == 0 { // the others are chunked
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		fmt.Fprint(w, body)
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
