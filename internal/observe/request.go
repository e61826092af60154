// Package observe collects what is known of each request, from the HTTP response
// down to the calls to Texter, for logs, metrics and traces. None of it is
// personal: no variables, queries, addresses, headers or bodies.
package observe

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/failure"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// CodeCanceled is the only one of Request.Codes if the caller did not wait for
// the answer.
const CodeCanceled = "CANCELED"

// Request is what is known of one request once it is answered.
type Request struct {
	graph.Outcome
	// ID is the request's id: see requestid.
	ID string
	// Caller names who sent it: see auth.Caller. It is empty if that is not known.
	Caller string
	// Status is the HTTP status, or 0 if there was no response.
	Status int
	// Bytes is the length of the response's body, as sent.
	Bytes int64
	// Duration is the time from the request's header to the end of the response.
	Duration time.Duration
	// Cache says for each search of the request where its page came from, in the
	// order in which the searches ended.
	Cache []cache.Outcome
	// Labels says where the labels of the request's chats came from; 0 if it read
	// none.
	Labels cache.Outcome
	// Attempts are the attempts at calls to Texter that were made for it.
	Attempts Attempts
	// IsSubscription says that it is a subscription that has started. Its end is
	// observed in another way: see Subscription.
	IsSubscription bool
	// Refusal says why the caller's credential is refused: see auth.Reason. It is
	// empty if it is not.
	Refusal string
}

// Attempts sums up attempts at calls to Texter.
type Attempts struct {
	// Count is the number of attempts.
	Count int
	// Last is the outcome of the attempt that ended last.
	Last upstream.Outcome
	// Status is the HTTP status of the attempt that ended last, or 0 if it had
	// none.
	Status int
	// Duration is the sum of the attempts' durations. Some attempts may have run
	// at the same time.
	Duration time.Duration
}

// Code returns the code of the request's first error, or OK.
func (r *Request) Code() string {
	if len(r.Codes) == 0 {
		return "OK"
	}
	return r.Codes[0]
}

// CacheOutcomes returns the names in Cache, each once, joined by commas.
func (r *Request) CacheOutcomes() string {
	if len(r.Cache) == 1 {
		return r.Cache[0].String()
	}
	var names []string
	for _, o := range r.Cache {
		if name := o.String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// record collects a Request. Calls after finish have no effect.
type record struct {
	began    time.Time
	response responseWriter
	mu       sync.Mutex
	finished bool
	request  Request
}

type recordKey struct{}

// change changes the Request that is collected for ctx, if any.
func change(ctx context.Context, by func(*Request)) {
	if r, ok := ctx.Value(recordKey{}).(*record); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.finished {
			by(&r.request)
		}
	}
}

// SetCaller stores who sent the request that ctx belongs to.
func SetCaller(ctx context.Context, name string) {
	change(ctx, func(r *Request) { r.Caller = name })
}

// SetOutcome stores the result of the request's operation: see graph.Options.
func SetOutcome(ctx context.Context, o graph.Outcome) {
	change(ctx, func(r *Request) {
		o.Failure = cmp.Or(o.Failure, r.Failure)
		r.Outcome = o
	})
}

// SetFailure stores why a call to Texter failed.
func SetFailure(ctx context.Context, class failure.Class) {
	change(ctx, func(r *Request) { r.Failure = class })
}

// SetRefusal stores why the credential of the request is refused.
func SetRefusal(ctx context.Context, reason string) {
	change(ctx, func(r *Request) { r.Refusal = reason })
}

// AddSearch adds where the page of a search came from: see cache.Options.
func AddSearch(ctx context.Context, o cache.Outcome) {
	change(ctx, func(r *Request) { r.Cache = append(r.Cache, o) })
}

// SetLabels stores where the labels came from: see cache.Options.
func SetLabels(ctx context.Context, o cache.Outcome) {
	change(ctx, func(r *Request) { r.Labels = o })
}

// AddAttempt adds an attempt at a call to Texter: see upstream.Options.
func AddAttempt(ctx context.Context, a upstream.Attempt) {
	change(ctx, func(r *Request) {
		r.Attempts.Count++
		r.Attempts.Last, r.Attempts.Status = a.Outcome, a.Status
		r.Attempts.Duration += a.Duration
		if a.Failure != "" {
			r.Failure = a.Failure
		}
	})
}
