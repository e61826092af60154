package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
)

// mebibyte is the unit of sizes in these tests.
const mebibyte = 1 << 20

// take takes memory at once, or fails the test.
func take(t *testing.T, m *memory, caller string, size int) *waiter {
	t.Helper()
	held, err := m.acquire(canceled(t), deadline{}, caller, size)
	if err != nil {
		t.Fatalf("%d bytes for %q: %v", size, caller, err)
	}
	return held
}

// assertFull fails if memory of this size can be had at once.
func assertFull(t *testing.T, m *memory, caller string, size int) {
	t.Helper()
	if held, err := m.acquire(canceled(t), deadline{}, caller, size); !errors.Is(err, context.Canceled) {
		t.Errorf("%d bytes are free for %q: %v, %v", size, caller, held, err)
	}
}

// canceled returns a context that is canceled.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestMemory(t *testing.T) {
	t.Run("what is released can be had again", func(t *testing.T) {
		m := newMemory(80*mebibyte, nil)
		held := take(t, m, "", 60*mebibyte)
		assertFull(t, m, "", 5*mebibyte)
		m.release(held)
		take(t, m, "", 60*mebibyte)
	})
	t.Run("an operation that is larger than all memory gets its turn", func(t *testing.T) {
		m := newMemory(80*mebibyte, nil)
		m.release(take(t, m, "", 1000*mebibyte))
		m.release(take(t, m, "one", 1000*mebibyte))
		if m.free != m.size || len(m.held) > 0 || m.heldSmall != 0 {
			t.Errorf("of %d bytes, %d are free", m.size, m.free)
		}
	})
	t.Run("a caller has a half at most", func(t *testing.T) {
		m := newMemory(80*mebibyte, nil)
		take(t, m, "one", 30*mebibyte)
		take(t, m, "one", 10*mebibyte)
		assertFull(t, m, "one", 1)
		take(t, m, "two", 20*mebibyte)
	})
	t.Run("small operations have a quarter for themselves", func(t *testing.T) {
		m := newMemory(80*mebibyte, nil)
		take(t, m, "one", 40*mebibyte)
		take(t, m, "two", 20*mebibyte)
		assertFull(t, m, "three", 5*mebibyte)
		for range 5 {
			take(t, m, "three", 4*mebibyte)
		}
		assertFull(t, m, "three", 4*mebibyte)
	})
	t.Run("small operations can have all that is free", func(t *testing.T) {
		m := newMemory(80*mebibyte, nil)
		for i := range 20 {
			take(t, m, fmt.Sprint(i), 4*mebibyte)
		}
		assertFull(t, m, "", 1)
	})
}

