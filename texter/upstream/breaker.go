package upstream

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// breakerWindow is the shortest time over which attempts are counted. An
	// attempt counts from when it began, so the window must be longer than any
	// attempt takes.
	breakerWindow = 30 * time.Second
	// breakerFailures is how many attempts must fail before the breaker opens.
	breakerFailures = 20
	// openFor is how long the breaker stays open before one request probes
	// whether Texter is back.
	openFor = time.Second
	// probeTimeout bounds how long a probe waits for the header of its response.
	// While a probe waits, no other request is sent.
	probeTimeout = 3 * time.Second
)

// Errors for the circuit breaker.
var (
	// errServer reports a server error.
	errServer = errors.New("upstream: a server error")
	// errNotCounted reports an attempt that says nothing about Texter.
	errNotCounted = errors.New("upstream: not counted")
)

// breaker counts how attempts end, and lets none through while most of them
// fail.
type breaker struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]
	probing atomic.Bool // whether the state is half-open
}

func newBreaker(attemptTimeout time.Duration, changed func(state string)) *breaker {
	b := &breaker{}
	window := max(breakerWindow, 4*attemptTimeout)
	b.TwoStepCircuitBreaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Interval:     window,
		BucketPeriod: window / 10,
		Timeout:      openFor,
		ReadyToTrip:  mostFail,
		IsExcluded:   func(err error) bool { return errors.Is(err, errNotCounted) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if b.probing.Store(to == gobreaker.StateHalfOpen); changed != nil {
				changed(to.String())
			}
		},
	})
	return b
}

// mostFail reports whether the last attempts all failed, or three of four in the
// window. Only an outage does that; retries deal with failures at random.
func mostFail(c gobreaker.Counts) bool {
	return c.ConsecutiveFailures >= breakerFailures ||
		c.TotalFailures >= breakerFailures && c.TotalFailures >= 3*c.TotalSuccesses
}
