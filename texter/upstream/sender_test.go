package upstream_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/texter/upstream"
)

// TestMain sets a proxy for all tests, because net/http reads the environment
// once. It does not use the proxy for the loopback interface.
func TestMain(m *testing.M) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, "proxy for ", r.RequestURI)
	}))
	_ = os.Setenv("HTTP_PROXY", proxy.URL)
	_ = os.Setenv("NO_PROXY", "")
	code := m.Run()
	proxy.Close()
	os.Exit(code)
}

// netHTTP has net/http send all attempts.
func netHTTP(o *upstream.Options) { o.NetHTTP = true }

// direct has package http1 send attempts.
func direct(o *upstream.Options) { o.NetHTTP = false }

// senders are what can send attempts.
var senders = map[string]func(*upstream.Options){"http1": direct, "net/http": netHTTP}

// TestProxy: requests go through the proxy that the environment names, whatever
// sends them.
func TestProxy(t *testing.T) {
	for name, sender := range senders {
		t.Run(name, func(t *testing.T) {
			tr := newTransport(nil, sender)
			defer tr.CloseIdleConnections()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://upstream.example/path", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			res, err := tr.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if body, err := io.ReadAll(res.Body); string(body) != "proxy for http://upstream.example/path" || err != nil {
				t.Errorf("got %q, %v", body, err)
			}
		})
	}
}

// TestBrokenProxy: a connection that breaks after the proxy took it has no response, and
// the proxy is not to blame: it may be the way to Texter.
func TestBrokenProxy(t *testing.T) {
	seen := make(chan upstream.Attempt, 10)
	tr := newTransport(nil, func(o *upstream.Options) {
		o.Observe = func(_ context.Context, a upstream.Attempt) { seen <- a }
	})
	defer tr.CloseIdleConnections()
	if code, err := sendTo(t.Context(), tr, http.MethodPost, "http://upstream.example/broken"); code != 0 || err == nil {
		t.Errorf("got %d, %v", code, err)
	}
	if got := <-seen; got.Outcome != upstream.Failed || got.Failure != failure.Reset {
		t.Errorf("the attempt is %+v", got)
	}
}

// TestSender: http1 sends what it supports, unless the options say that net/http
// sends everything. Only net/http reports to an httptrace.
func TestSender(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	for name, test := range map[string]struct {
		sender  func(*upstream.Options)
		method  string
		netHTTP bool
	}{
		"GET":                  {direct, http.MethodGet, false},
		"POST":                 {direct, http.MethodPost, true},
		"GET with NetHTTP set": {netHTTP, http.MethodGet, true},
	} {
		t.Run(name, func(t *testing.T) {
			used := false
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { used = true }})
			r, err := http.NewRequestWithContext(ctx, test.method, server.URL, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			tr := newTransport(nil, test.sender)
			defer tr.CloseIdleConnections()
			res, err := tr.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if used != test.netHTTP {
				t.Errorf("net/http is used: %t", used)
			}
		})
	}
}

// silentServer accepts connections and says nothing.
func silentServer(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go func() { _, _ = io.Copy(io.Discard, server) }() // until the client closes the connection
	return client, nil
}

// unreachable accepts no connection.
func unreachable(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestAttemptTimeout: an attempt fails when the header of its response has not
// arrived after AttemptTimeout.
func TestAttemptTimeout(t *testing.T) {
	for name, sender := range senders {
		for timeout, want := range map[time.Duration]time.Duration{
			-time.Second: upstream.DefaultAttemptTimeout, 0: upstream.DefaultAttemptTimeout, time.Second: time.Second, time.Minute: time.Minute,
		} {
			t.Run(fmt.Sprintf("%s after %s", name, timeout), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					got := firstAttempt(t, "http://127.0.0.1/", sender, upstream.Dial(silentServer), func(o *upstream.Options) { o.AttemptTimeout = timeout })
					if got != (upstream.Attempt{Number: 1, Outcome: upstream.Failed, Failure: failure.Timeout, Duration: want}) {
						t.Errorf("got %+v", got)
					}
				})
			})
		}
	}
}

