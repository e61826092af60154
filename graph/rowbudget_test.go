package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
)

// held returns a reservation that holds this number of rows of the budget.
func held(t *testing.T, b *rowBudget, rows int) *reservation {
	t.Helper()
	r := b.reservation(rows)
	if err := r.acquire(t.Context(), deadline{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// isFree reports whether this number of rows of the budget is free.
func (b *rowBudget) isFree(rows int64) bool {
	if !b.rows.TryAcquire(rows) {
		return false
	}
	b.rows.Release(rows)
	return true
}

// canceled returns a context that is canceled.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestReservation(t *testing.T) {
	t.Run("an operation that is not large needs none", func(t *testing.T) {
		b := newRowBudget(nil)
		if r := b.reservation(largeOperation - 1); r != nil {
			t.Errorf("it reserves %d rows", r.rows)
		}
		if r := b.reservation(largeOperation); r == nil || r.rows != largeOperation {
			t.Errorf("a large one reserves %v", r)
		}
	})
	t.Run("a nil reservation can be acquired and released", func(t *testing.T) {
		var r *reservation
		if err := r.acquire(canceled(t), deadline{}); err != nil {
			t.Error(err)
		}
		r.release()
	})
	t.Run("an operation of more rows than the budget reserves the whole budget", func(t *testing.T) {
		b := newRowBudget(nil)
		r := held(t, b, maxRows+1)
		if b.isFree(1) {
			t.Error("rows are left")
		}
		if r.release(); !b.isFree(maxRows) {
			t.Error("not all rows were released")
		}
	})
	t.Run("it is acquired once for all searches", func(t *testing.T) {
		b := newRowBudget(nil)
		r := held(t, b, 20_000)
		if err := r.acquire(canceled(t), deadline{}); err != nil || !b.isFree(10_000) {
			t.Errorf("the second search acquires rows: %v", err)
		}
	})
}

func TestReservationThatFails(t *testing.T) {
	t.Run("rows that were never acquired are not released", func(t *testing.T) {
		b := newRowBudget(nil)
		held(t, b, maxRows)
		failed := b.reservation(largeOperation)
		if err := failed.acquire(canceled(t), deadline{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if failed.release(); b.isFree(1) {
			t.Error("rows of another operation were released")
		}
	})
	t.Run("rows that no search acquired are not released", func(t *testing.T) {
		b := newRowBudget(nil)
		held(t, b, maxRows)
		if b.reservation(largeOperation).release(); b.isFree(1) {
			t.Error("rows of another operation were released")
		}
	})
	t.Run("every search gets the error of the first one", func(t *testing.T) {
		b := newRowBudget(nil)
		other := held(t, b, maxRows)
		failed := b.reservation(largeOperation)
		_ = failed.acquire(canceled(t), deadline{})
		other.release()
		if err := failed.acquire(t.Context(), deadline{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an operation waits for rows until its deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b, start := newRowBudget(nil), time.Now()
			held(t, b, maxRows)
			err := b.reservation(largeOperation).acquire(t.Context(), timeouts{operation: time.Minute}.start())
			if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Minute {
				t.Errorf("after %v: %v", took, err)
			}
		})
	})
}

// blockedSearcher reports the limit of each search, and returns when finish is
// closed or the caller is gone.
type blockedSearcher struct {
	limits chan int
	finish chan struct{}
}

func (s blockedSearcher) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	s.limits <- o.Limit
	select {
	case <-s.finish:
		return &texter.SearchPage{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// overloaded is a handler whose searches do not end before finish is closed. It
// runs in a synctest bubble: there, synctest.Wait returns when every request waits,
// either in its search or for rows.
type overloaded struct {
	http.Handler
	blockedSearcher
	waiting atomic.Int64 // operations that wait for rows
}

// send sends an operation, and returns when it waits or has ended.
func (o *overloaded) send(ctx context.Context, document string) {
	body, _ := json.Marshal(map[string]string{"query": document})
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	go o.ServeHTTP(httptest.NewRecorder(), r)
	synctest.Wait()
}

// want fails unless exactly these searches have started since the last call, and
// this number of operations wait for rows.
func (o *overloaded) want(t *testing.T, waiting int64, limits ...int) {
	t.Helper()
	synctest.Wait()
	var got []int
	for len(o.limits) > 0 {
		got = append(got, <-o.limits)
	}
	if !slices.Equal(got, limits) || o.waiting.Load() != waiting {
		t.Errorf("searches of %d rows started, and %d operations wait; want %d and %d", got, o.waiting.Load(), limits, waiting)
	}
}

// runOverloaded runs a test while three large operations use the whole budget.
// leave makes their callers leave.
func runOverloaded(t *testing.T, name string, test func(t *testing.T, o *overloaded, leave func())) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := &overloaded{blockedSearcher: blockedSearcher{make(chan int, 100), make(chan struct{})}}
			o.Handler = NewHandler(Options{Searcher: o.blockedSearcher, Waiting: func(change int) { o.waiting.Add(int64(change)) }})
			ctx, leave := context.WithCancel(t.Context())
			for range 3 {
				o.send(ctx, largeSearch)
			}
			o.want(t, 0, 10_000, 10_000, 10_000)
			test(t, o, leave)
		})
	})
}

const largeSearch = "{ searchChats(first: 10000) { nodes { id } } }"

func TestRowBudgetOfOperations(t *testing.T) {
	runOverloaded(t, "a large operation waits until others end", func(t *testing.T, o *overloaded, _ func()) {
		o.send(t.Context(), largeSearch)
		o.want(t, 1)
		close(o.finish)
		o.want(t, 0, 10_000)
	})
	runOverloaded(t, "a large operation waits until the callers of others leave", func(t *testing.T, o *overloaded, leave func()) {
		o.send(t.Context(), largeSearch)
		o.want(t, 1)
		leave()
		o.want(t, 0, 10_000)
	})
	runOverloaded(t, "an operation whose caller leaves waits no longer, and does not search", func(t *testing.T, o *overloaded, leave func()) {
		ctx, leaveWhileWaiting := context.WithCancel(t.Context())
		o.send(ctx, largeSearch)
		o.want(t, 1)
		leaveWhileWaiting()
		o.want(t, 0)
		leave()
		o.want(t, 0)
	})
	runOverloaded(t, "a small operation does not wait", func(t *testing.T, o *overloaded, _ func()) {
		o.send(t.Context(), "{ searchChats(first: 900) { nodes { id } } }")
		o.want(t, 0, 900)
	})
	runOverloaded(t, "an operation that reads no rows does not wait", func(t *testing.T, o *overloaded, _ func()) {
		o.send(t.Context(), "{ searchChats(first: 10000) { totalCount } }")
		o.want(t, 0, 1)
	})
}
