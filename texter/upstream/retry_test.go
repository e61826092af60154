package upstream_test

import (
	"context"
	"crypto/tls"
	"errors"
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

// TestRetries looks at how often a request is sent whose first attempt meets
// this, and what its caller gets. The next attempt is answered by 200.
func TestRetries(t *testing.T) {
	for name, test := range map[string]struct {
		method   string
		first    func() (*http.Response, error)
		attempts int
		status   int
	}{
		"200":                  {"GET", func() (*http.Response, error) { return answer(200), nil }, 1, 200},
		"400":                  {"GET", func() (*http.Response, error) { return answer(400), nil }, 1, 400},
		"401":                  {"GET", func() (*http.Response, error) { return answer(401), nil }, 1, 401},
		"429":                  {"GET", func() (*http.Response, error) { return answer(429), nil }, 2, 200},
		"500":                  {"GET", func() (*http.Response, error) { return answer(500), nil }, 1, 500},
		"501":                  {"GET", func() (*http.Response, error) { return answer(501), nil }, 1, 501},
		"502":                  {"GET", func() (*http.Response, error) { return answer(502), nil }, 2, 200},
		"503":                  {"GET", func() (*http.Response, error) { return answer(503), nil }, 2, 200},
		"504":                  {"GET", func() (*http.Response, error) { return answer(504), nil }, 2, 200},
		"a reset":              {"GET", func() (*http.Response, error) { return nil, errReset }, 2, 200},
		"a false certificate":  {"GET", func() (*http.Response, error) { return nil, &tls.CertificateVerificationError{} }, 1, 0},
		"503 to a POST":        {"POST", func() (*http.Response, error) { return answer(503), nil }, 1, 503},
		"a reset of a POST":    {"POST", func() (*http.Response, error) { return nil, errReset }, 1, 0},
		"503, in a short time": {"GET", func() (*http.Response, error) { return answer(503, "Retry-After: 10"), nil }, 1, 503},
		"503, in two seconds":  {"GET", func() (*http.Response, error) { return answer(503, "Retry-After: 2"), nil }, 2, 200},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			attempts := 0
			status, err := send(ctx, newTransport(func(*http.Request) (*http.Response, error) {
				if attempts++; attempts == 1 {
					return test.first()
				}
				return answer(200), nil
			}), test.method)
			if attempts != test.attempts || status != test.status || (err != nil) != (test.status == 0) {
				t.Errorf("%s: %d attempts, then %d, %v", name, attempts, status, err)
			}
		})
	}
}

// TestPauses looks at how long a request waits before it is sent again.
func TestPauses(t *testing.T) {
	for name, test := range map[string]struct {
		header      func() string
		least, most time.Duration // of both pauses together
	}{
		"none":      {func() string { return "" }, 150 * time.Millisecond, 450 * time.Millisecond},
		"nonsense":  {func() string { return "Retry-After: soon" }, 150 * time.Millisecond, 450 * time.Millisecond},
		"3 seconds": {func() string { return "Retry-After: 3" }, 6 * time.Second, 6300 * time.Millisecond},
		"a date": {func() string { return "Retry-After: " + time.Now().Add(3*time.Second).UTC().Format(http.TimeFormat) },
			5 * time.Second, 6300 * time.Millisecond}, // a date has whole seconds
		"a past date": {func() string { return "Retry-After: Wed, 26 Feb 1997 13:02:58 GMT" }, 150 * time.Millisecond, 450 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			attempts, began := 0, time.Now()
			status, err := send(ctx, newTransport(func(*http.Request) (*http.Response, error) {
				attempts++
				return answer(503, test.header()), nil
			}))
			if took := time.Since(began); attempts != 3 || status != 503 || err != nil || took < test.least || took > test.most {
				t.Errorf("%s: %d attempts in %v, then %d, %v", name, attempts, took, status, err)
			}
		})
	}
}

// TestCanceledPause cancels a request that waits to be sent again.
func TestCanceledPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		attempts := 0
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			attempts++
			time.AfterFunc(time.Millisecond, cancel)
			return answer(503, "Retry-After: 5"), nil
		})
		began := time.Now()
		if _, err := send(ctx, tr); !errors.Is(err, context.Canceled) || attempts != 1 || time.Since(began) > time.Second {
			t.Errorf("got %v after %d attempts and %v", err, attempts, time.Since(began))
		}
	})
}

// atRandom fails attempts with this probability, in ways that are retried, and
// counts them.
func atRandom(probability float64, attempts *atomic.Int64) next {
	failures := []func() (*http.Response, error){
		func() (*http.Response, error) { return answer(429), nil },
		func() (*http.Response, error) { return answer(502), nil },
		func() (*http.Response, error) { return answer(503), nil },
		func() (*http.Response, error) { return answer(504), nil },
		func() (*http.Response, error) { return nil, errReset },
	}
	return func(*http.Request) (*http.Response, error) {
		attempts.Add(1)
		if rand.Float64() < probability {
			return failures[rand.N(len(failures))]()
		}
		return answer(200), nil
	}
}

// successes sends requests, so many at once, and counts those answered by 200.
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

// TestBurstOfFailures has 30 % of the attempts fail at random, in bursts of 100
// requests. Three attempts let 97.3 % of the requests succeed; so many bursts
// bring the average within 0.05 % of that.
func TestBurstOfFailures(t *testing.T) {
	const bursts, requests = 1000, 100
	var attempts atomic.Int64
	var succeeded int64
	synctest.Test(t, func(t *testing.T) {
		for range bursts {
			succeeded += successes(t.Context(), newTransport(atRandom(.3, &attempts)), requests, 10)
		}
	})
	if rate := float64(succeeded) / (bursts * requests); rate < .97 {
		t.Errorf("%.2f %% succeed", 100*rate)
	} else {
		t.Logf("%.2f %% succeed", 100*rate)
	}
}

// TestLastingFailures has attempts fail for long, and counts how many more than
// the requests there are.
func TestLastingFailures(t *testing.T) {
	const requests = 1000
	for _, probability := range []float64{.3, .5, .7, .9, 1} {
		var attempts atomic.Int64
		synctest.Test(t, func(t *testing.T) {
			successes(t.Context(), newTransport(atRandom(probability, &attempts)), requests, 10)
		})
		if ratio := float64(attempts.Load()) / requests; ratio > 1.1 {
			t.Errorf("%.0f %% fail: %.3f attempts a request", 100*probability, ratio)
		} else {
			t.Logf("%.0f %% fail: %.3f attempts a request", 100*probability, ratio)
		}
	}
}