// TestConnectTimeout: an attempt fails when there is no connection after three
// seconds, or no TLS on it, or after a shorter AttemptTimeout.
func TestConnectTimeout(t *testing.T) {
	for name, dial := range map[string]func(*upstream.Options){"no connection": upstream.Dial(unreachable), "no TLS": upstream.Dial(silentServer)} {
		for by, sender := range senders {
			for timeout, want := range map[time.Duration]time.Duration{0: 3 * time.Second, time.Second: time.Second} {
				t.Run(fmt.Sprintf("%s, %s, the attempt timeout is %s", name, by, timeout), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						got := firstAttempt(t, "https://upstream.example/", sender, dial, func(o *upstream.Options) { o.AttemptTimeout = timeout })
						if got != (upstream.Attempt{Number: 1, Outcome: upstream.Failed, Failure: failure.Timeout, Duration: want}) {
							t.Errorf("got %+v", got)
						}
					})
				})
			}
		}
	}
}

// firstAttempt sends a request and returns its first attempt.
func firstAttempt(t *testing.T, url string, change ...func(*upstream.Options)) upstream.Attempt {
	t.Helper()
	attempts := make(chan upstream.Attempt, 3)
	tr := newTransport(nil, append(change, func(o *upstream.Options) {
		o.Observe = func(_ context.Context, a upstream.Attempt) { attempts <- a }
	})...)
	t.Cleanup(tr.CloseIdleConnections)
	if _, err := sendTo(t.Context(), tr, http.MethodGet, url); err == nil {
		t.Error("the request succeeded")
	}
	return <-attempts
}

// TestProbeTimeout: while the circuit breaker is half-open, an attempt fails after
// three seconds without a response, or after a shorter AttemptTimeout.
func TestProbeTimeout(t *testing.T) {
	for name, sender := range senders {
		for timeout, want := range map[time.Duration]time.Duration{0: 3 * time.Second, time.Second: time.Second} {
			t.Run(fmt.Sprintf("%s, the attempt timeout is %s", name, timeout), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var last upstream.Attempt
					dial := func(context.Context, string, string) (net.Conn, error) { return nil, errReset }
					tr := newTransport(nil, sender, func(o *upstream.Options) {
						o.AttemptTimeout = timeout
						o.Observe = func(_ context.Context, a upstream.Attempt) { last = a }
					}, upstream.Dial(func(ctx context.Context, network, address string) (net.Conn, error) {
						return dial(ctx, network, address)
					}))
					t.Cleanup(tr.CloseIdleConnections)
					for last.Outcome != upstream.Open {
						_, _ = send(t.Context(), tr)
					}
					dial = silentServer
					time.Sleep(2 * time.Second) // until the breaker is half-open
					if _, err := send(t.Context(), tr); err == nil {
						t.Error("the request succeeded")
					}
					if last != (upstream.Attempt{Number: 1, Outcome: upstream.Failed, Failure: failure.Timeout, Duration: want}) {
						t.Errorf("got %+v", last)
					}
				})
			})
		}
	}
}

// TestConnectionsAreKept: after as many requests at once as there may be, all
// connections are used again. CloseIdleConnections closes them.
func TestConnectionsAreKept(t *testing.T) {
	const atOnce = 5
	for name, sender := range senders {
		t.Run(name, func(t *testing.T) {
			var arrived sync.WaitGroup
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				arrived.Done()
				arrived.Wait() // so that each request has its own connection
			}))
			var made atomic.Int64
			closed := make(chan struct{}, 10*atOnce)
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				switch state {
				case http.StateNew:
					made.Add(1)
				case http.StateClosed:
					closed <- struct{}{}
				}
			}
			server.Start()
			defer server.Close()
			tr := newTransport(nil, sender, func(o *upstream.Options) { o.Concurrency = atOnce })
			for range 3 {
				arrived.Add(atOnce)
				var all sync.WaitGroup
				for range atOnce {
					all.Go(func() {
						if status, err := sendTo(t.Context(), tr, http.MethodGet, server.URL); status != http.StatusOK || err != nil {
							t.Errorf("got %d, %v", status, err)
						}
					})
				}
				all.Wait()
			}
			if got := made.Load(); got != atOnce {
				t.Errorf("%d connections, want %d", got, atOnce)
			}
			tr.CloseIdleConnections()
			for range atOnce {
				<-closed
			}
		})
	}
}
