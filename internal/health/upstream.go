package health

import (
	"sync/atomic"
	"time"
)

// upstream holds the times of the upstream's last answer and last failure, and the
// state of the circuit breaker in front of it.
type upstream struct {
	answered, failed atomic.Int64 // Unix time in nanoseconds; 0 means never
	refused          atomic.Bool  // whether the last answer was a refusal of the service's token
	breaker          atomic.Pointer[string]
}

// UpstreamAnswered stores that the upstream has just answered as it should.
func (h *Health) UpstreamAnswered() {
	h.upstream.answered.Store(time.Now().UnixNano())
	h.upstream.refused.Store(false)
}

// UpstreamRefused stores that the upstream has just refused the token of the
// service.
func (h *Health) UpstreamRefused() {
	h.upstream.answered.Store(time.Now().UnixNano())
	h.upstream.refused.Store(true)
}

// UpstreamFailed stores that the upstream has just failed.
func (h *Health) UpstreamFailed() { h.upstream.failed.Store(time.Now().UnixNano()) }

// BreakerChanged stores the new state of the circuit breaker.
func (h *Health) BreakerChanged(state string) { h.upstream.breaker.Store(&state) }

type upstreamReport struct {
	State       string    `json:"state"`             // unknown before the first call, then up, down or unauthorized
	Breaker     string    `json:"breaker,omitempty"` // empty before its first change
	LastAnswer  time.Time `json:"lastAnswer,omitzero"`
	LastFailure time.Time `json:"lastFailure,omitzero"`
}

func (u *upstream) report() upstreamReport {
	answered, failed := u.answered.Load(), u.failed.Load()
	r := upstreamReport{State: "unknown", LastAnswer: toTime(answered), LastFailure: toTime(failed)}
	switch {
	case answered > failed && u.refused.Load():
		r.State = "unauthorized"
	case answered > failed:
		r.State = "up"
	case failed > 0:
		r.State = "down"
	}
	if state := u.breaker.Load(); state != nil {
		r.Breaker = *state
	}
	return r
}

func toTime(nanoseconds int64) time.Time {
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds).UTC()
}
