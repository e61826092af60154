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
	"time"

	"texter-graphql/upstream/http1"
)

// wire is a server that answers requests on its connections by hand.
type wire struct {
	url         string
	connections atomic.Int64
}

// newWire has serve serve each connection, the first of which is 1.
func newWire(t *testing.T, serve func(n int64, c net.Conn, requests *bufio.Reader)) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{url: "http://" + listener.Addr().String()}
	var serving sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			n := w.connections.Add(1)
			serving.Go(func() {
				defer c.Close()
				serve(n, c, bufio.NewReader(c))
			})
		}
	})
	return w
}

// answers has each request of a connection be answered by the same bytes.
func answers(text string) func(int64, net.Conn, *bufio.Reader) {
	return func(_ int64, c net.Conn, requests *bufio.Reader) {
		for request(requests) {
			_, _ = io.WriteString(c, text)
		}
	}
}

// request reads a request and reports whether one came.
func request(r *bufio.Reader) bool {
	_, err := http.ReadRequest(r)
	return err == nil
}

// ok is an answer with this body.
func ok(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func newTransport(t *testing.T, change ...func(*http1.Options)) *http1.Transport {
	t.Helper()
	options := http1.Options{MaxIdle: 10}
	for _, f := range change {
		f(&options)
	}
	transport := http1.New(options)
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// get sends a request and reads its answer.
func get(ctx context.Context, transport *http1.Transport, url string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

// expect fails unless the answer is this one.
func expect(t *testing.T, transport *http1.Transport, url, want string) {
	t.Helper()
	if got, err := get(t.Context(), transport, url); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

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

// TestUnaskedAnswer comes while a connection is idle, and answers nothing.
func TestUnaskedAnswer(t *testing.T) {
	send, sent := make(chan struct{}), make(chan struct{})
	w := newWire(t, func(n int64, c net.Conn, requests *bufio.Reader) {
		for request(requests) {
			_, _ = io.WriteString(c, ok(fmt.Sprint("connection ", n)))
			if n == 1 {
				<-send
				_, _ = io.WriteString(c, ok("of another"))
				close(sent)
				request(requests)
				return
			}
		}
	})
	transport := newTransport(t)
	expect(t, transport, w.url, "connection 1")
	close(send)
	<-sent
	expect(t, transport, w.url, "connection 2")
}

// TestStaleConnections were closed by the server while nobody used them, or as
// soon as it was asked again.
func TestStaleConnections(t *testing.T) {
	for name, again := range map[string]bool{"while idle": false, "when asked": true} {
		t.Run(name, func(t *testing.T) {
			const old = 5
			var asked sync.WaitGroup
			asked.Add(old)
			closed := make(chan struct{}, old+1)
			w := newWire(t, func(n int64, c net.Conn, requests *bufio.Reader) {
				request(requests)
				if n <= old {
					asked.Done()
					asked.Wait() // so that each has a connection of its own
				}
				_, _ = io.WriteString(c, ok("body"))
				if n <= old && again || n > old {
					request(requests)
				}
				_ = c.Close()
				closed <- struct{}{}
			})
			transport := newTransport(t)
			var all sync.WaitGroup
			for range old {
				all.Go(func() { expect(t, transport, w.url, "body") })
			}
			all.Wait()
			if !again {
				for range old {
					<-closed
				}
			}
			expect(t, transport, w.url, "body")
			if got := w.connections.Load(); got != old+1 {
				t.Errorf("%d connections, want %d", got, old+1)
			}
			transport.CloseIdleConnections()
		})
	}
}

// TestNotSentAgain: a request fails whose answer had begun, or whose connection
// was new.
func TestNotSentAgain(t *testing.T) {
	for name, first := range map[string]string{"begun": ok("body"), "new": ""} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
				if first != "" && request(requests) {
					_, _ = io.WriteString(c, first)
				}
				if request(requests); first != "" {
					_, _ = io.WriteString(c, "HTTP/1.1 2")
				}
			})
			transport := newTransport(t)
			if first != "" {
				expect(t, transport, w.url, "body")
			}
			if got, err := get(t.Context(), transport, w.url); err == nil {
				t.Errorf("got %q", got)
			}
			if got := w.connections.Load(); got != 1 {
				t.Errorf("%d connections", got)
			}
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

// TestClosedEarly: a body that is not read to its end is the end of its
// connection, unless it is here already, and of itself.
func TestClosedEarly(t *testing.T) {
	for name, test := range map[string]struct {
		answer      string
		connections int64
	}{
		"short":          {ok("body"), 1},
		"long":           {ok(strings.Repeat("body ", 2000)), 2},
		"unknown length": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			w, transport := newWire(t, answers(test.answer)), newTransport(t)
			for range 2 {
				res, err := transport.RoundTrip(httptest.NewRequestWithContext(t.Context(), http.MethodGet, w.url, http.NoBody))
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				_ = res.Body.Close()
				if n, err := res.Body.Read(make([]byte, 9)); n > 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
					t.Errorf("read %d, %v", n, err)
				}
			}
			if got := w.connections.Load(); got != test.connections {
				t.Errorf("%d connections, want %d", got, test.connections)
			}
		})
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

// TestUnaskedAnswerInTLS comes in one record with the answer before it, and
// answers nothing.
func TestUnaskedAnswerInTLS(t *testing.T) {
	long := strings.Repeat("long ", 2000)
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if connections.Add(1) > 1 {
			fmt.Fprint(w, "next")
			return
		}
		c, requests, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, ok(long)+ok("of another"))
		request(requests.Reader) // until the connection ends
	}))
	server.TLS = &tls.Config{DynamicRecordSizingDisabled: true}
	server.StartTLS()
	defer server.Close()
	transport := newTransport(t, func(o *http1.Options) {
		o.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
	})
	res, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, server.URL, http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, 2*len(long)) // so that no buffer has what follows
	n, err := io.ReadFull(res.Body, body)
	if string(body[:n]) != long || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %d bytes, %v", n, err)
	}
	expect(t, transport, server.URL, "next")
}

