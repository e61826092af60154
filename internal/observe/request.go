// Package observe gathers what is to be known of each request, from the HTTP
// answer down to the calls to Texter, and tells it once the request is answered.
// None of it is personal: no variable, query, address, header or body.
package observe

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"texter-graphql/graph"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// CodeCanceled stands among Request.Codes for a caller that did not wait.
const CodeCanceled = "CANCELED"

// Request is what is known of one request once it is answered.
type Request struct {
	graph.Outcome
	// ID is the request's id: see requestid.
	ID string
	// Caller names who sent it, as auth.Caller does; empty if that is not known.
	Caller string
	// Status is the HTTP status, 0 if there was no answer.
	Status int
	// Bytes is the length of the answer's body, as sent.
	Bytes int64
	// Duration is the time from reading the header to the end of the answer.
	Duration time.Duration
	// Cache says where the answer to each of its searches came from, in order.
	Cache []cache.Outcome
	// Attempts are the attempts at calls to Texter that were made for it.
	Attempts Attempts
}

// Attempts sums up attempts at calls to Texter.
type Attempts struct {
	// Count is how many there were.
	Count int
	// Last is the outcome of the one that ended last, Status its HTTP status, 0
	// if it had none.
	Last   upstream.Outcome
	Status int
	// Duration is their durations' sum; some may have been at the same time.
	Duration time.Duration
}

// Code is the code of the request's first error, or OK.
func (r *Request) Code() string {
	if len(r.Codes) == 0 {
		return "OK"
	}
	return r.Codes[0]
}

// CacheOutcomes are the names in Cache, each once, joined by commas.
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

// record is a Request in the making. What comes once it is finished is in vain,
// but does no harm.
type record struct {
	began    time.Time
	answer   answer
	mu       sync.Mutex
	finished bool
	request  Request
}

type recordKey struct{}

// change changes the record of the request that ctx belongs to, if any.
func change(ctx context.Context, by func(*Request)) {
	if r, ok := ctx.Value(recordKey{}).(*record); ok {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.finished {
			by(&r.request)
		}
	}
}

// Caller adds who sent the request.
func Caller(ctx context.Context, name string) {
	change(ctx, func(r *Request) { r.Caller = name })
}

// Outcome adds what package graph tells: see graph.Options.
func Outcome(ctx context.Context, o graph.Outcome) {
	change(ctx, func(r *Request) { r.Outcome = o })
}

// Cache adds what package cache tells: see cache.Options.
func Cache(ctx context.Context, o cache.Outcome) {
	change(ctx, func(r *Request) { r.Cache = append(r.Cache, o) })
}

// Attempt adds what package upstream tells: see upstream.Options.
func Attempt(ctx context.Context, a upstream.Attempt) {
	change(ctx, func(r *Request) {
		r.Attempts.Count++
		r.Attempts.Last, r.Attempts.Status = a.Outcome, a.Status
		r.Attempts.Duration += a.Duration
	})
}
