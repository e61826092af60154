// Package health says whether the process lives, whether it takes requests,
// and how its upstream does.
package health

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

// Health is the health of a service. The zero value is ready. It is safe for
// concurrent use.
type Health struct {
	draining atomic.Bool
	upstream upstream
}

// Drain makes the service not ready, for good.
func (h *Health) Drain() { h.draining.Store(true) }

// report is the body of an answer.
type report struct {
	Status   string          `json:"status"`
	Upstream *upstreamReport `json:"upstream,omitempty"`
}

// Live answers 200 as long as the process answers at all.
func (h *Health) Live() http.Handler {
	return readOnly(func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, report{Status: "ok"})
	})
}

// Ready answers 200 while requests should come here, and 503 while draining.
// The state of the upstream is told, but does not decide: no other instance
// would have a better one.
func (h *Health) Ready() http.Handler {
	return readOnly(func(w http.ResponseWriter, _ *http.Request) {
		upstream := h.upstream.report()
		if h.draining.Load() {
			write(w, http.StatusServiceUnavailable, report{"draining", &upstream})
			return
		}
		write(w, http.StatusOK, report{"ready", &upstream})
	})
}

// CloseConnections makes each answer the last of its connection while the
// service drains, so that clients connect anew, elsewhere.
func (h *Health) CloseConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// readOnly takes GET and HEAD.
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
	_ = json.NewEncoder(w).Encode(body) // a client that is gone needs no answer
}
