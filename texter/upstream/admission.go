package upstream

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
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

// gate bounds how many attempts are in flight, and how many wait.
type gate struct {
	places  *semaphore.Weighted
	waiting *atomic.Int64
	queue   int64 // how many may wait
}

func newGate(places int) gate {
	return gate{semaphore.NewWeighted(int64(places)), new(atomic.Int64), int64(places)}
}

// enter takes a place, and waits for one if all are taken. It fails with errShed
// if too many wait already, and with the error of ctx when that ends.
func (g gate) enter(ctx context.Context) (waited bool, err error) {
	if g.places.TryAcquire(1) {
		return false, nil
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.queue {
		return false, errShed
	}
	return true, g.places.Acquire(ctx, 1)
}

func (g gate) leave() { g.places.Release(1) }

// admit asks the circuit breaker and takes a place. It returns what sends the
// attempt, or why the attempt must not be sent.
func (a *attempt) admit() (http.RoundTripper, error) {
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	report, err := a.t.breaker.Allow()
	if err != nil {
		return nil, a.refuse(Open, errOpen)
	}
	waited, err := a.t.gate.enter(a.ctx)
	if err != nil {
		report(errNotCounted)
		if errors.Is(err, errShed) {
			err = a.refuse(Shed, errShed)
		}
		return nil, err
	}
	if waited { // the breaker may have opened in the meantime
		report(errNotCounted)
		if report, err = a.t.breaker.Allow(); err != nil {
			a.t.gate.leave()
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
	if a.result.Outcome = o; a.t.observe != nil {
		a.t.observe(a.ctx, a.result)
	}
	return err
}
