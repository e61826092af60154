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
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestResponses gets each response twice, over one connection if the response
// lets it stay open.
func TestResponses(t *testing.T) {
	for name, test := range map[string]struct {
		response, body string
		connections    int64
	}{
		"a length":              {ok("body"), "body", 1},
		"no body":               {"HTTP/1.1 204 No Content\r\n\r\n", "", 1},
		"not modified":          {"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", "", 1},
		"an empty body":         {ok(""), "", 1},
		"chunks":                {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\nA: trailer\r\n\r\n", "body", 1},
		"interim responses":     {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("body"), "body", 1},
		"Connection: close":     {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"HTTP/1.0":              {"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"a status below 100":    {"HTTP/1.1 099 Low\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"a second response":     {ok("body") + ok("of nobody"), "body", 2},
		"a byte after the body": {ok("body") + "x", "body", 2},
	} {
		t.Run(name, func(t *testing.T) {
			s, transport := newServer(t, respond(test.response)), newTransport(t)
			expect(t, transport, s.url, test.body)
			expect(t, transport, s.url, test.body)
			s.expectConnections(t, test.connections)
		})
	}
}

// TestBodyUntilClose reads a body that ends when the server closes the
// connection.
func TestBodyUntilClose(t *testing.T) {
	s := newServer(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
		readRequest(requests)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\nbody")
	})
	transport := newTransport(t)
	expect(t, transport, s.url, "body")
	expect(t, transport, s.url, "body")
}

// TestMalformedResponses: the request fails, and the next one gets another
// connection.
func TestMalformedResponses(t *testing.T) {
	for name, response := range map[string]string{
		"a short body":              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody",
		"a malformed chunk":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
		"half a header":             "HTTP/1.1 200 OK\r\nContent-",
		"not HTTP":                  "SSH-2.0-OpenSSH\r\n",
		"another protocol":          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
		"two lengths":               "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
		"a long header":             "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 1<<20),
		"endless interim responses": strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 1<<15),
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(n int64, c net.Conn, requests *bufio.Reader) {
				if readRequest(requests); n == 1 {
					_, _ = io.WriteString(c, response)
				} else {
					_, _ = io.WriteString(c, ok("next"))
				}
			})
			transport := newTransport(t)
			if got, err := get(t.Context(), transport, s.url); err == nil {
				t.Errorf("got %q", got)
			}
			expect(t, transport, s.url, "next")
		})
	}
}

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

// TestConnectTimeout bounds the making of a connection.
func TestConnectTimeout(t *testing.T) {
	const limit = 3 * time.Second
	dials := map[string]func(context.Context, string, string) (net.Conn, error){
		"TCP": func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"TLS": func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, server) }() // a server that says nothing
			return client, nil
		},
	}
	for name, dial := range dials {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := newTransport(t, func(o *http1.Options) { o.DialContext, o.ConnectTimeout = dial, limit })
				began := time.Now()
				if _, err := get(t.Context(), transport, "https://upstream.example/"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != limit {
					t.Errorf("got %v after %v", err, time.Since(began))
				}
			})
		})
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

// TestTLS: a connection is used again. It speaks HTTP/1.1 where the server also
// offers HTTP/2.
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
	trusting := newTransport(t, trust(server))
	for range 3 {
		expect(t, trusting, server.URL, "HTTP/1.1")
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("%d connections", got)
	}
	_, err := get(t.Context(), newTransport(t), server.URL)
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("got %v from a server with an untrusted certificate", err)
	}
}

// trust lets a transport trust the certificate of a server.
func trust(s *httptest.Server) func(*http1.Options) {
	return func(o *http1.Options) { o.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig }
}

// TestUnsupported: the transport refuses requests that it cannot send.
func TestUnsupported(t *testing.T) {
	const url = "http://upstream.example/"
	for name, r := range map[string]*http.Request{
		"POST":                httptest.NewRequest(http.MethodPost, url, http.NoBody),
		"HEAD":                httptest.NewRequest(http.MethodHead, url, http.NoBody),
		"GET with a body":     httptest.NewRequest(http.MethodGet, url, strings.NewReader("body")),
		"FTP":                 httptest.NewRequest(http.MethodGet, "ftp://upstream.example/", http.NoBody),
		"a host not in ASCII": httptest.NewRequest(http.MethodGet, "http://מעלה.example/", http.NoBody),
	} {
		t.Run(name, func(t *testing.T) {
			res, err := newTransport(t).RoundTrip(r)
			if err == nil {
				_ = res.Body.Close()
			}
			if err == nil || http1.Supports(r) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestInvalidCharacters: no part of a request can end its line or add another
// one. Such a request is not sent, and costs no connection.
func TestInvalidCharacters(t *testing.T) {
	s, transport := newServer(t, respond(ok("body"))), newTransport(t)
	expect(t, transport, s.url, "body")
	for name, change := range map[string]func(*http.Request){
		"a request in the query":         func(r *http.Request) { r.URL.RawQuery = "a=b HTTP/1.1\r\nHost: other\r\n\r\nGET /" },
		"DEL in the query":               func(r *http.Request) { r.URL.RawQuery = "a\x7f" },
		"a tab in the query":             func(r *http.Request) { r.URL.RawQuery = "a\tb" },
		"a space in an opaque URL":       func(r *http.Request) { r.URL.Opaque = "//host/a b" },
		"a line feed in the host":        func(r *http.Request) { r.Host = "host\nX: y" },
		"a space in the host":            func(r *http.Request) { r.Host = "host name" },
		"a space in the host of the URL": func(r *http.Request) { r.URL.Host = "host name" },
		"a line feed in a value":         func(r *http.Request) { r.Header["X"] = []string{"fine", "a\r\nY: b"} },
		"a line feed in a name":          func(r *http.Request) { r.Header["X\n"] = []string{"a"} },
		"a field in a name":              func(r *http.Request) { r.Header["X: Y"] = []string{"a"} },
		"a colon in a name":              func(r *http.Request) { r.Header["X:Y"] = []string{"a"} },
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, s.url+"/path", http.NoBody)
			change(r)
			res, err := transport.RoundTrip(r)
			if err == nil {
				_ = res.Body.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "not allowed") {
				t.Errorf("got %v", err)
			}
		})
	}
	expect(t, transport, s.url, "body")
	s.expectConnections(t, 1)
}
