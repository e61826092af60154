package health_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"texter-graphql/internal/health"
)

// answer is the body of an answer.
type answer struct {
	Status   string
	Upstream *struct{ State, Breaker, LastAnswer, LastFailure string }
}

func ask(t *testing.T, h http.Handler) (status int, a answer) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return w.Code, a
}

// TestDraining fails readiness alone, and ends connections.
func TestDraining(t *testing.T) {
	var h health.Health
	for _, draining := range []bool{false, true} {
		status, ready, connection := 200, "ready", ""
		if draining {
			h.Drain()
			status, ready, connection = 503, "draining", "close"
		}
		if got, a := ask(t, h.Ready()); got != status || a.Status != ready || a.Upstream.State != "unknown" {
			t.Errorf("draining %t: readiness is %d, %+v", draining, got, a)
		}
		if got, a := ask(t, h.Live()); got != 200 || a.Status != "ok" || a.Upstream != nil {
			t.Errorf("draining %t: liveness is %d, %+v", draining, got, a)
		}
		w := httptest.NewRecorder()
		h.CloseConnections(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if got := w.Header().Get("Connection"); got != connection || w.Code != 404 {
			t.Errorf("draining %t: Connection is %q", draining, got)
		}
	}
}

func TestMethods(t *testing.T) {
	var h health.Health
	for method, status := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "OPTIONS": 405} {
		for name, handler := range map[string]http.Handler{"live": h.Live(), "ready": h.Ready()} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
			if w.Code != status || (status == 405) != (w.Header().Get("Allow") == "GET, HEAD") {
				t.Errorf("%s %s: %d, %v", method, name, w.Code, w.Header())
			}
		}
	}
}

// TestUpstream tells how the upstream does, but stays ready.
func TestUpstream(t *testing.T) {
	var h health.Health
	for _, test := range []struct {
		tell           func()
		state, breaker string
	}{
		{func() {}, "unknown", ""},
		{h.UpstreamFailed, "down", ""},
		{func() { h.BreakerChanged("open") }, "down", "open"},
		{h.UpstreamAnswered, "up", "open"},
		{func() { h.BreakerChanged("closed") }, "up", "closed"},
		{h.UpstreamFailed, "down", "closed"},
	} {
		test.tell()
		if status, a := ask(t, h.Ready()); status != 200 || a.Upstream.State != test.state || a.Upstream.Breaker != test.breaker {
			t.Errorf("%d, %+v", status, a.Upstream)
		}
	}
	if _, a := ask(t, h.Ready()); a.Upstream.LastAnswer >= a.Upstream.LastFailure {
		t.Errorf("got %+v", a.Upstream)
	}
}
