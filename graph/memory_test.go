package graph

import (
	"bytes"
	"context"
	"encoding/json"
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
}

// TestOverloaded: an operation that finds no memory, because others hold theirs and
// do not read their answers, is refused at its deadline.
func TestOverloaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const document = "{ searchChats(first: 1000) { nodes { id title } } }"
		o := overloaded{Handler: NewHandler(Options{Searcher: wideRows{20_000}, Memory: 64 * mebibyte, Timeout: time.Minute})}
		stalled := make(chan struct{})
		defer close(stalled)
		for range 2 {
			go o.ServeHTTP(stalledWriter{httptest.NewRecorder(), stalled}, newPost(t.Context(), document))
		}
		synctest.Wait()
		response := o.send(t.Context(), document)
		time.Sleep(time.Minute) // by the clock of the bubble
		synctest.Wait()
		if body := response.Body.String(); !strings.Contains(body, `"code":"OVERLOADED"`) || !strings.Contains(body, `"retryAfter":1`) {
			t.Errorf("got %.300s", body)
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
