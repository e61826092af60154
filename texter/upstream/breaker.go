package upstream

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// breakerWindow is the least time over which attempts are counted. They count
	// as of when they began, so that it must be longer than they take.
	breakerWindow = 30 * time.Second
	// breakerFailures is how many of them fail, at least, when the breaker opens.
	breakerFailures = 20
	// openFor is how long the breaker stays open before a request probes
	// whether Texter is back.
	openFor = time.Second
	// probeTimeout bounds how long a probe waits for the head of an answer, so
	// that silence does not keep the breaker open for much longer than Texter
	// is silent.
	probeTimeout = 3 * time.Second
)

// What is reported to the breaker.
var (
	errServer    = errors.New("upstream: a server error")
	errNoVerdict = errors.New("upstream: nothing to learn of")
)

// breaker counts what becomes of attempts, and lets none through while most
// fail.
type breaker struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]
	probing atomic.Bool // whether it is half-open
}

func newBreaker(attemptTimeout time.Duration, changed func(state string)) *breaker {
	b := &breaker{}
	window := max(breakerWindow, 4*attemptTimeout)
	b.TwoStepCircuitBreaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Interval:     window,
		BucketPeriod: window / 10,
		Timeout:      openFor,
		ReadyToTrip:  mostFail,
		IsExcluded:   func(err error) bool { return errors.Is(err, errNoVerdict) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if b.probing.Store(to == gobreaker.StateHalfOpen); changed != nil {
				changed(to.String())
			}
		},
	})
	return b
}

// mostFail reports whether all attempts of late fail, or three of four over the
// whole window. So it takes an outage: random failures are left to retries.
func mostFail(c gobreaker.Counts) bool {
	return c.ConsecutiveFailures >= breakerFailures ||
		c.TotalFailures >= breakerFailures && c.TotalFailures >= 3*c.TotalSuccesses
}
