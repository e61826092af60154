// Package upstream stands between the client and Texter: it tries again where
// that helps, and holds back where Texter has enough to do.
package upstream

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"

	"texter-graphql/texter/upstream/http1"
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
	// AttemptTimeout bounds how long an attempt waits for the head of an
	// answer; 0 is DefaultAttemptTimeout. What a request takes as a whole is
	// bounded by its context.
	AttemptTimeout time.Duration
	// Concurrency is how many attempts are under way at most, each until its
	// body is closed; 0 is DefaultConcurrency. As many more wait for their turn,
	// and those beyond are refused.
	Concurrency int
	// Observe learns of every attempt when it has ended, and of every refusal.
	// It must return soon and be safe for concurrent use. Nil for none.
	Observe func(context.Context, Attempt)
	// BreakerChanged learns of the breaker's states: "closed" (all is well),
	// "open" (nothing is sent) and "half-open" (one request probes). It must
	// return soon and not use the Transport. Nil for none.
	BreakerChanged func(state string)
	// Next sends the attempts; nil is an http.Transport made for this.
	Next http.RoundTripper
	// Around puts something between a Transport and what sends its attempts,
	// such as tracing; it is called once for each sender. Nil for nothing.
	Around func(http.RoundTripper) http.RoundTripper
}

// Transport is an http.RoundTripper. It is safe for concurrent use, except that
// the body of an answer is for one goroutine.
//
// GET requests that meet a broken connection, no answer, 429, 502, 503 or 504
// are sent up to three times, after a random pause or what Retry-After asks
// for, as long as that fits the deadline of the request and the budget: see
// budget. An error that implements RetryAfter() time.Duration means that
// nothing was sent.
type Transport struct {
	next    http.RoundTripper
	probe   http.RoundTripper // next, in a hurry
	gate    gate
	breaker *breaker
	budget  budget
	observe func(context.Context, Attempt)
}

// NewTransport makes a transport. Options below zero count as zero.
func NewTransport(o Options) *Transport {
	if o.AttemptTimeout <= 0 {
		o.AttemptTimeout = DefaultAttemptTimeout
	}
	if o.Concurrency <= 0 {
		o.Concurrency = DefaultConcurrency
	}
	t := &Transport{
		next:    o.Next,
		probe:   o.Next,
		gate:    newGate(o.Concurrency),
		breaker: newBreaker(o.AttemptTimeout, o.BreakerChanged),
		observe: o.Observe,
	}
	if o.Next == nil {
		t.next = newNext(o.AttemptTimeout, o.Concurrency)
		t.probe = newNext(min(o.AttemptTimeout, probeTimeout), 1)
	}
	if o.Around != nil {
		t.next, t.probe = o.Around(t.next), o.Around(t.probe)
	}
	t.budget.tokens.Store(maxTokens)
	return t
}

// sender sends attempts.
type sender struct {
	direct *http1.Transport
	other  *http.Transport // for what is not direct
}

// newNext keeps idle connections for all attempts: the standard library keeps 2
// a host, and would open most of a busy service's anew.
func newNext(attemptTimeout time.Duration, concurrency int) http.RoundTripper {
	connect := min(attemptTimeout, connectTimeout)
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: connect, KeepAlive: 15 * time.Second}).DialContext
	t.TLSHandshakeTimeout = connect
	t.ResponseHeaderTimeout = attemptTimeout
	t.MaxIdleConns, t.MaxIdleConnsPerHost = concurrency, concurrency
	// Else requests go on over an HTTP/2 connection that has died in silence.
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second}
	direct := http1.New(http1.Options{
		ConnectTimeout: connect, HeadTimeout: attemptTimeout, MaxIdle: concurrency, IdleTimeout: t.IdleConnTimeout,
	})
	return sender{direct, t}
}

// RoundTrip implements http.RoundTripper.
func (s sender) RoundTrip(req *http.Request) (*http.Response, error) {
	if proxy, err := http.ProxyFromEnvironment(req); proxy != nil || err != nil || !http1.Takes(req) {
		return s.other.RoundTrip(req)
	}
	return s.direct.RoundTrip(req)
}

// connectTimeout bounds the making of a connection, and TLS on top of it.
const connectTimeout = 3 * time.Second

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	for number := 1; ; number++ {
		res, err := t.attempt(req, number)
		if number == maxAttempts || req.Method != http.MethodGet || !worthRetrying(res, err) {
			return res, err
		}
		pause := retryPause(res, number)
		if !fits(req.Context(), pause) || t.breaker.State() != gobreaker.StateClosed || !t.budget.withdraw() {
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
