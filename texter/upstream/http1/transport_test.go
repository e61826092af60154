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
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestResponseHeaderTimeout: a request fails when the header of its response
// does not arrive in time. It is not sent again, whether its connection is new
// or was idle. The time for the body is not bounded.
func TestResponseHeaderTimeout(t *testing.T) {
	const limit = 7 * time.Second
	for name, response := range map[string]string{"no byte": "", "half a line": "HTTP/1.1 2", "half a header": "HTTP/1.1 200 OK\r\nA: b"} {
		for _, reused := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, reused is %t", name, reused), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newServerInMemory(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
						if reused && readRequest(requests) {
							_, _ = io.WriteString(c, ok("body"))
						}
						readRequest(requests)
						_, _ = io.WriteString(c, response)
						readRequest(requests) // until the client closes the connection
					})
					transport := newTransport(t, s.use, func(o *http1.Options) { o.ResponseHeaderTimeout = limit })
					if reused {
						expect(t, transport, s.url, "body")
					}
					began := time.Now()
					_, err := get(t.Context(), transport, s.url)
					if timeout, ok := errors.AsType[net.Error](err); !ok || !timeout.Timeout() || time.Since(began) != limit {
						t.Errorf("got %v after %v", err, time.Since(began))
					}
					s.expectConnections(t, 1)
				})
			})
		}
	}
	t.Run("a slow body", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServerInMemory(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
				readRequest(requests)
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
				time.Sleep(2 * limit)
				_, _ = io.WriteString(c, "body")
			})
			expect(t, newTransport(t, s.use, func(o *http1.Options) { o.ResponseHeaderTimeout = limit }), s.url, "body")
		})
	})
}

// TestTLSHandshakeTimeout: a request fails when the server says nothing, and its
// connection is closed.
func TestTLSHandshakeTimeout(t *testing.T) {
	const limit = 3 * time.Second
	synctest.Test(t, func(t *testing.T) {
		s := newServerInMemory(t, func(_ int64, _ net.Conn, requests *bufio.Reader) { _, _ = io.Copy(io.Discard, requests) })
		transport := newTransport(t, s.use, func(o *http1.Options) { o.TLSHandshakeTimeout = limit })
		began := time.Now()
		if _, err := get(t.Context(), transport, "https://upstream.example/"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != limit {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
		if got := s.open.Load(); got != 0 {
			t.Errorf("%d connections are open", got)
		}
	})
}

// TestFailedTLSHandshake: a server whose certificate is not trusted gets no
// request, and its connection is closed.
func TestFailedTLSHandshake(t *testing.T) {
	certificate := httptest.NewTLSServer(nil)
	defer certificate.Close()
	s := newServerInMemory(t, overTLS(certificate, func(_ int64, _ net.Conn, requests *bufio.Reader) {
		if readRequest(requests) {
			t.Error("a request arrived")
		}
	}))
	_, err := get(t.Context(), newTransport(t, s.use), "https://example.com")
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("got %v", err)
	}
	if got := s.open.Load(); got != 0 {
		t.Errorf("%d connections are open", got)
	}
}

// TestCanceledBefore: a request that was canceled before is not sent. It does not
// cost an idle connection.
func TestCanceledBefore(t *testing.T) {
	var arrived atomic.Int64
	s := newServer(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
		for readRequest(requests) {
			arrived.Add(1)
			_, _ = io.WriteString(c, ok("body"))
		}
	})
	transport := newTransport(t)
	expect(t, transport, s.url, "body")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := get(ctx, transport, s.url); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	expect(t, transport, s.url, "body")
	s.expectConnections(t, 1)
	if got := arrived.Load(); got != 2 {
		t.Errorf("%d requests arrived, want 2", got)
	}
}

// TestCanceled cancels a request at each point where it waits for the server.
// Its connection is not used again.
func TestCanceled(t *testing.T) {
	for name, sent := range map[string]string{
		"before the response": "", "in the header": "HTTP/1.1 200", "in the body": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody",
	} {
		for _, reused := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, reused is %t", name, reused), func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				s := newServer(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
					if reused && readRequest(requests) {
						_, _ = io.WriteString(c, ok("body"))
					}
					readRequest(requests)
					_, _ = io.WriteString(c, sent)
					cancel()
					_, _ = io.Copy(io.Discard, requests) // until the client closes the connection
				})
				transport := newTransport(t)
				if reused {
					expect(t, transport, s.url, "body")
				}
				if _, err := get(ctx, transport, s.url); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				if _, err := get(ctx, transport, s.url); !errors.Is(err, context.Canceled) {
					t.Errorf("after that: got %v", err)
				}
				s.expectConnections(t, 1)
			})
		}
	}
}

// TestFailedRequestLeavesItsContext: a request that has failed has nothing to do
// when its context ends later.
func TestFailedRequestLeavesItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServerInMemory(t, respond("SSH-2.0-OpenSSH\r\n"))
		var closes atomic.Int64
		transport := newTransport(t, countCloses(s, &closes))
		ctx, cancel := context.WithCancel(t.Context())
		if got, err := get(ctx, transport, s.url); err == nil {
			t.Errorf("got %q", got)
		}
		cancel()
		synctest.Wait()
		if got := closes.Load(); got != 1 {
			t.Errorf("the connection was closed %d times", got)
		}
	})
}

// TestTLS: a connection is used again. It speaks HTTP/1.1, although the options and
// the server offer HTTP/2.
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
	trusting := newTransport(t, trust(server), func(o *http1.Options) {
		o.TLSClientConfig = o.TLSClientConfig.Clone()
		o.TLSClientConfig.NextProtos = []string{"h2"}
	})
	for range 3 {
		expect(t, trusting, server.URL, "HTTP/1.1")
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("%d connections", got)
	}
}

// TestServerName: the server must have the name in the options, or that of the URL
// if there is none. The options stay as they are.
func TestServerName(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.TLS.ServerName) }))
	defer server.Close()
	for name, test := range map[string]struct{ option, url string }{
		"of the URL": {"", "https://example.com"}, "of the options": {"example.com", "https://other.example"},
	} {
		t.Run(name, func(t *testing.T) {
			var config *tls.Config
			transport := newTransport(t, trust(server), func(o *http1.Options) {
				config = o.TLSClientConfig.Clone()
				config.ServerName, config.NextProtos = test.option, nil
				o.TLSClientConfig = config
				o.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
					return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
				}
			})
			expect(t, transport, test.url, "example.com")
			if config.ServerName != test.option || config.NextProtos != nil {
				t.Errorf("the options became %q, %q", config.ServerName, config.NextProtos)
			}
		})
	}
}

// trust lets a transport trust the certificate of a server.
func trust(s *httptest.Server) func(*http1.Options) {
	return func(o *http1.Options) { o.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig }
}
