// Package upstream sends requests to Texter. It retries where that helps, limits
// how many requests are in flight, and stops sending while Texter is down.
package upstream

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"texter-graphql/internal/failure"
	"texter-graphql/internal/shares"
)

// Defaults of Options.
const (
	DefaultAttemptTimeout = 7 * time.Second
	DefaultConcurrency    = 64
)

// maxAttempts is how often one request is sent at most.
const maxAttempts = 3

// Options configure a Transport.
type Options struct {
	// AttemptTimeout bounds how long an attempt waits for the header of its
	// response; 0 is DefaultAttemptTimeout. The context of a request bounds the
	// request with all its attempts.
	AttemptTimeout time.Duration
	// Concurrency is how many attempts are in flight at most, each until its body
	// is closed; 0 is DefaultConcurrency. As many more wait. Requests beyond that
	// are refused. One caller can have half of each.
	Concurrency int
	// Caller names the caller of a request, from its context; empty if it is not
	// known. Nil if no caller is known.
	Caller func(context.Context) string
	// Observe is called with every attempt that has ended, and with every refusal.
	// It must return soon and be safe for concurrent use. It may be nil.
	Observe func(context.Context, Attempt)
	// BreakerChanged is called with the new state of the circuit breaker: "closed"
	// (requests are sent), "open" (no request is sent) or "half-open" (one request
	// probes). It must return soon and not use the Transport. It may be nil.
	BreakerChanged func(state string)
	// NetHTTP says that net/http's Transport sends all attempts. Otherwise package
	// http1 sends those that it supports and that go through no proxy.
	NetHTTP bool
	// Next sends the attempts; nil makes what NetHTTP says.
	Next http.RoundTripper
	// Around wraps what sends the attempts, for example to trace them. It is called
	// once for ordinary attempts and once for probes. It may be nil.
	Around func(http.RoundTripper) http.RoundTripper

	dial func(ctx context.Context, network, address string) (net.Conn, error) // set by tests
}

// Transport is an http.RoundTripper. It is safe for concurrent use; the body of a
// response is for one goroutine.
//
// A GET request is sent up to three times if its connection breaks, if there is
// no response, or if the status is 429, 502, 503 or 504. Before a retry there is
// a random pause, or the one that Retry-After asks for. There is no retry if the
// request has no time left for it, if the circuit breaker is not closed, or if
// the budget is used up.
//
// After a 429, and after a 503 with Retry-After, no request with the same
// Authorization header is sent until the time is over: see HeldBack.
//
// An error with a method RetryAfter() time.Duration means that nothing was sent. If
// it has a method StatusCode() int, Texter asked to wait by that status.
type Transport struct {
	next    http.RoundTripper
	probe   http.RoundTripper // next, with a shorter timeout
	places  *shares.Pool
	caller  func(context.Context) string
	breaker *breaker
	budget  budget
	holds   *holds
	observe func(context.Context, Attempt)
	// lastFailure is why the last attempt failed that did; nil if it got a status.
	lastFailure atomic.Pointer[failure.Class]
	senders     []*sender // to close their idle connections; none with Options.Next
}

// NewTransport makes a Transport. Options below zero count as zero.
func NewTransport(o Options) *Transport {
	if o.AttemptTimeout <= 0 {
		o.AttemptTimeout = DefaultAttemptTimeout
	}
	if o.Concurrency <= 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.Caller == nil {
		o.Caller = func(context.Context) string { return "" }
	}
	if o.dial == nil {
		o.dial = new(net.Dialer).DialContext
	}
	t := &Transport{
		next:    o.Next,
		probe:   o.Next,
		places:  shares.NewPool(shares.Options{Size: o.Concurrency, MaxWaiting: o.Concurrency}),
		caller:  o.Caller,
		breaker: newBreaker(o.AttemptTimeout, o.BreakerChanged),
		observe: o.Observe,
		holds:   newHolds(),
	}
	if o.Next == nil {
		next := newSender(o, o.AttemptTimeout, o.Concurrency)
		probe := newSender(o, min(o.AttemptTimeout, probeTimeout), 1)
		t.next, t.probe, t.senders = next, probe, []*sender{next, probe}
	}
	if o.Around != nil {
		t.next, t.probe = o.Around(t.next), o.Around(t.probe)
	}
	t.budget.tokens.Store(maxTokens)
	return t
}

// Load is what a Transport does at a time.
type Load struct {
	// InFlight is how many attempts are in flight, each until its body is closed.
	InFlight int
	// Waiting is how many wait for others to end.
	Waiting int
	// RetriesLeft is how many retries the budget allows now.
	RetriesLeft float64
}

// Load returns what the Transport does at this moment.
func (t *Transport) Load() Load {
	inFlight, waiting := t.places.Load()
	return Load{inFlight, waiting, max(0, float64(t.budget.tokens.Load())/tokensPerRetry)}
}

// CloseIdleConnections closes the connections to Texter that are idle. It does
// nothing for Options.Next.
func (t *Transport) CloseIdleConnections() {
	for _, s := range t.senders {
		s.CloseIdleConnections()
	}
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	for number := 1; ; number++ {
		res, err := t.attempt(req, number)
		if number == maxAttempts || req.Method != http.MethodGet || !isTemporary(res, err) {
			return res, err
		}
		pause := retryPause(res, number)
		if !hasTime(req.Context(), pause) || t.breaker.State() != gobreaker.StateClosed || !t.budget.withdraw() {
			return res, err
		}
		if res != nil {
			_ = res.Body.Close()
		}
		if err := sleep(req.Context(), pause); err != nil {
			return nil, err
		}
	}
}