// TestOrigins: connections to one are not used for another, and no more are kept
// than asked for.
func TestOrigins(t *testing.T) {
	first, second := newWire(t, answers(ok("first"))), newWire(t, answers(ok("second")))
	for kept, connections := range map[int]int64{0: 3, 1: 3, 2: 1} {
		before := first.connections.Load()
		transport := newTransport(t, func(o *http1.Options) { o.MaxIdle = kept })
		for range 3 {
			expect(t, transport, first.url, "first")
			expect(t, transport, second.url, "second")
		}
		if got := first.connections.Load() - before; got != connections {
			t.Errorf("%d kept: %d connections, want %d", kept, got, connections)
		}
	}
}

// expectEnd waits until a connection has ended, which must be this one.
func expectEnd(t *testing.T, ended <-chan int64, want int64) {
	t.Helper()
	select {
	case n := <-ended:
		if n != want {
			t.Errorf("connection %d has ended, want %d", n, want)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("connection %d has not ended", want)
	}
}

// TestIdleTimeout: a connection that nobody used for longer is not used again,
// and is closed when another one is kept.
func TestIdleTimeout(t *testing.T) {
	const timeout = 10 * time.Millisecond
	ended := make(chan int64, 3)
	w := newWire(t, func(n int64, c net.Conn, requests *bufio.Reader) {
		for request(requests) {
			_, _ = io.WriteString(c, ok(fmt.Sprint(n)))
		}
		ended <- n
	})
	other := newWire(t, answers(ok("other")))
	transport := newTransport(t, func(o *http1.Options) { o.IdleTimeout = timeout })
	expect(t, transport, w.url, "1")
	time.Sleep(2 * timeout) // which nothing else could tell the end of
	expect(t, transport, w.url, "2")
	expectEnd(t, ended, 1)
	time.Sleep(2 * timeout)
	expect(t, transport, other.url, "other")
	expectEnd(t, ended, 2)
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

// TestEachItsOwn has many callers at once, some of whom leave midway. Each answer
// must be to the request that it is taken for.
func TestEachItsOwn(t *testing.T) {
	const callers, requests = 32, 100
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Repeat(r.URL.RawQuery+" ", 1000))
	}))
	defer server.Close()
	transport := newTransport(t)
	var answered atomic.Int64
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
					answered.Add(1)
				case err == nil, !errors.Is(err, context.Canceled):
					t.Errorf("%s: got %.20q, %v", query, got, err)
				}
			}
		})
	}
	all.Wait()
	if answered.Load() < callers*requests/2 {
		t.Errorf("%d are answered", answered.Load())
	}
}
