package upstream_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream"
)

var errReset = errors.New("connection reset")

// TestRetries: how often a request is sent when its first attempt ends like this,
// and what its caller gets. Further attempts get status 200.
func TestRetries(t *testing.T) {
	for name, test := range map[string]struct {
		method   string
		first    next
		attempts int
		status   int
	}{
		"status 200":                         {"GET", status(200), 1, 200},
		"status 400":                         {"GET", status(400), 1, 400},
		"status 401":                         {"GET", status(401), 1, 401},
		"status 429":                         {"GET", status(429), 2, 200},
		"status 500":                         {"GET", status(500), 1, 500},
		"status 501":                         {"GET", status(501), 1, 501},
		"status 502":                         {"GET", status(502), 2, 200},
		"status 503":                         {"GET", status(503), 2, 200},
		"status 504":                         {"GET", status(504), 2, 200},
		"a reset":                            {"GET", reset, 2, 200},
		"a false certificate":                {"GET", func(*http.Request) (*http.Response, error) { return nil, &tls.CertificateVerificationError{} }, 1, 0},
		"status 503 to a POST":               {"POST", status(503), 1, 503},
		"a reset of a POST":                  {"POST", reset, 1, 0},
		"a pause as long as the time left":   {"GET", func(*http.Request) (*http.Response, error) { return response(503, "Retry-After: 10"), nil }, 1, 503},
		"a pause shorter than the time left": {"GET", func(*http.Request) (*http.Response, error) { return response(503, "Retry-After: 2"), nil }, 2, 200},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				attempts := 0
				code, err := sendTo(ctx, newTransport(func(r *http.Request) (*http.Response, error) {
					if attempts++; attempts == 1 {
						return test.first(r)
					}
					return response(200), nil
				}), test.method, "http://127.0.0.1/")
				if attempts != test.attempts || code != test.status || (err != nil) != (test.status == 0) {
					t.Errorf("%d attempts, then %d, %v", attempts, code, err)
				}
			})
		})
	}
}

// TestPauses: how long a request that always gets status 503 waits between its
// three attempts.
func TestPauses(t *testing.T) {
	for name, test := range map[string]struct {
		header      func() string
		least, most time.Duration // of both pauses together
	}{
		"no Retry-After": {func() string { return "" }, 150 * time.Millisecond, 450 * time.Millisecond},
		"not a time":     {func() string { return "Retry-After: soon" }, 150 * time.Millisecond, 450 * time.Millisecond},
		"3 seconds":      {func() string { return "Retry-After: 3" }, 6 * time.Second, 6300 * time.Millisecond},
		"a date in whole seconds": {func() string { return "Retry-After: " + time.Now().Add(3*time.Second).UTC().Format(http.TimeFormat) },
			5 * time.Second, 6300 * time.Millisecond},
		"a date in the past": {func() string { return "Retry-After: Wed, 26 Feb 1997 13:02:58 GMT" }, 150 * time.Millisecond, 450 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			for range 5 { // since they are random
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					attempts, began := 0, time.Now()
					code, err := send(ctx, newTransport(func(*http.Request) (*http.Response, error) {
						attempts++
						return response(503, test.header()), nil
					}))
					if took := time.Since(began); attempts != 3 || code != 503 || err != nil || took < test.least || took > test.most {
						t.Errorf("%d attempts in %v, then %d, %v", attempts, took, code, err)
					}
				})
			}
		})
	}
}

// TestRetriesDoNotComeTogether: requests that are told the same time do not come back
// at the same time.
func TestRetriesDoNotComeTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pauses := map[time.Duration]bool{}
		for range 20 {
			attempts, began := 0, time.Now()
			if _, err := send(t.Context(), newTransport(func(*http.Request) (*http.Response, error) {
				if attempts++; attempts == 1 {
					return response(503, "Retry-After: 3"), nil
				}
				return response(200), nil
			})); err != nil {
				t.Fatal(err)
			}
			pauses[time.Since(began)] = true
		}
		if len(pauses) < 10 {
			t.Errorf("they come after %v", pauses)
		}
	})
}

