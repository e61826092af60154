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

// heldBack says whether an error is of a request that was not sent.
func heldBack(err error) bool {
	var e interface{ RetryAfter() time.Duration }
	return errors.As(err, &e) && e.RetryAfter() > 0
}

// silence lasts until the caller gives up.
func silence(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// brokenBody is an answer that breaks off.
func brokenBody(*http.Request) (*http.Response, error) {
	res := answer(200)
	res.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
	return res, nil
}

// status answers by one.
func status(code int) next {
	return func(*http.Request) (*http.Response, error) { return answer(code), nil }
}

// TestBreaker looks at what opens the breaker.
func TestBreaker(t *testing.T) {
	canceled := func(r *http.Request) (*http.Response, error) {
		r.Context().Value(cancelKey{}).(context.CancelFunc)()
		return silence(r)
	}
	for name, test := range map[string]struct {
		upstream next
		opens    bool
	}{
		"200":           {status(200), false},
		"400":           {status(400), false},
		"401":           {status(401), false},
		"429":           {status(429), false},
		"500":           {status(500), true},
		"503":           {status(503), true},
		"a reset":       {func(*http.Request) (*http.Response, error) { return nil, errReset }, true},
		"silence":       {silence, true},
		"a broken body": {brokenBody, true},
		"cancellation":  {canceled, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			tr := newTransport(test.upstream)
			opened := false
			for range 30 {
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				_, err := send(context.WithValue(ctx, cancelKey{}, cancel), tr, "POST")
				opened = opened || heldBack(err)
				cancel()
			}
			if opened != test.opens {
				t.Errorf("%s: open is %t", name, opened)
			}
		})
	}
}

type cancelKey struct{}

// TestSuddenOutage has an upstream die that answered many requests before: they
// do not keep the breaker closed for long.
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
			if _, err := send(t.Context(), tr); heldBack(err) {
				break
			}
			if n > 20 {
				t.Fatal("the breaker is closed")
			}
		}
	})
}

// TestSlowFailures has answers that begin, and take as long as they may.
func TestSlowFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport(func(r *http.Request) (*http.Response, error) {
			res := answer(200)
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
			if heldBack(<-results) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("the breaker stays closed")
		}
	})
}

// drip is a body that sends a byte each second, until the caller gives up.
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

// TestOutage has an upstream die and come back: while it is dead there is an
// error at once, and soon after it is back an answer.
func TestOutage(t *testing.T) {
	for name, dead := range map[string]next{"reset": func(*http.Request) (*http.Response, error) { return nil, errReset }, "503": status(503)} {
		synctest.Test(t, func(t *testing.T) {
			var states []string
			upstreamIs, sent := dead, 0
			tr := newTransport(func(r *http.Request) (*http.Response, error) { sent++; return upstreamIs(r) },
				func(o *upstream.Options) { o.BreakerChanged = func(state string) { states = append(states, state) } })
			for {
				if _, err := send(t.Context(), tr); heldBack(err) {
					break
				}
			}
			sent = 0
			for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(10 * time.Millisecond) {
				asked := time.Now()
				if code, err := send(t.Context(), tr); code == 200 || time.Since(asked) > 50*time.Millisecond {
					t.Fatalf("%s: got %d, %v after %v", name, code, err, time.Since(asked))
				}
			}
			if sent > 70 {
				t.Errorf("%s: %d probes a minute", name, sent)
			}
			upstreamIs = status(200)
			back := time.Now()
			for code := 0; code != 200; code, _ = send(t.Context(), tr) {
				time.Sleep(10 * time.Millisecond)
			}
			if took := time.Since(back); took > 5*time.Second {
				t.Errorf("%s: the first answer came %v after it was back", name, took)
			}
			if first, last := states[:2], states[len(states)-2:]; !slices.Equal(first, []string{"open", "half-open"}) || !slices.Equal(last, []string{"half-open", "closed"}) {
				t.Errorf("%s: the states are %v", name, states)
			}
		})
	}
}

// TestCanceledProbe cancels the request that probes: the next one does.
func TestCanceledProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		upstreamIs := status(500)
		tr := newTransport(func(r *http.Request) (*http.Response, error) { return upstreamIs(r) })
		for {
			if _, err := send(t.Context(), tr); heldBack(err) {
				break
			}
		}
		time.Sleep(2 * time.Second)
		upstreamIs = silence
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := send(ctx, tr)
			done <- err
		}()
		synctest.Wait()
		if _, err := send(t.Context(), tr); !heldBack(err) {
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
