package upstream_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/upstream"
)

// as sends a GET request with an API token.
func as(ctx context.Context, t http.RoundTripper, token string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1/", http.NoBody)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := t.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// asker is Texter: it answers the first request of token "a" as the test says, and
// all others with 200.
type asker struct {
	*upstream.Transport
	mu       sync.Mutex // guards what is counted while requests are in flight
	requests int
	observed []upstream.Outcome
}

func newAsker(answer func() *http.Response) *asker {
	a := &asker{}
	a.Transport = newTransport(func(*http.Request) (*http.Response, error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.requests++; a.requests == 1 {
			return answer(), nil
		}
		return response(200), nil
	}, func(o *upstream.Options) {
		o.Observe = func(_ context.Context, at upstream.Attempt) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.observed = append(a.observed, at.Outcome)
		}
	})
	return a
}

// TestHolds: for how long a credential is held back after one answer of Texter.
func TestHolds(t *testing.T) {
	date := func(in time.Duration) string { return time.Now().Add(in).UTC().Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		answer func() *http.Response
		want   time.Duration
	}{
		"429 with seconds":             {func() *http.Response { return response(429, "Retry-After: 30") }, 30 * time.Second},
		"429 with a date":              {func() *http.Response { return response(429, "Retry-After: "+date(time.Minute)) }, time.Minute},
		"429 with a date in the past":  {func() *http.Response { return response(429, "Retry-After: "+date(-time.Minute)) }, time.Second},
		"429 with a year":              {func() *http.Response { return response(429, "Retry-After: 31536000") }, texter.MaxRetryAfter},
		"429 with a date in a year":    {func() *http.Response { return response(429, "Retry-After: "+date(8760*time.Hour)) }, texter.MaxRetryAfter},
		"429 with too many digits":     {func() *http.Response { return response(429, "Retry-After: 99999999999999999999") }, texter.MaxRetryAfter},
		"429 with what is not a time":  {func() *http.Response { return response(429, "Retry-After: soon") }, time.Second},
		"429 with nothing":             {func() *http.Response { return response(429) }, time.Second},
		"503 with seconds":             {func() *http.Response { return response(503, "Retry-After: 7") }, 7 * time.Second},
		"503 with an hour":             {func() *http.Response { return response(503, "Retry-After: 3600") }, 30 * time.Second},
		"503 with nothing":             {func() *http.Response { return response(503) }, 0},
		"500 with nothing":             {func() *http.Response { return response(500) }, 0},
		"401 with nothing":             {func() *http.Response { return response(401) }, 0},
		"500 with seconds":             {func() *http.Response { return response(500, "Retry-After: 30") }, 0},
		"301 with seconds":             {func() *http.Response { return response(301, "Retry-After: 30") }, 0},
		"401 with seconds":             {func() *http.Response { return response(401, "Retry-After: 30") }, 0},
		"200 with a misplaced seconds": {func() *http.Response { return response(200, "Retry-After: 30") }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAsker(test.answer)
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond) // too short for a retry
				defer cancel()
				if _, err := as(ctx, a, "a"); err != nil {
					t.Fatal(err)
				}
				if got := a.HeldBack("a"); got != test.want {
					t.Fatalf("it is held back for %v", got)
				}
				if test.want > 0 {
					expectHeld(t, a, test.want)
				}
				if status, err := as(t.Context(), a, "a"); status != 200 || err != nil || a.HeldBack("a") != 0 {
					t.Errorf("then: %d, %v, held back for %v", status, err, a.HeldBack("a"))
				}
			})
		})
	}
}

// expectHeld fails unless requests of "a" are held back for this long, and those
// of others are not. It returns once the time is over.
func expectHeld(t *testing.T, a *asker, want time.Duration) {
	t.Helper()
	for _, left := range []time.Duration{want, want / 2, time.Nanosecond} {
		time.Sleep(a.HeldBack("a") - left)
		before := a.requests
		_, err := as(t.Context(), a, "a")
		held, ok := err.(interface {
			RetryAfter() time.Duration
			StatusCode() int
		})
		if !ok || held.RetryAfter() != left || a.requests != before || a.observed[len(a.observed)-1] != upstream.Held {
			t.Fatalf("%v before the end: %v, %d requests", left, err, a.requests-before)
		}
		if status := held.StatusCode(); status != 429 && status != 503 {
			t.Errorf("the status is %d", status)
		}
		if status, err := as(t.Context(), a, "b"); status != 200 || err != nil || a.HeldBack("b") != 0 {
			t.Errorf("another credential: %d, %v", status, err)
		}
	}
	time.Sleep(time.Nanosecond)
}

