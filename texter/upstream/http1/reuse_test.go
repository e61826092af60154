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

	"texter-graphql/texter/upstream/http1"
)

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
