// Package health says whether the process is alive, whether it is ready for
// requests, and whether its upstream answers.
package health

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

// Health is the health of a service. The zero value is ready. It is safe for
// concurrent use.
type Health struct {
	// Sandbox says that the chats are made up. It is not changed once the service runs.
	Sandbox  bool
	draining atomic.Bool
	upstream upstream
}

// Drain makes the service not ready. It never becomes ready again.
func (h *Health) Drain() { h.draining.Store(true) }

// report is the body of a response.
type report struct {
	Status   string          `json:"status"`
	Sandbox  bool            `json:"sandbox,omitempty"`
	Upstream *upstreamReport `json:"upstream,omitempty"`
}

// Live returns a handler that always answers 200: the process is alive.
func (h *Health) Live() http.Handler {
	return readOnly(func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, report{Status: "ok", Sandbox: h.Sandbox})
	})
}

// Ready returns a handler that answers 200 if the service is ready for requests,
// and 503 while it drains. The response also has the state of the upstream, which
// does not decide: all instances have the same upstream.
func (h *Health) Ready() http.Handler {
	return readOnly(func(w http.ResponseWriter, _ *http.Request) {
		status, state, upstream := http.StatusOK, "ready", h.upstream.report()
		if h.draining.Load() {
			status, state = http.StatusServiceUnavailable, "draining"
		}
		write(w, status, report{state, h.Sandbox, &upstream})
	})
}

// CloseConnections makes each response the last of its connection while the
// service drains, so that clients connect to another instance.
func (h *Health) CloseConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// readOnly serves GET and HEAD, and refuses other methods.
func readOnly(handle http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Use GET or HEAD.", http.StatusMethodNotAllowed)
			return
		}
		handle(w, r)
	})
}

func write(w http.ResponseWriter, status int, body report) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}
