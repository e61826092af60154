package health

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// upstream remembers when the upstream last answered and when it last failed.
type upstream struct {
	answered, failed atomic.Int64 // epoch nanoseconds; 0 is never
}

type upstreamReport struct {
	State       string    `json:"state"` // unknown before the first request, then up or down
	LastAnswer  time.Time `json:"lastAnswer,omitzero"`
	LastFailure time.Time `json:"lastFailure,omitzero"`
}

func (u *upstream) report() upstreamReport {
	answered, failed := u.answered.Load(), u.failed.Load()
	r := upstreamReport{State: "unknown", LastAnswer: toTime(answered), LastFailure: toTime(failed)}
	switch {
	case answered > failed:
		r.State = "up"
	case failed > 0:
		r.State = "down"
	}
	return r
}

func toTime(nanoseconds int64) time.Time {
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds).UTC()
}

// WatchUpstream remembers what comes of the requests that next sends: an answer
// below 500 says that the upstream is up.
func (h *Health) WatchUpstream(next http.RoundTripper) http.RoundTripper {
	return watched{&h.upstream, next}
}

type watched struct {
	upstream *upstream
	next     http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.next.RoundTrip(r)
	now := time.Now().UnixNano()
	switch {
	case saysNothing(err):
	case err != nil || res.StatusCode >= 500:
		w.upstream.failed.Store(now)
	default:
		w.upstream.answered.Store(now)
	}
	return res, err
}

// saysNothing reports whether the upstream was not asked to the end, because
// the caller gave up, or not at all, because the request was held back.
func saysNothing(err error) bool {
	if err == nil {
		return false
	}
	var heldBack interface{ RetryAfter() time.Duration }
	return errors.Is(err, context.Canceled) || errors.As(err, &heldBack)
}
