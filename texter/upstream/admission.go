package upstream

import (
	"errors"
	"net/http"
	"time"
)

// refusal is the error of a request that was not sent.
type refusal struct{ reason string }

var (
	errOpen = &refusal{"upstream: the circuit breaker is open"}
	errShed = &refusal{"upstream: the queue is full"}
)

// Error says why.
func (r *refusal) Error() string { return r.reason }

// RetryAfter is how long to wait before the next request.
func (r *refusal) RetryAfter() time.Duration { return openFor }

// enter takes a place for the attempt, and waits for one if all are taken. It fails
// with errShed if too many wait already, and with the error of the context when that
// ends.
func (a *attempt) enter() (waited bool, err error) {
	if a.place, err = a.t.places.Request(a.t.caller(a.ctx), 1); err != nil {
		return false, errShed
	}
	if a.place.IsReady() {
		return false, nil
	}
	return true, a.place.Wait(a.ctx)
}

// admit asks whether the credential is held back, then the circuit breaker, and
// takes a place. It returns what sends the attempt, or why the attempt must not be
// sent.
func (a *attempt) admit(authorization string) (http.RoundTripper, error) {
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	if held := a.t.holds.held(authorization); held != nil {
		return nil, a.refuse(Held, held)
	}
	report, err := a.t.breaker.Allow()
	if err != nil {
		return nil, a.refuse(Open, errOpen)
	}
	waited, err := a.enter()
	if err != nil {
		report(errNotCounted)
		if errors.Is(err, errShed) {
			err = a.refuse(Shed, errShed)
		}
		return nil, err
	}
	if waited { // much may have happened in the meantime
		report(errNotCounted)
		if held := a.t.holds.held(authorization); held != nil {
			a.place.Release()
			return nil, a.refuse(Held, held)
		}
		if report, err = a.t.breaker.Allow(); err != nil {
			a.place.Release()
			return nil, a.refuse(Open, errOpen)
		}
	}
	a.report = report
	if a.t.breaker.probing.Load() {
		return a.t.probe, nil
	}
	return a.t.next, nil
}

func (a *attempt) refuse(o Outcome, err error) error {
	if last := a.t.lastFailure.Load(); o == Open && last != nil {
		a.result.Failure = *last
	}
	if a.result.Outcome = o; a.t.observe != nil {
		a.t.observe(a.ctx, a.result)
	}
	return err
}
