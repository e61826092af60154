package observe_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter/cache"
)

// answer serves a request and returns what is told of it.
func answer(ctx context.Context, t *testing.T, handle http.HandlerFunc) *observe.Request {
	t.Helper()
	var told []*observe.Request
	h := observe.Handler(requestid.Handler(handle), func(_ context.Context, r *observe.Request) { told = append(told, r) })
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", http.NoBody)
	r.Header.Set(requestid.Header, "id-1")
	func() {
		defer func() { _ = recover() }()
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	if len(told) != 1 {
		t.Fatalf("told %d times", len(told))
	}
	if told[0].Duration <= 0 || told[0].Duration > time.Minute {
		t.Errorf("it took %v", told[0].Duration)
	}
	told[0].Duration = 0
	return told[0]
}

// TestRequest gathers what the layers tell, from any goroutine.
func TestRequest(t *testing.T) {
	outcome := graph.Outcome{Operation: "Inbox", Type: "query", RootFields: []string{"searchChats"}, Rows: 30, Codes: []string{"FORBIDDEN"}}
	got := answer(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { observe.Cache(r.Context(), cache.Shared) })
		}
		all.Wait()
		observe.Cache(r.Context(), cache.Miss)
		observe.Outcome(r.Context(), outcome)
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "shalom")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})
	want := &observe.Request{Outcome: outcome, ID: "id-1", Status: 418, Bytes: 6, Cache: []cache.Outcome{cache.Shared, cache.Shared, cache.Shared, cache.Miss}}
	if !reflect.DeepEqual(got, want) || got.Code() != "FORBIDDEN" {
		t.Errorf("told %+v", got)
	}
}

// TestEnds are the ways that a request can end.
func TestEnds(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, test := range map[string]struct {
		ctx    context.Context
		handle http.HandlerFunc
		code   string
		status int
	}{
		"answered":    {t.Context(), func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(nil) }, "OK", 200},
		"panicked":    {t.Context(), func(http.ResponseWriter, *http.Request) { panic("canary") }, "INTERNAL_SERVER_ERROR", 0},
		"caller gone": {gone, func(http.ResponseWriter, *http.Request) {}, "CANCELED", 0},
		"left too late": {gone, func(w http.ResponseWriter, r *http.Request) {
			observe.Outcome(r.Context(), graph.Outcome{Codes: []string{"UPSTREAM_TIMEOUT"}})
			w.WriteHeader(200)
		}, "CANCELED", 200},
	} {
		if got := answer(test.ctx, t, test.handle); got.Code() != test.code || got.Status != test.status {
			t.Errorf("%s: told %+v", name, got)
		}
	}
}

// TestOutside: what is told outside a request, or after it, is in vain.
func TestOutside(t *testing.T) {
	observe.Cache(t.Context(), cache.Miss)
	var after context.Context
	got := answer(t.Context(), t, func(_ http.ResponseWriter, r *http.Request) { after = r.Context() })
	observe.Cache(after, cache.Miss)
	if len(got.Cache) > 0 {
		t.Errorf("told %+v", got)
	}
}
