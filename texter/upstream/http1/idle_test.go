package http1_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"texter-graphql/texter/upstream/http1"
)

// TestMaxIdleConns: connections to one origin are not used for another, and no
// more are kept than the options say. The one that has been idle for longest is
// closed first.
func TestMaxIdleConns(t *testing.T) {
	for most, want := range map[int]struct{ connections, firstOpen, secondOpen int64 }{0: {3, 0, 0}, 1: {3, 0, 1}, 2: {1, 1, 1}} {
		t.Run(fmt.Sprint(most), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first, second := newServerInMemory(t, respond(ok("first"))), newServerInMemory(t, respond(ok("second")))
				transport := newTransport(t, func(o *http1.Options) {
					o.MaxIdleConns = most
					o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
						if address == "second.example:80" {
							return second.dial(ctx, network, address)
						}
						return first.dial(ctx, network, address)
					}
				})
				for range 3 {
					expect(t, transport, first.url, "first")
					expect(t, transport, "http://second.example:80", "second")
				}
				first.expectConnections(t, want.connections)
				second.expectConnections(t, want.connections)
				if a, b := first.open.Load(), second.open.Load(); a != want.firstOpen || b != want.secondOpen {
					t.Errorf("%d and %d connections are open, want %d and %d", a, b, want.firstOpen, want.secondOpen)
				}
			})
		})
	}
}

// TestIdleConnTimeout: a connection is used again until it has been idle for the
// timeout, and is closed soon after, without another request.
func TestIdleConnTimeout(t *testing.T) {
	const timeout = 90 * time.Second
	for name, test := range map[string]struct {
		timeout, idle     time.Duration
		open, connections int64
	}{
		"it is kept until the timeout":      {timeout, timeout, 1, 1},
		"it is closed after the timeout":    {timeout, timeout + 10*time.Second, 0, 2},
		"it is not used after the timeout":  {timeout, timeout + 1, 1, 2},
		"a timeout of less than 10 seconds": {time.Second, 3 * time.Second, 0, 2},
		"without a timeout it is kept":      {0, 24 * time.Hour, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServerInMemory(t, respond(ok("body")))
				transport := newTransport(t, s.use, func(o *http1.Options) { o.IdleConnTimeout = test.timeout })
				expect(t, transport, s.url, "body")
				time.Sleep(test.idle)
				synctest.Wait()
				if got := s.open.Load(); got != test.open {
					t.Errorf("%d connections are open, want %d", got, test.open)
				}
				expect(t, transport, s.url, "body")
				s.expectConnections(t, test.connections)
			})
		})
	}
}

// TestClosedWithoutTraffic: the client closes a connection that the server has
// closed, while there are no requests. The others stay open.
func TestClosedWithoutTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServerInMemory(t, func(n int64, c net.Conn, requests *bufio.Reader) {
			for range 2 {
				readRequest(requests)
				time.Sleep(time.Second) // so that each request of the first ones has its own connection
				_, _ = io.WriteString(c, ok("body"))
				if n == 2 {
					return
				}
			}
			readRequest(requests)
		})
		transport := newTransport(t, s.use)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { expect(t, transport, s.url, "body") })
		}
		all.Wait()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := s.open.Load(); got != 2 {
			t.Errorf("%d connections are open, want 2", got)
		}
		time.Sleep(time.Hour)
		if got := s.open.Load(); got != 2 {
			t.Errorf("later, %d connections are open, want 2", got)
		}
		transport.CloseIdleConnections()
		if got := s.open.Load(); got != 0 {
			t.Errorf("after CloseIdleConnections, %d connections are open", got)
		}
	})
}

// TestNothingRunsWithoutConnections: a transport that keeps no connection has no
// timer, so that it takes no memory once nobody knows it.
func TestNothingRunsWithoutConnections(t *testing.T) {
	s := newServer(t, respond(ok("body")))
	for name, most := range map[string]int{"none is kept": 0, "the one that was kept is closed": 1} {
		t.Run(name, func(t *testing.T) {
			transport := http1.New(http1.Options{MaxIdleConns: most})
			known := weak.Make(transport)
			for range 3 {
				expect(t, transport, s.url, "body")
			}
			transport.CloseIdleConnections()
			for range 10 {
				if runtime.GC(); known.Value() == nil {
					return
				}
			}
			t.Error("something still knows the transport")
		})
	}
}

// TestForgottenWhenClosed: an idle connection is closed once, by a call or after
// its timeout. The transport then goes on with another one.
func TestForgottenWhenClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServerInMemory(t, respond(ok("body")))
		var closes atomic.Int64
		transport := newTransport(t, countCloses(s, &closes), func(o *http1.Options) { o.IdleConnTimeout = time.Minute })
		for n := range int64(3) {
			expect(t, transport, s.url, "body")
			if n == 0 {
				transport.CloseIdleConnections()
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			if got := closes.Load(); got != n+1 || s.open.Load() != 0 {
				t.Errorf("after request %d: %d times a connection was closed, %d are open", n, got, s.open.Load())
			}
		}
	})
}

// TestClosedBesideTraffic: requests over one connection do not put off the look at
// another one, which the server has closed.
func TestClosedBesideTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServerInMemory(t, func(n int64, c net.Conn, requests *bufio.Reader) {
			for readRequest(requests) {
				time.Sleep(time.Duration(n) * time.Second) // so that connection 2 is there too, and is used last
				_, _ = io.WriteString(c, ok("body"))
				if n == 1 {
					return
				}
			}
		})
		transport := newTransport(t, s.use)
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { expect(t, transport, s.url, "body") })
		}
		all.Wait()
		for range 4 {
			time.Sleep(4 * time.Second)
			expect(t, transport, s.url, "body")
		}
		s.expectConnections(t, 2)
		if got := s.open.Load(); got != 1 {
			t.Errorf("%d connections are open, want 1", got)
		}
	})
}
