package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// Outcome says how an attempt ended.
type Outcome string

// The outcomes of an Attempt.
const (
	// Answered: a whole answer came, of whatever status.
	Answered Outcome = "answered"
	// Failed: the connection broke, or no whole answer came in time.
	Failed Outcome = "failed"
	// Canceled: the caller gave up.
	Canceled Outcome = "canceled"
	// Shed: nothing was sent, for too many requests wait for their turn.
	Shed Outcome = "shed"
	// Open: nothing was sent, for the breaker is open.
	Open Outcome = "open"
)

// Attempt is one attempt at a request, after it has ended.
type Attempt struct {
	// Number counts the attempts at the request, from 1: the others are retries.
	Number int
	// Outcome says how it ended.
	Outcome Outcome
	// Status is the HTTP status of the answer, 0 if none came.
	Status int
	// Duration is the time from sending to the end of the body, 0 if nothing
	// was sent.
	Duration time.Duration
}

// attempt is one attempt, under way. It is the body of its own answer, for it
// lasts until that is closed.
type attempt struct {
	io.ReadCloser // the body
	t             *Transport
	ctx           context.Context
	report        func(error) // tells the breaker
	began         time.Time
	broken        error // what the body broke off with
	closed        bool
	result        Attempt
}

// attempt sends the request once.
func (t *Transport) attempt(req *http.Request, number int) (*http.Response, error) {
	a := &attempt{t: t, ctx: req.Context(), result: Attempt{Number: number}}
	next, err := a.admit()
	if err != nil {
		return nil, err
	}
	if number == 1 {
		t.budget.deposit()
	}
	a.began = time.Now()
	res, err := next.RoundTrip(req)
	if err != nil {
		a.end(err)
		return nil, err
	}
	a.result.Status = res.StatusCode
	a.ReadCloser, res.Body = res.Body, a
	return res, nil
}

// admit waits until the attempt may be sent, and returns by what. Else it says
// why not.
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
		report(errNoVerdict)
		if errors.Is(err, errShed) {
			err = a.refuse(Shed, errShed)
		}
		return nil, err
	}
	if waited { // the breaker may have opened meanwhile
		report(errNoVerdict)
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

// end gives the attempt's place to the next one. The error is what kept the
// answer from being whole.
func (a *attempt) end(err error) {
	a.result.Outcome = Answered
	verdict := err
	switch {
	case err != nil && errors.Is(a.ctx.Err(), context.Canceled):
		a.result.Outcome, verdict = Canceled, errNoVerdict
	case err != nil:
		a.result.Outcome = Failed
	case a.result.Status >= 500:
		verdict = errServer
	}
	a.report(verdict)
	a.t.gate.leave()
	if a.t.observe != nil {
		a.result.Duration = time.Since(a.began)
		a.t.observe(a.ctx, a.result)
	}
}

// Read notes whether the body breaks off.
func (a *attempt) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		a.broken = err
	}
	return n, err
}

// Close ends the attempt.
func (a *attempt) Close() error {
	err := a.ReadCloser.Close()
	if !a.closed {
		a.closed = true
		a.end(a.broken)
	}
	return err
}
