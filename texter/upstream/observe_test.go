package upstream_test

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream"
)

// TestObserve looks at what is told of attempts.
func TestObserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := make(chan next, 100) // what attempts meet, in turn
		seen := make(chan upstream.Attempt, 100)
		tr := newTransport(func(r *http.Request) (*http.Response, error) {
			time.Sleep(100 * time.Millisecond)
			return (<-turns)(r)
		}, func(o *upstream.Options) {
			o.Concurrency = 1
			o.Observe = func(_ context.Context, a upstream.Attempt) { seen <- a }
		})
		expect := func(want upstream.Attempt) {
			t.Helper()
			if got := <-seen; !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		turns <- status(503)
		turns <- status(200)
		_, _ = send(t.Context(), tr)
		expect(upstream.Attempt{Number: 1, Outcome: upstream.Answered, Status: 503, Duration: 100 * time.Millisecond})
		expect(upstream.Attempt{Number: 2, Outcome: upstream.Answered, Status: 200, Duration: 100 * time.Millisecond})

		turns <- brokenBody
		_, _ = send(t.Context(), tr)
		expect(upstream.Attempt{Number: 1, Outcome: upstream.Failed, Status: 200, Duration: 100 * time.Millisecond})

		ctx, cancel := context.WithCancel(t.Context())
		turns <- silence
		var wg sync.WaitGroup
		for range 3 { // one is sent, one waits, one is refused
			wg.Go(func() { _, _ = send(ctx, tr) })
			synctest.Wait()
		}
		expect(upstream.Attempt{Number: 1, Outcome: upstream.Shed})
		time.AfterFunc(time.Second, cancel)
		expect(upstream.Attempt{Number: 1, Outcome: upstream.Canceled, Duration: time.Second})
		wg.Wait()

		for range 18 { // beside the two above
			turns <- status(500)
			_, _ = send(t.Context(), tr)
			expect(upstream.Attempt{Number: 1, Outcome: upstream.Answered, Status: 500, Duration: 100 * time.Millisecond})
		}
		_, _ = send(t.Context(), tr)
		expect(upstream.Attempt{Number: 1, Outcome: upstream.Open})
	})
}
