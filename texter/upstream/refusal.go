package upstream

import "time"

// refusal is the error of a request that was not sent.
type refusal struct{ reason string }

var (
	errOpen = &refusal{"upstream: the breaker is open"}
	errShed = &refusal{"upstream: too many requests wait already"}
)

// Error says why.
func (r *refusal) Error() string { return r.reason }

// RetryAfter is how long to wait before the next request.
func (r *refusal) RetryAfter() time.Duration { return openFor }
