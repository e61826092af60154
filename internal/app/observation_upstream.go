package app

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/internal/health"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
	"texter-graphql/texter/upstream"
)

// upstreamObservation observes the calls to Texter.
type upstreamObservation struct {
	*observation
	health       *health.Health
	serviceToken bool // whether calls carry the token of the service, not that of the caller
	refusals     [3]refusals
	last         atomic.Pointer[upstream.Attempt] // the last one that failed
}

// refusals are the answers of Texter with one status that refuses calls.
type refusals struct {
	warned atomic.Int64 // when the last warning was written, in Unix nanoseconds
	count  atomic.Int64 // since that warning
}

// refusedStatuses are the statuses by which Texter refuses calls.
var refusedStatuses = [...]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests}

// refusalInterval is the shortest time between two warnings of one status.
const refusalInterval = time.Minute

// upstream observes attempts at calls to Texter, and reports their results to
// health.
func (o *observation) upstream(options *upstream.Options, state *health.Health, serviceToken bool) {
	u := &upstreamObservation{observation: o, health: state, serviceToken: serviceToken}
	options.Observe, options.BreakerChanged = u.attempt, u.breakerChanged
	if o.tracer != nil {
		options.Around = o.tracer.Transport
	}
}

func (u *upstreamObservation) attempt(ctx context.Context, a upstream.Attempt) {
	failed := a.Outcome == upstream.Failed || a.Status >= http.StatusInternalServerError
	switch {
	case failed:
		u.health.UpstreamFailed()
		last := a // a itself would be allocated each time
		u.last.Store(&last)
	case a.Outcome != upstream.Answered:
	case u.serviceToken && (a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden):
		u.health.UpstreamRefused()
	default:
		u.health.UpstreamAnswered()
	}
	if a.Outcome == upstream.Answered && a.Status >= http.StatusBadRequest {
		u.warnOfRefusal(ctx, a.Status)
	}
	if u.metrics != nil {
		u.metrics.Attempt(ctx, a)
	}
	observe.AddAttempt(ctx, a)
}

// warnOfRefusal logs that Texter refuses calls, once in refusalInterval for each
// status.
func (u *upstreamObservation) warnOfRefusal(ctx context.Context, status int) {
	for i, refused := range refusedStatuses {
		if status != refused {
			continue
		}
		r, now := &u.refusals[i], time.Now().UnixNano()
		count, warned := r.count.Add(1), r.warned.Load()
		if now-warned < int64(refusalInterval) || !r.warned.CompareAndSwap(warned, now) {
			return
		}
		r.count.Add(-count)
		token := "the caller's"
		if u.serviceToken {
			token = "TEXTER_API_TOKEN"
		}
		u.logger.WarnContext(ctx, "Texter refuses calls", "status", status, "token", token, "calls", count, "requestId", requestid.From(ctx))
	}
}

// breakerChanged logs the new state of the circuit breaker, and how the last
// attempt failed that did.
func (u *upstreamObservation) breakerChanged(state string) {
	u.health.BreakerChanged(state)
	if u.metrics != nil {
		u.metrics.Breaker(state)
	}
	var last upstream.Attempt
	if failed := u.last.Load(); failed != nil {
		last = *failed
	}
	u.logger.Warn("circuit breaker", "state", state, "upstreamFailure", string(last.Failure), "upstreamStatus", last.Status)
}

// callFailed observes a call that failed, where that does not show in an attempt:
// see texter.Options.
func (o *observation) callFailed(ctx context.Context, e *texter.Error) {
	if e.Failure != failure.Body {
		return
	}
	if o.metrics != nil {
		o.metrics.Failure(e.Failure)
	}
	observe.SetFailure(ctx, e.Failure)
}
