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

// three lets three attempts be under way.
func three(o *upstream.Options) { o.Concurrency = 3 }

// TestConcurrency sends ten requests at once where three may be under way: three
// are sent, three wait, and four are refused at once. A place is taken until the
// body is closed.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type result struct {
			res *http.Response
			err error
		}
		results := make(chan result, 10)
		tr := newTransport(status(200), three)
		for range 10 {
			go func() {
				r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://upstream.example/", http.NoBody)
				res, err := tr.RoundTrip(r)
				results <- result{res, err}
			}()
		}
		var open []*http.Response
		expect := func(answered, refused int) {
			t.Helper()
			synctest.Wait()
			for len(results) > 0 {
				if r := <-results; r.err == nil {
					open = append(open, r.res)
					answered--
				} else if heldBack(r.err) {
					refused--
				}
			}
			if answered != 0 || refused != 0 {
				t.Errorf("%d more are to be answered, %d more refused", answered, refused)
			}
		}
		expect(3, 4)
		_ = open[0].Body.Close()
		_ = open[0].Body.Close() // again, which gives no other place
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

// TestCanceledWait cancels a request that waits for its turn: its place in the
// queue is free again.
func TestCanceledWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			time.Sleep(time.Minute)
			return answer(200), nil
		}, three)
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
				t.Fatalf("one that is to wait gets %v", <-results)
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

// TestOpenedMeanwhile has the breaker open while requests wait for their turn:
// they are not sent then.
func TestOpenedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fail := make(chan bool)
		tr := newTransport(func(*http.Request) (*http.Response, error) {
			<-fail
			return answer(500), nil
		}, func(o *upstream.Options) { o.Concurrency = 50 })
		results := make(chan error, 100)
		for range 100 {
			go func() {
				_, err := send(t.Context(), tr)
				results <- err
			}()
		}
		synctest.Wait()
		close(fail)
		refused := 0
		for range 100 {
			if heldBack(<-results) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("all are sent")
		}
	})
}