// TestHeldRetry: a request waits and tries again if it has the time, and the others
// are held back meanwhile.
func TestHeldRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAsker(func() *http.Response { return response(429, "Retry-After: 3") })
		done := make(chan struct{})
		go func() {
			defer close(done)
			if status, err := as(t.Context(), a, "a"); status != 200 || err != nil || a.requests != 2 {
				t.Errorf("got %d, %v after %d requests", status, err, a.requests)
			}
		}()
		synctest.Wait()
		for range 10 {
			if _, err := as(t.Context(), a, "a"); err == nil {
				t.Error("a request was sent")
			}
		}
		<-done
	})
}

// TestHoldsInTheQueue: a request that waits for a place is not sent once its
// credential is held back.
func TestHoldsInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			requests++
			time.Sleep(time.Second)
			return response(429, "Retry-After: 30"), nil
		}, func(o *upstream.Options) { o.Concurrency = 1 })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		errs := make(chan error, 2)
		for range 2 {
			go func() { _, err := as(ctx, tr, "a"); errs <- err }()
			synctest.Wait()
		}
		if first, second := <-errs, <-errs; first != nil || second == nil || requests != 1 {
			t.Errorf("%v, then %v; %d requests", first, second, requests)
		}
	})
}

// TestHoldsOnlyGrow: a shorter wait that is asked for later does not replace a
// longer one.
func TestHoldsOnlyGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits := map[string]string{"first": "Retry-After: 60", "second": "Retry-After: 5"}
		tr := newTransport(func(r *http.Request) (*http.Response, error) {
			name := r.Context().Value(http.ServerContextKey).(string)
			if name == "second" {
				time.Sleep(time.Second) // its response comes after that of the first
			}
			return response(429, waits[name]), nil
		})
		done := make(chan struct{})
		for _, name := range []string{"second", "first"} {
			ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), http.ServerContextKey, name), 2*time.Second)
			defer cancel()
			go func() { _, _ = as(ctx, tr, "a"); done <- struct{}{} }()
			synctest.Wait() // until the request is sent
		}
		<-done
		<-done
		if got := tr.HeldBack("a"); got != 59*time.Second {
			t.Errorf("it is held back for %v", got)
		}
	})
}

// TestHoldsOfTwo: a shorter wait of another credential does not end a longer one.
func TestHoldsOfTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits := map[string]string{"Bearer a": "Retry-After: 60", "Bearer b": "Retry-After: 5"}
		tr := newTransport(func(r *http.Request) (*http.Response, error) {
			return response(429, waits[r.Header.Get("Authorization")]), nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _ = as(ctx, tr, "a")
		_, _ = as(ctx, tr, "b")
		time.Sleep(5 * time.Second)
		if a, b := tr.HeldBack("a"), tr.HeldBack("b"); a != 55*time.Second || b != 0 {
			t.Errorf("they are held back for %v and %v", a, b)
		}
	})
}

// TestHoldsThatAreOver: a credential that may send again takes no place of one that
// may not.
func TestHoldsThatAreOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := "Retry-After: 3600"
		tr := newTransport(func(*http.Request) (*http.Response, error) { return response(429, wait), nil })
		holdBack := func(names ...string) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			for _, name := range names {
				_, _ = as(ctx, tr, name)
			}
		}
		holdBack("long")
		var others []string
		for i := range 9_999 {
			others = append(others, fmt.Sprint(i))
		}
		wait = "Retry-After: 1"
		holdBack(others...)
		time.Sleep(time.Second)
		for i, name := range others {
			if tr.HeldBack(name) > 0 {
				t.Fatalf("%s is still held back", name)
			}
			others[i] = "next " + name
		}
		holdBack(others...)
		if tr.HeldBack("long") == 0 {
			t.Error("the long one is not held back any more")
		}
	})
}

// TestManyHolds: however many credentials Texter refuses, the memory is bounded; the
// last ones are held back.
func TestManyHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport(func(*http.Request) (*http.Response, error) { return response(429, "Retry-After: 60"), nil })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		const credentials, most = 10_100, 10_000
		for i := range credentials {
			_, _ = as(ctx, tr, fmt.Sprint(i))
		}
		held := 0
		for i := range credentials {
			if tr.HeldBack(fmt.Sprint(i)) > 0 {
				held++
			}
		}
		if held != most || tr.HeldBack("0") != 0 || tr.HeldBack(fmt.Sprint(credentials-1)) == 0 {
			t.Errorf("%d are held back", held)
		}
	})
}
