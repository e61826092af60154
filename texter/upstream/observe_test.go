package upstream_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/texter/upstream"
)

// observed is a transport with one place, whose attempts take 100 ms and get what
// turns holds, one after the other.
type observed struct {
	*upstream.Transport
	turns chan next
	seen  chan upstream.Attempt
}

func newObserved() observed {
	o := observed{turns: make(chan next, 100), seen: make(chan upstream.Attempt, 100)}
	o.Transport = newTransport(func(r *http.Request) (*http.Response, error) {
		time.Sleep(100 * time.Millisecond)
		return (<-o.turns)(r)
	}, concurrency(1), func(options *upstream.Options) {
		options.Observe = func(_ context.Context, a upstream.Attempt) { o.seen <- a }
	})
	return o
}

func (o observed) expect(t *testing.T, want upstream.Attempt) {
	t.Helper()
	if got := <-o.seen; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestAround: what Around returns sends the ordinary attempts and the probes.
func TestAround(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		upstreamIs, wrapped, sent := status(500), 0, 0
		tr := newTransport(func(r *http.Request) (*http.Response, error) { sent++; return upstreamIs(r) }, func(o *upstream.Options) {
			o.Around = func(n http.RoundTripper) http.RoundTripper {
				return next(func(r *http.Request) (*http.Response, error) { wrapped++; return n.RoundTrip(r) })
			}
		})
		openBreaker(t, tr)
		time.Sleep(2 * time.Second) // until the breaker is half-open
		upstreamIs = status(200)
		if code, err := send(t.Context(), tr); code != 200 {
			t.Errorf("the probe: %d, %v", code, err)
		}
		if sent != 21 || wrapped != sent {
			t.Errorf("%d attempts, of which %d went through Around", sent, wrapped)
		}
	})
}

// TestObserve: Observe gets each attempt, and each request that was not sent.
func TestObserve(t *testing.T) {
	for name, test := range map[string]func(*testing.T, observed){
		"a retry": func(t *testing.T, o observed) {
			o.turns <- status(503)
			o.turns <- status(200)
			_, _ = send(t.Context(), o)
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Answered, Status: 503, Duration: 100 * time.Millisecond})
			o.expect(t, upstream.Attempt{Number: 2, Outcome: upstream.Answered, Status: 200, Duration: 100 * time.Millisecond})
		},
		"a broken body": func(t *testing.T, o observed) {
			o.turns <- brokenBody
			_, _ = send(t.Context(), o)
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Failed, Failure: failure.Reset, Status: 200, Duration: 100 * time.Millisecond})
		},
		"a full queue, and a canceled request": func(t *testing.T, o observed) {
			o.turns <- brokenBody
			_, _ = send(t.Context(), o) // whose failure is not theirs
			<-o.seen
			ctx, cancel := context.WithCancel(t.Context())
			o.turns <- silence
			var all sync.WaitGroup
			for range 3 { // one is sent, one waits, one is refused
				all.Go(func() { _, _ = send(ctx, o) })
				synctest.Wait()
			}
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Shed})
			time.AfterFunc(time.Second, cancel)
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Canceled, Duration: time.Second})
			all.Wait()
		},
		"an open circuit breaker": func(t *testing.T, o observed) {
			for range 20 {
				o.turns <- status(500)
				_, _ = send(t.Context(), o)
				o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Answered, Status: 500, Duration: 100 * time.Millisecond})
			}
			_, _ = send(t.Context(), o)
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Open})
		},
		"a circuit breaker that opened because connections broke": func(t *testing.T, o observed) {
			for range 20 {
				o.turns <- brokenBody
				_, _ = send(t.Context(), o)
				<-o.seen
			}
			_, _ = send(t.Context(), o)
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Open, Failure: failure.Reset})
		},
		"a circuit breaker that opened because of a status, after connections broke": func(t *testing.T, o observed) {
			for range 19 {
				o.turns <- brokenBody
				_, _ = send(t.Context(), o)
				<-o.seen
			}
			o.turns <- status(500)
			_, _ = send(t.Context(), o)
			<-o.seen
			_, _ = send(t.Context(), o)
			o.expect(t, upstream.Attempt{Number: 1, Outcome: upstream.Open})
		},
		"a request that was canceled before": func(t *testing.T, o observed) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := send(ctx, o); err != context.Canceled {
				t.Errorf("got %v", err)
			}
			if len(o.seen) > 0 {
				t.Errorf("got %+v", <-o.seen)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newObserved()) })
		})
	}
}
