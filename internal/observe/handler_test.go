package observe_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter/cache"
)

// observed serves a request and returns what its observer gets, but for the
// duration.
func observed(ctx context.Context, t *testing.T, handle http.HandlerFunc) *observe.Request {
	t.Helper()
	var got []*observe.Request
	h := observe.Handler(requestid.Handler(handle), func(_ context.Context, r *observe.Request) { got = append(got, r) })
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", http.NoBody)
	r.Header.Set(requestid.Header, "id-1")
	func() {
		defer func() { _ = recover() }()
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	if len(got) != 1 {
		t.Fatalf("the observer is called %d times", len(got))
	}
	if got[0].Duration <= 0 {
		t.Errorf("the duration is %v", got[0].Duration)
	}
	got[0].Duration = 0
	return got[0]
}

func TestHandler(t *testing.T) {
	t.Run("it collects what all layers add, from any goroutine", func(t *testing.T) {
		outcome := graph.Outcome{Operation: "Inbox", Type: "query", RootFields: []string{"searchChats"}, Rows: 30, Codes: []string{"FORBIDDEN"}}
		got := observed(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() { observe.AddSearch(r.Context(), cache.Shared) })
			}
			all.Wait()
			observe.AddSearch(r.Context(), cache.Miss)
			observe.SetOutcome(r.Context(), outcome)
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "shalom")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		})
		want := &observe.Request{Outcome: outcome, ID: "id-1", Status: 418, Bytes: 6, Cache: []cache.Outcome{cache.Shared, cache.Shared, cache.Shared, cache.Miss}}
		if !reflect.DeepEqual(got, want) || got.Code() != "FORBIDDEN" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("what is added after the answer has no effect", func(t *testing.T) {
		var after context.Context
		got := observed(t.Context(), t, func(_ http.ResponseWriter, r *http.Request) { after = r.Context() })
		observe.AddSearch(after, cache.Miss)
		if len(got.Cache) > 0 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("what is added outside of a request has no effect", func(t *testing.T) {
		observe.AddSearch(t.Context(), cache.Miss)
	})
}

// TestCode covers the ways in which a request can end.
func TestCode(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, test := range map[string]struct {
		ctx    context.Context
		handle http.HandlerFunc
		code   string
		status int
	}{
		"OK if it is answered":                        {t.Context(), func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(nil) }, "OK", 200},
		"INTERNAL_SERVER_ERROR if the handler panics": {t.Context(), func(http.ResponseWriter, *http.Request) { panic("canary") }, "INTERNAL_SERVER_ERROR", 0},
		"CANCELED if the caller is gone":              {gone, func(http.ResponseWriter, *http.Request) {}, "CANCELED", 0},
		"CANCELED if the caller is gone after an error": {gone, func(w http.ResponseWriter, r *http.Request) {
			observe.SetOutcome(r.Context(), graph.Outcome{Codes: []string{"UPSTREAM_TIMEOUT"}})
			w.WriteHeader(200)
		}, "CANCELED", 200},
	} {
		t.Run(name, func(t *testing.T) {
			if got := observed(test.ctx, t, test.handle); got.Code() != test.code || got.Status != test.status {
				t.Errorf("got %+v", got)
			}
		})
	}
}
