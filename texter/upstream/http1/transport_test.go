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
	"sync/atomic"
	"testing"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestAnswers reads the same answer twice, over as many connections as it leaves.
func TestAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer, body string
		connections  int64
	}{
		"a length":          {ok("body"), "body", 1},
		"no body":           {"HTTP/1.1 204 No Content\r\n\r\n", "", 1},
		"not modified":      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", "", 1},
		"an empty body":     {ok(""), "", 1},
		"chunks":            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\nA: trailer\r\n\r\n", "body", 1},
		"interim answers":   {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("body"), "body", 1},
		"Connection: close": {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"HTTP/1.0":          {"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"more than asked":   {ok("body") + ok("of another"), "body", 2},
		"a byte too many":   {ok("body") + "x", "body", 2},
	} {
		t.Run(name, func(t *testing.T) {
			w, transport := newWire(t, answers(test.answer)), newTransport(t)
			expect(t, transport, w.url, test.body)
			expect(t, transport, w.url, test.body)
			if got := w.connections.Load(); got != test.connections {
				t.Errorf("%d connections, want %d", got, test.connections)
			}
		})
	}
}

// TestUntilClosed reads a body that ends with its connection.
func TestUntilClosed(t *testing.T) {
	w := newWire(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
		request(requests)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\nbody")
	})
	transport := newTransport(t)
	expect(t, transport, w.url, "body")
	expect(t, transport, w.url, "body")
}

// TestBrokenAnswers are errors, and the end of their connection.
func TestBrokenAnswers(t *testing.T) {
	for name, answer := range map[string]string{
		"short":             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody",
		"a broken chunk":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
		"half a head":       "HTTP/1.1 200 OK\r\nContent-",
		"no HTTP":           "SSH-2.0-OpenSSH\r\n",
		"another protocol":  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
		"two lengths":       "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
		"a long head":       "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 1<<20),
		"interim, for ever": strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 1<<15),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, func(n int64, c net.Conn, requests *bufio.Reader) {
				if request(requests); n == 1 {
					_, _ = io.WriteString(c, answer)
				} else {
					_, _ = io.WriteString(c, ok("next"))
				}
			})
			transport := newTransport(t)
			if got, err := get(t.Context(), transport, w.url); err == nil {
				t.Errorf("got %q", got)
			}
			expect(t, transport, w.url, "next")
		})
	}
}

// TestHeadTimeout gives up on an answer that does not begin, also over a
// connection that was used before.
func TestHeadTimeout(t *testing.T) {
	done := make(chan struct{})
	w := newWire(t, func(n int64, c net.Conn, requests *bufio.Reader) {
		if request(requests) && n == 1 {
			_, _ = io.WriteString(c, ok("body"))
			request(requests)
		}
		<-done
	})
	defer close(done)
	transport := newTransport(t, func(o *http1.Options) { o.HeadTimeout = 100 * time.Millisecond })
	expect(t, transport, w.url, "body")
	for connections := range int64(2) {
		_, err := get(t.Context(), transport, w.url)
		if timeout, ok := errors.AsType[net.Error](err); !ok || !timeout.Timeout() || w.connections.Load() != 1+connections {
			t.Errorf("got %v after %d connections", err, w.connections.Load())
		}
	}
}

// TestSlowBody comes long after its head, whose time limit is not its own.
func TestSlowBody(t *testing.T) {
	const limit = 200 * time.Millisecond
	w := newWire(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
		request(requests)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
		time.Sleep(2 * limit)
		_, _ = io.WriteString(c, "body")
	})
	expect(t, newTransport(t, func(o *http1.Options) { o.HeadTimeout = limit }), w.url, "body")
}

// TestCanceled ends requests in all that they can wait for.
func TestCanceled(t *testing.T) {
	for name, head := range map[string]string{"before the answer": "", "in the head": "HTTP/1.1 200", "in the body": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody"} {
		for _, reused := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", reused: ", reused), func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				w := newWire(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
					if reused && request(requests) {
						_, _ = io.WriteString(c, ok("body"))
					}
					request(requests)
					_, _ = io.WriteString(c, head)
					cancel()
					_, _ = io.Copy(io.Discard, requests) // until the client closes it
				})
				transport := newTransport(t)
				if reused {
					expect(t, transport, w.url, "body")
				}
				if _, err := get(ctx, transport, w.url); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				if _, err := get(ctx, transport, w.url); !errors.Is(err, context.Canceled) || w.connections.Load() != 1 {
					t.Errorf("then got %v, after %d connections", err, w.connections.Load())
				}
			})
		}
	}
}

// TestTLS keeps a connection by HTTP/1.1, also where there is HTTP/2.
func TestTLS(t *testing.T) {
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	trusting := newTransport(t, func(o *http1.Options) {
		o.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
	})
	for range 3 {
		expect(t, trusting, server.URL, "HTTP/1.1")
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("%d connections", got)
	}
	_, err := get(t.Context(), newTransport(t), server.URL)
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("got %v of a server that nobody vouches for", err)
	}
}

// TestNotTaken are requests that the package does not send.
func TestNotTaken(t *testing.T) {
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodPost, "http://upstream.example/", http.NoBody), httptest.NewRequest(http.MethodHead, "http://upstream.example/", http.NoBody),
		httptest.NewRequest(http.MethodGet, "http://upstream.example/", strings.NewReader("body")), httptest.NewRequest(http.MethodGet, "ftp://upstream.example/", http.NoBody),
		httptest.NewRequest(http.MethodGet, "http://מעלה.example/", http.NoBody),
	} {
		res, err := newTransport(t).RoundTrip(r)
		if err == nil {
			_ = res.Body.Close()
		}
		if err == nil || http1.Takes(r) {
			t.Errorf("%s %s: got %v", r.Method, r.URL, err)
		}
	}
}

// TestBrokenLine: nothing of a request ends its line, or begins another. It costs
// no connection.
func TestBrokenLine(t *testing.T) {
	w, transport := newWire(t, answers(ok("body"))), newTransport(t)
	expect(t, transport, w.url, "body")
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.URL.RawQuery = "a=b HTTP/1.1\r\nHost: other\r\n\r\nGET /" },
		func(r *http.Request) { r.URL.RawQuery = "a\x7f" },
		func(r *http.Request) { r.URL.RawQuery = "a\tb" },
		func(r *http.Request) { r.URL.Opaque = "//host/a b" },
		func(r *http.Request) { r.Host = "host\nX: y" },
		func(r *http.Request) { r.Host = "host name" },
		func(r *http.Request) { r.Header["X"] = []string{"fine", "a\r\nY: b"} },
		func(r *http.Request) { r.Header["X\n"] = []string{"a"} },
		func(r *http.Request) { r.Header["X: Y"] = []string{"a"} },
		func(r *http.Request) { r.Header["X:Y"] = []string{"a"} },
	} {
		r := httptest.NewRequest(http.MethodGet, w.url+"/path", http.NoBody)
		change(r)
		res, err := transport.RoundTrip(r)
		if err == nil {
			_ = res.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "break its line") {
			t.Errorf("%q of %q with %q: got %v", r.URL, r.Host, r.Header, err)
		}
	}
	expect(t, transport, w.url, "body")
	if got := w.connections.Load(); got != 1 {
		t.Errorf("%d connections", got)
	}
}
