package upstream_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream"
)

// isRefusal reports whether an error says that a request was not sent.
func isRefusal(err error) bool {
	var e interface{ RetryAfter() time.Duration }
	return errors.As(err, &e) && e.RetryAfter() > 0
}

// silence gives no response until the request's context ends.
func silence(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// brokenBody gives a response whose body breaks off.
func brokenBody(*http.Request) (*http.Response, error) {
	res := response(200)
	res.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
	return res, nil
}

// reset breaks the connection.
func reset(*http.Request) (*http.Response, error) { return nil, errReset }

// status gives responses with one status.
func status(code int) next {
	return func(*http.Request) (*http.Response, error) { return response(code), nil }
}

// openBreaker sends requests until the circuit breaker is open.
func openBreaker(t *testing.T, tr *upstream.Transport) {
	t.Helper()
	for range 1000 {
		if _, err := send(t.Context(), tr); isRefusal(err) {
			return
		}
	}
	t.Fatal("the circuit breaker stays closed")
}

// TestWhatOpensTheBreaker sends requests that all end in the same way.
func TestWhatOpensTheBreaker(t *testing.T) {
	canceled := func(r *http.Request) (*http.Response, error) {
		r.Context().Value(cancelKey{}).(context.CancelFunc)()
		return silence(r)
	}
	for name, test := range map[string]struct {
		upstream next
		opens    bool
	}{
		"status 200":    {status(200), false},
		"status 400":    {status(400), false},
		"status 401":    {status(401), false},
		"status 429":    {status(429), false},
		"status 499":    {status(499), false},
		"status 500":    {status(500), true},
		"status 503":    {status(503), true},
		"a reset":       {reset, true},
		"silence":       {silence, true},
		"a broken body": {brokenBody, true},
		"cancellation":  {canceled, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := newTransport(test.upstream)
				opened := false
				for range 30 {
					ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
					_, err := sendTo(context.WithValue(ctx, cancelKey{}, cancel), tr, http.MethodPost, "http://127.0.0.1/")
					opened = opened || isRefusal(err)
					cancel()
				}
				if opened != test.opens {
					t.Errorf("the circuit breaker opened: %t", opened)
				}
			})
		})
	}
}

type cancelKey struct{}

// TestWindow: failures of the last half minute count, whenever it began.
func TestWindow(t *testing.T) {
	for pause, opens := range map[time.Duration]bool{10 * time.Second: true, time.Minute: false} {
		synctest.Test(t, func(t *testing.T) {
			tr := newTransport(status(500))
			time.Sleep(25 * time.Second)
			for range 10 {
				_, _ = send(t.Context(), tr)
			}
			time.Sleep(pause)
			for range 10 {
				_, _ = send(t.Context(), tr)
			}
			if _, err := send(t.Context(), tr); isRefusal(err) != opens {
				t.Errorf("with a pause of %v: %v", pause, err)
			}
		})
	}
}

// TestShareOfFailures: where failures and successes alternate, the breaker opens
// if three of four requests fail, but not if fewer do.
func TestShareOfFailures(t *testing.T) {
	for name, test := range map[string]struct {
		of100 int // requests that fail
		opens bool
	}{"three of four": {75, true}, "two of three": {66, false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, opened := 0, false
				tr := newTransport(func(*http.Request) (*http.Response, error) {
					if n += test.of100; n >= 100 {
						n -= 100
						return response(500), nil
					}
					return response(200), nil
				})
				for range 200 {
					_, err := send(t.Context(), tr)
					opened = opened || isRefusal(err)
				}
				if opened != test.opens {
					t.Errorf("the circuit breaker opened: %t", opened)
				}
			})
		})
	}
}

// TestSuddenOutage: many successes before an outage do not keep the breaker
// closed for long.
func TestSuddenOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		upstreamIs := status(200)
		tr := newTransport(func(r *http.Request) (*http.Response, error) { return upstreamIs(r) })
		for range 1000 {
			_, _ = send(t.Context(), tr)
			time.Sleep(10 * time.Millisecond)
		}
		upstreamIs = status(500)
		for n := 1; ; n++ {
			if _, err := send(t.Context(), tr); isRefusal(err) {
				break
			}
			if n > 20 {
				t.Fatal("the circuit breaker is closed")
			}
		}
	})
}

// TestSlowFailures: attempts whose bodies never end open the breaker, although
// they fail only when their time is up.
func TestSlowFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport(func(r *http.Request) (*http.Response, error) {
			res := response(200)
			res.Body = drip{r.Context()}
			return res, nil
		})
		results := make(chan error, 100)
		for range 50 {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				_, err := send(ctx, tr)
				results <- err
			}()
			time.Sleep(time.Second / 2)
		}
		refused := 0
		for range 50 {
			if isRefusal(<-results) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("the circuit breaker stays closed")
		}
	})
}

// drip is a body that gives one byte each second, until the context ends.
type drip struct{ ctx context.Context }

func (d drip) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		return copy(p, "x"), nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func (drip) Close() error { return nil }

// TestOutage: while the upstream is down, requests fail at once, and about one a
// second probes. Soon after it is back, requests succeed.
func TestOutage(t *testing.T) {
	for name, down := range map[string]next{"resets": reset, "status 503": status(503)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var states []string
				upstreamIs, sent := down, 0
				tr := newTransport(func(r *http.Request) (*http.Response, error) { sent++; return upstreamIs(r) },
					func(o *upstream.Options) { o.BreakerChanged = func(state string) { states = append(states, state) } })
				openBreaker(t, tr)
				sent = 0
				for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(10 * time.Millisecond) {
					asked := time.Now()
					if code, err := send(t.Context(), tr); code == 200 || time.Since(asked) > 50*time.Millisecond {
						t.Fatalf("got %d, %v after %v", code, err, time.Since(asked))
					}
				}
				if sent < 20 || sent > 70 {
					t.Errorf("%d probes in a minute", sent)
				}
				upstreamIs = status(200)
				back := time.Now()
				for code := 0; code != 200; code, _ = send(t.Context(), tr) {
					time.Sleep(10 * time.Millisecond)
				}
				if took := time.Since(back); took > 5*time.Second {
					t.Errorf("the first response came %v after the upstream was back", took)
				}
				if first, last := states[:2], states[len(states)-2:]; !slices.Equal(first, []string{"open", "half-open"}) || !slices.Equal(last, []string{"half-open", "closed"}) {
					t.Errorf("the states are %v", states)
				}
			})
		})
	}
}

// TestCanceledProbe: one request probes, and others are refused meanwhile. When
// its caller cancels it, the next request probes.
func TestCanceledProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		upstreamIs := status(500)
		tr := newTransport(func(r *http.Request) (*http.Response, error) { return upstreamIs(r) })
		openBreaker(t, tr)
		time.Sleep(2 * time.Second) // until the breaker is half-open
		upstreamIs = silence
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := send(ctx, tr)
			done <- err
		}()
		synctest.Wait()
		if _, err := send(t.Context(), tr); !isRefusal(err) {
			t.Errorf("beside the probe: %v", err)
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the probe: %v", err)
		}
		upstreamIs = status(200)
		if code, err := send(t.Context(), tr); code != 200 {
			t.Errorf("after the probe: %d, %v", code, err)
		}
	})
}
