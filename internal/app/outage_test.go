package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestOutage has Texter die and come back: while it is dead there are errors at
// once, and soon after it is back an answer.
func TestOutage(t *testing.T) {
	var dead atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if dead.Load() {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, oneChat)
	}))
	t.Cleanup(server.Close)
	s := start(t, nil, "-texter-url", server.URL)
	search := func() (body string, took time.Duration) {
		began := time.Now()
		_, body = s.search(t, "Authorization: Bearer caller")
		return body, time.Since(began)
	}
	if body, _ := search(); !strings.HasPrefix(body, `{"data":{"searchChats":{`) {
		t.Fatalf("before: %s", body)
	}
	dead.Store(true)
	for {
		body, _ := search()
		if !strings.Contains(body, `"code":"UPSTREAM_UNAVAILABLE"`) {
			t.Fatalf("dying: %s", body)
		}
		if strings.Contains(body, `"retryAfter":1`) {
			break // the breaker is open
		}
	}
	var times []time.Duration
	for range 100 {
		body, took := search()
		if times = append(times, took); !strings.Contains(body, `"code":"UPSTREAM_UNAVAILABLE"`) {
			t.Fatalf("dead: %s", body)
		}
	}
	slices.Sort(times)
	if times[90] > 50*time.Millisecond {
		t.Errorf("errors take %v", times[90:])
	}
	dead.Store(false)
	for back := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if body, _ := search(); strings.HasPrefix(body, `{"data":{"searchChats":{`) {
			break
		} else if time.Since(back) > 5*time.Second {
			t.Fatalf("back for 5 seconds: %s", body)
		}
	}
}

// TestRetryAfter has Texter ask for more time than there is: the caller learns
// of it at once, after one request.
func TestRetryAfter(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(server.Close)
	s := start(t, nil, "-texter-url", server.URL)
	_, body := s.search(t, "Authorization: Bearer caller")
	if !strings.Contains(body, `"code":"RATE_LIMITED"`) || !strings.Contains(body, `"retryAfter":3`) || requests.Load() != 1 {
		t.Errorf("%d requests, then %s", requests.Load(), body)
	}
}

// TestRequestTimeout has a page take two calls, neither of which takes too long
// by itself.
func TestRequestTimeout(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(200 * time.Millisecond):
			_, _ = io.WriteString(w, `{"data":[{"_id":"1"}],"total":1000}`)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	s := start(t, nil, "-texter-url", server.URL, "-request-timeout", "300ms")
	began := time.Now()
	_, body := s.send(t, http.MethodPost, "/graphql", `{"query":"{ searchChats(last: 5) { totalCount nodes { id } } }"}`,
		"Authorization: Bearer caller", "Content-Type: application/json")
	if took := time.Since(began); !strings.Contains(body, `"code":"UPSTREAM_TIMEOUT"`) || took > 5*time.Second {
		t.Errorf("got %s after %v", body, took)
	}
}