// TestRetriesOfCallersWhoLeft: a request that was canceled takes no retry from others.
func TestRetriesOfCallersWhoLeft(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	tr := newTransport(func(*http.Request) (*http.Response, error) {
		leave()
		return response(503), nil
	})
	before := tr.Load().RetriesLeft
	if code, err := send(ctx, tr); code != 503 || err != nil || tr.Load().RetriesLeft != before {
		t.Errorf("got %d, %v, with %v retries left of %v", code, err, tr.Load().RetriesLeft, before)
	}
}

// TestCanceledPause: a caller cancels a request during the pause before a retry.
func TestCanceledPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		attempts := 0
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			attempts++
			time.AfterFunc(time.Millisecond, cancel)
			return response(503, "Retry-After: 5"), nil
		})
		began := time.Now()
		if _, err := send(ctx, tr); !errors.Is(err, context.Canceled) || attempts != 1 || time.Since(began) > time.Second {
			t.Errorf("got %v after %d attempts and %v", err, attempts, time.Since(began))
		}
	})
}

// failAtRandom fails attempts with this probability, in ways that are retried. It
// counts the attempts.
func failAtRandom(probability float64, attempts *atomic.Int64) next {
	failures := []next{status(429), status(502), status(503), status(504), reset}
	return func(r *http.Request) (*http.Response, error) {
		attempts.Add(1)
		if rand.Float64() < probability {
			return failures[rand.N(len(failures))](r)
		}
		return response(200), nil
	}
}

// successes sends requests, some of them at once, and counts those that succeed.
func successes(ctx context.Context, tr *upstream.Transport, requests, atOnce int) int64 {
	var succeeded atomic.Int64
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for range requests / atOnce {
				if status, _ := send(ctx, tr); status == 200 {
					succeeded.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return succeeded.Load()
}

// TestBurstOfFailures: when 30 % of the attempts fail at random, 97.3 % of the
// requests in a burst of 100 succeed within three attempts. The average over so
// many bursts is within 0.05 % of that.
func TestBurstOfFailures(t *testing.T) {
	const bursts, requests = 1000, 100
	var attempts atomic.Int64
	var succeeded int64
	synctest.Test(t, func(t *testing.T) {
		for range bursts {
			succeeded += successes(t.Context(), newTransport(failAtRandom(.3, &attempts)), requests, 10)
		}
	})
	if rate := float64(succeeded) / (bursts * requests); rate < .97 {
		t.Errorf("%.2f %% succeed", 100*rate)
	}
}

// failFirst fails the first attempt of each request in a way that is retried, and
// that the circuit breaker does not count.
func failFirst(retries *atomic.Int64) next {
	var mu sync.Mutex
	seen := map[*http.Request]bool{}
	return func(r *http.Request) (*http.Response, error) {
		time.Sleep(time.Millisecond) // so that all requests at once are in flight
		mu.Lock()
		defer mu.Unlock()
		if seen[r] {
			retries.Add(1)
			return response(200), nil
		}
		seen[r] = true
		return response(429), nil
	}
}

// TestRetryBudget: however many requests there were before, 50 requests that fail
// at once are retried. Then there is one retry for every 20 requests.
func TestRetryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var retries atomic.Int64
		upstreamIs := status(200)
		tr := newTransport(func(r *http.Request) (*http.Response, error) { return upstreamIs(r) })
		successes(t.Context(), tr, 2000, 1)
		upstreamIs = failFirst(&retries)
		if got := successes(t.Context(), tr, 60, 60); got != 50 || retries.Load() != 50 {
			t.Errorf("of 60 requests at once %d succeed, with %d retries", got, retries.Load())
		}
		retries.Store(0)
		if got := successes(t.Context(), tr, 1000, 1); got != 50 || retries.Load() != 50 {
			t.Errorf("of 1000 requests after them %d succeed, with %d retries", got, retries.Load())
		}
	})
}

// TestLastingFailures: however many attempts fail, retries add at most a tenth.
func TestLastingFailures(t *testing.T) {
	const requests = 1000
	for _, probability := range []float64{.3, .5, .7, .9, 1} {
		t.Run(fmt.Sprintf("%.0f %% fail", 100*probability), func(t *testing.T) {
			var attempts atomic.Int64
			synctest.Test(t, func(t *testing.T) {
				successes(t.Context(), newTransport(failAtRandom(probability, &attempts)), requests, 10)
			})
			if ratio := float64(attempts.Load()) / requests; ratio > 1.1 {
				t.Errorf("%.3f attempts for each request", ratio)
			}
		})
	}
}
