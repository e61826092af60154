package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/internal/shares"
)

// Outcome says how an attempt ended.
type Outcome string

// The outcomes of an Attempt.
const (
	// Answered: a complete response arrived, with any status.
	Answered Outcome = "answered"
	// Failed: the connection broke, or no complete response arrived in time.
	Failed Outcome = "failed"
	// Canceled: the caller canceled the request.
	Canceled Outcome = "canceled"
	// Shed: nothing was sent, because too many requests wait already.
	Shed Outcome = "shed"
	// Open: nothing was sent, because the circuit breaker is open.
	Open Outcome = "open"
	// Held: nothing was sent, because Texter asked this credential to wait.
	Held Outcome = "held"
)

// Attempt describes one attempt at a request after it has ended.
type Attempt struct {
	// Number counts the attempts at one request, from 1. The others are retries.
	Number int
	// Outcome says how it ended.
	Outcome Outcome
	// Failure is why an attempt Failed. With Open, it is why the last attempt that
	// failed did, if it got no status. It is empty otherwise.
	Failure failure.Class
	// Status is the HTTP status of the response; 0 if there was none.
	Status int
	// Duration is the time from sending the request to the end of the body; 0 if
	// nothing was sent.
	Duration time.Duration
}

// attempt is an attempt in flight. It is also the body of its response, because
// it lasts until the body is closed.
type attempt struct {
	io.ReadCloser // the body
	t             *Transport
	ctx           context.Context
	place         *shares.Share
	report        func(error) // tells the circuit breaker how the attempt ended
	began         time.Time
	bodyErr       error // why the body is not complete
	closed        bool
	result        Attempt
}

// attempt sends the request once.
func (t *Transport) attempt(req *http.Request, number int) (*http.Response, error) {
	a := &attempt{t: t, ctx: req.Context(), result: Attempt{Number: number}}
	authorization := req.Header.Get("Authorization")
	next, err := a.admit(authorization)
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
	t.holds.add(authorization, res)
	a.ReadCloser, res.Body = res.Body, a
	return res, nil
}

// end reports how the attempt ended, and gives its place to the next one. The
// error says why there is no complete response; nil if there is one.
func (a *attempt) end(err error) {
	a.result.Outcome = Answered
	counted := err
	switch {
	case err != nil && errors.Is(a.ctx.Err(), context.Canceled):
		a.result.Outcome, counted = Canceled, errNotCounted
	case err != nil:
		class := failure.Of(err)
		a.result.Outcome, a.result.Failure = Failed, class
		a.t.lastFailure.Store(&class)
	case a.result.Status >= 500:
		counted = errServer
		a.t.lastFailure.Store(nil)
	}
	a.report(counted)
	a.place.Release()
	if a.t.observe != nil {
		a.result.Duration = time.Since(a.began)
		a.t.observe(a.ctx, a.result)
	}
}

// Read implements io.Reader. It remembers the error of a body that breaks off.
func (a *attempt) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err != io.EOF {
		a.bodyErr = err
	}
	return n, err
}

// Close implements io.Closer. It ends the attempt.
func (a *attempt) Close() error {
	err := a.ReadCloser.Close()
	if !a.closed {
		a.closed = true
		a.end(a.bodyErr)
	}
	return err
}
