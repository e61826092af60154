package health_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/health"
)

// response is the body of a response.
type response struct {
	Status   string
	Upstream *struct{ State, Breaker, LastAnswer, LastFailure string }
}

func get(t *testing.T, h http.Handler) (status int, body response) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return w.Code, body
}

func TestDrain(t *testing.T) {
	var h health.Health
	for _, draining := range []bool{false, true} {
		status, ready, connection := 200, "ready", ""
		if draining {
			h.Drain()
			status, ready, connection = 503, "draining", "close"
		}
		t.Run(fmt.Sprintf("draining is %t: readiness is %d", draining, status), func(t *testing.T) {
			if got, body := get(t, h.Ready()); got != status || body.Status != ready || body.Upstream.State != "unknown" {
				t.Errorf("it is %d, %+v", got, body)
			}
		})
		t.Run(fmt.Sprintf("draining is %t: liveness is 200", draining), func(t *testing.T) {
			if got, body := get(t, h.Live()); got != 200 || body.Status != "ok" || body.Upstream != nil {
				t.Errorf("it is %d, %+v", got, body)
			}
		})
		t.Run(fmt.Sprintf("draining is %t: the header Connection is %q", draining, connection), func(t *testing.T) {
			w := httptest.NewRecorder()
			h.CloseConnections(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if got := w.Header().Get("Connection"); got != connection || w.Code != 404 {
				t.Errorf("it is %q, status %d", got, w.Code)
			}
		})
	}
}

func TestMethods(t *testing.T) {
	var h health.Health
	for method, status := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "OPTIONS": 405} {
		for name, handler := range map[string]http.Handler{"liveness": h.Live(), "readiness": h.Ready()} {
			t.Run(fmt.Sprintf("%s answers %s with %d", name, method, status), func(t *testing.T) {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
				if w.Code != status || (status == 405) != (w.Header().Get("Allow") == "GET, HEAD") {
					t.Errorf("got %d, %v", w.Code, w.Header())
				}
			})
		}
	}
}

// TestBodies: responses are JSON that nobody stores, and say that chats are made up if
// they are.
func TestBodies(t *testing.T) {
	for sandbox, field := range map[bool]string{false: "", true: `,"sandbox":true`} {
		h := health.Health{Sandbox: sandbox}
		expect := func(handler http.Handler, want string) {
			t.Helper()
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if got := strings.TrimSpace(w.Body.String()); got != want || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("got %s with %v, want %s", got, w.Header(), want)
			}
		}
		expect(h.Live(), `{"status":"ok"`+field+`}`)
		expect(h.Ready(), `{"status":"ready"`+field+`,"upstream":{"state":"unknown"}}`)
		h.Drain()
		expect(h.Ready(), `{"status":"draining"`+field+`,"upstream":{"state":"unknown"}}`)
	}
}

// TestUpstream: readiness shows the state of the upstream, and stays 200.
func TestUpstream(t *testing.T) {
	var h health.Health
	for _, test := range []struct {
		name           string
		event          func()
		state, breaker string
	}{
		{"unknown before the first call", func() {}, "unknown", ""},
		{"down after a failure", h.UpstreamFailed, "down", ""},
		{"down while the breaker opens", func() { h.BreakerChanged("open") }, "down", "open"},
		{"up after an answer", h.UpstreamAnswered, "up", "open"},
		{"unauthorized after a refusal", h.UpstreamRefused, "unauthorized", "open"},
		{"down after a failure, although the token was refused", h.UpstreamFailed, "down", "open"},
		{"up after an answer again", h.UpstreamAnswered, "up", "open"},
		{"up while the breaker closes", func() { h.BreakerChanged("closed") }, "up", "closed"},
		{"down after another failure", h.UpstreamFailed, "down", "closed"},
	} {
		test.event()
		t.Run("it is "+test.name, func(t *testing.T) {
			if status, body := get(t, h.Ready()); status != 200 || body.Upstream.State != test.state || body.Upstream.Breaker != test.breaker {
				t.Errorf("got %d, %+v", status, body.Upstream)
			}
		})
	}
	t.Run("the last failure is later than the last answer", func(t *testing.T) {
		if _, body := get(t, h.Ready()); body.Upstream.LastAnswer >= body.Upstream.LastFailure {
			t.Errorf("got %+v", body.Upstream)
		}
	})
}
