package upstream_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream"
)

// concurrency lets so many attempts be in flight.
func concurrency(n int) func(*upstream.Options) {
	return func(o *upstream.Options) { o.Concurrency = n }
}

// TestConcurrency sends ten requests at once where three attempts may be in
// flight: three are sent, three wait, and four are refused. An attempt is in
// flight until its body is closed.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type result struct {
			res *http.Response
			err error
		}
		results := make(chan result, 10)
		tr := newTransport(status(200), concurrency(3))
		for range 10 {
			go func() {
				r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://upstream.example/", http.NoBody)
				res, err := tr.RoundTrip(r)
				results <- result{res, err}
			}()
		}
		var open []*http.Response
		expect := func(sent, refused int) {
			t.Helper()
			synctest.Wait()
			for len(results) > 0 {
				if r := <-results; r.err == nil {
					open = append(open, r.res)
					sent--
				} else if isRefusal(r.err) {
					refused--
				}
			}
			if sent != 0 || refused != 0 {
				t.Errorf("%d requests are missing that are to be sent, %d that are to be refused", sent, refused)
			}
		}
		expect(3, 4)
		_ = open[0].Body.Close()
		_ = open[0].Body.Close() // the second call has no effect
		expect(1, 0)
		_ = open[1].Body.Close()
		_ = open[2].Body.Close()
		expect(2, 0)
		for _, res := range open[3:] {
			_ = res.Body.Close()
		}
		if code, err := send(t.Context(), tr); code != 200 {
			t.Errorf("afterwards: %d, %v", code, err)
		}
	})
}

// callerKey is the key of a caller's name in a context.
type callerKey struct{}

// TestFairShares: a caller has half of the places, and half of those who wait, so
// that another caller is served and can wait.
func TestFairShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sent := make(chan string, 1000)
		tr := newTransport(func(r *http.Request) (*http.Response, error) {
			sent <- r.Context().Value(callerKey{}).(string)
			return silence(r)
		}, concurrency(8), func(o *upstream.Options) {
			o.Caller = func(ctx context.Context) string { return ctx.Value(callerKey{}).(string) }
		})
		refused := make(chan string, 1000)
		request := func(caller string, times int) (begun, turnedAway int) {
			for range times {
				go func() {
					if _, err := send(context.WithValue(ctx, callerKey{}, caller), tr); isRefusal(err) {
						refused <- caller
					}
				}()
			}
			synctest.Wait()
			begun, turnedAway = len(sent), len(refused)
			for len(sent)+len(refused) > 0 {
				select {
				case <-sent:
				case <-refused:
				}
			}
			return begun, turnedAway
		}
		if begun, turnedAway := request("one", 20); begun != 4 || turnedAway != 12 {
			t.Errorf("of one caller's 20 requests, %d are sent and %d refused", begun, turnedAway)
		}
		if begun, turnedAway := request("two", 7); begun != 4 || turnedAway != 0 {
			t.Errorf("of the other's 7 requests, %d are sent and %d refused", begun, turnedAway)
		}
	})
}

// TestDefaultConcurrency: without a valid setting, 64 attempts may be in flight.
func TestDefaultConcurrency(t *testing.T) {
	for name, setting := range map[string]int{"unset": 0, "negative": -1} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				sent := make(chan struct{}, 1000)
				tr := newTransport(func(r *http.Request) (*http.Response, error) {
					sent <- struct{}{}
					return silence(r)
				}, concurrency(setting))
				for range 100 {
					go func() { _, _ = send(ctx, tr) }()
				}
				synctest.Wait()
				if got := len(sent); got != upstream.DefaultConcurrency {
					t.Errorf("%d requests are sent", got)
				}
				cancel()
			})
		})
	}
}

// TestCanceledWait: a caller cancels a request that waits. Its place in the queue
// is free again.
func TestCanceledWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			time.Sleep(time.Minute)
			return response(200), nil
		}, concurrency(3))
		results := make(chan error, 100)
		request := func(ctx context.Context) {
			_, err := send(ctx, tr)
			results <- err
		}
		for range 3 {
			go request(t.Context())
		}
		synctest.Wait()
		for range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			for range 3 {
				go request(ctx)
			}
			synctest.Wait()
			if len(results) > 0 {
				t.Fatalf("a request does not wait: %v", <-results)
			}
			cancel()
			for range 3 {
				if err := <-results; !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			}
		}
		for range 3 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
	})
}

// TestBreakerOpensMeanwhile: the circuit breaker opens while requests wait. They
// are not sent then, and their places are free again.
func TestBreakerOpensMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		respond, code := make(chan bool), 500
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			<-respond
			return response(code), nil
		}, concurrency(50))
		results := make(chan error, 100)
		for range 100 {
			go func() {
				_, err := send(t.Context(), tr)
				results <- err
			}()
		}
		synctest.Wait()
		close(respond)
		refused := 0
		for range 100 {
			if isRefusal(<-results) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("all requests are sent")
		}
		code = 200
		time.Sleep(2 * time.Second) // until the breaker is half-open
		if got, err := send(t.Context(), tr); got != 200 {
			t.Errorf("afterwards: %d, %v", got, err)
		}
	})
}