// TestWaitForMemory holds who waits for whom.
func TestWaitForMemory(t *testing.T) {
	bubble := func(name string, test func(t *testing.T, m *memory, got func(caller string, size int) *atomic.Pointer[waiter])) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory(80*mebibyte, nil)
				test(t, m, func(caller string, size int) *atomic.Pointer[waiter] {
					var held atomic.Pointer[waiter]
					go func() {
						if w, err := m.acquire(t.Context(), deadline{}, caller, size); err == nil {
							held.Store(w)
						}
					}()
					synctest.Wait()
					return &held
				})
			})
		})
	}
	bubble("large operations come in their order", func(t *testing.T, m *memory, got func(string, int) *atomic.Pointer[waiter]) {
		first := take(t, m, "", 60*mebibyte)
		second, third := got("two", 40*mebibyte), got("three", 5*mebibyte)
		if second.Load() != nil || third.Load() != nil {
			t.Fatal("they do not wait")
		}
		m.release(first)
		if synctest.Wait(); second.Load() == nil || third.Load() == nil {
			t.Error("they still wait")
		}
	})
	bubble("a later one does not overtake a larger one of another caller", func(t *testing.T, m *memory, got func(string, int) *atomic.Pointer[waiter]) {
		take(t, m, "one", 35*mebibyte)
		first := take(t, m, "two", 20*mebibyte)
		larger, later := got("three", 40*mebibyte), got("four", 5*mebibyte)
		if larger.Load() != nil || later.Load() != nil {
			t.Error("one does not wait")
		}
		m.release(first)
		if synctest.Wait(); larger.Load() != nil || later.Load() != nil {
			t.Error("one does not wait")
		}
	})
	bubble("who waits for the own share holds up nobody", func(t *testing.T, m *memory, got func(string, int) *atomic.Pointer[waiter]) {
		take(t, m, "one", 40*mebibyte)
		if got("one", 10*mebibyte).Load() != nil {
			t.Error("the caller has more than its share")
		}
		if got("two", 20*mebibyte).Load() == nil {
			t.Error("another caller waits")
		}
	})
	bubble("a small operation overtakes large ones", func(t *testing.T, m *memory, got func(string, int) *atomic.Pointer[waiter]) {
		take(t, m, "", 60*mebibyte)
		if got("two", 5*mebibyte).Load() != nil || got("three", 4*mebibyte).Load() == nil {
			t.Error("the wrong one waits")
		}
	})
	bubble("who leaves holds up nobody", func(t *testing.T, m *memory, got func(string, int) *atomic.Pointer[waiter]) {
		take(t, m, "one", 40*mebibyte)
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := m.acquire(ctx, deadline{}, "two", 30*mebibyte)
			left <- err
		}()
		synctest.Wait()
		next := got("three", 20*mebibyte)
		if next.Load() != nil {
			t.Fatal("it does not wait")
		}
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if synctest.Wait(); next.Load() == nil {
			t.Error("it still waits")
		}
	})
	bubble("at the deadline the service is overloaded", func(t *testing.T, m *memory, _ func(string, int) *atomic.Pointer[waiter]) {
		take(t, m, "", 60*mebibyte)
		began := time.Now()
		_, err := m.acquire(t.Context(), timeouts{operation: time.Minute}.start(), "two", 5*mebibyte)
		if _, ok := errors.AsType[*overloadedError](err); !ok || time.Since(began) != time.Minute || len(m.queue) > 0 {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
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
// either in its search or for memory.
type overloaded struct {
	http.Handler
	blockedSearcher
	waiting atomic.Int64 // operations that wait for memory
}

// send sends an operation, and returns when it waits or has ended.
func (o *overloaded) send(ctx context.Context, document string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	go o.ServeHTTP(w, newPost(ctx, document))
	synctest.Wait()
	return w
}

// newPost returns a request for an operation.
func newPost(ctx context.Context, document string) *http.Request {
	body, _ := json.Marshal(map[string]string{"query": document})
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// want fails unless exactly these searches have started since the last call, and
// this number of operations wait for memory.
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

// runOverloaded runs a test while two large operations use all memory that large
// ones can have. leave makes their callers leave.
func runOverloaded(t *testing.T, name string, test func(t *testing.T, o *overloaded, leave func())) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o := &overloaded{blockedSearcher: blockedSearcher{make(chan int, 100), make(chan struct{})}}
			o.Handler = NewHandler(Options{
				Searcher: o.blockedSearcher, Memory: 128 * mebibyte, Timeout: time.Minute,
				Waiting: func(change int) { o.waiting.Add(int64(change)) },
			})
			ctx, leave := context.WithCancel(t.Context())
			for range 2 {
				o.send(ctx, largeSearch)
			}
			o.want(t, 0, 10_000, 10_000)
			test(t, o, leave)
			leave()
		})
	})
}

const largeSearch = "{ searchChats(first: 10000) { nodes { id } } }"

func TestMemoryOfOperations(t *testing.T) {
	runOverloaded(t, "a large operation waits until others end", func(t *testing.T, o *overloaded, _ func()) {
		o.send(t.Context(), largeSearch)
		o.want(t, 1)
		close(o.finish)
		o.want(t, 0, 10_000)
	})
	runOverloaded(t, "a large operation waits until the callers of others leave", func(t *testing.T, o *overloaded, leave func()) {
		ctx, leaveAsWell := context.WithCancel(t.Context())
		defer leaveAsWell()
		o.send(ctx, largeSearch)
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
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		o.send(ctx, "{ searchChats(first: 100) { nodes { id } } }")
		o.want(t, 0, 100)
		o.send(ctx, "{ searchChats(first: 10000) { totalCount } }")
		o.want(t, 0, 1)
	})
	runOverloaded(t, "an operation that waits for callers who do not read is refused as OVERLOADED", func(t *testing.T, o *overloaded, _ func()) {
		close(o.finish)
		stalled := make(chan struct{})
		defer close(stalled)
		for range 2 {
			go o.ServeHTTP(stalledWriter{httptest.NewRecorder(), stalled}, newPost(t.Context(), largeSearch))
		}
		synctest.Wait()
		response := o.send(t.Context(), largeSearch)
		time.Sleep(time.Minute) // by the clock of the bubble
		synctest.Wait()
		if body := response.Body.String(); !strings.Contains(body, `"code":"OVERLOADED"`) || !strings.Contains(body, `"retryAfter":1`) {
			t.Errorf("got %s", body)
		}
	})
}

// stalledWriter is the response to a client that reads nothing for a while.
type stalledWriter struct {
	http.ResponseWriter
	stalled <-chan struct{}
}

func (w stalledWriter) Write(b []byte) (int, error) {
	<-w.stalled
	return len(b), nil
}
