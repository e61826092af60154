// Package ratelimit bounds how many requests each caller sends.
package ratelimit

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"texter-graphql/internal/refusal"
)

// maxSenders is how many senders are remembered. One that is forgotten, the
// one that has not called for longest, starts anew.
const maxSenders = 10_000

// Options configure a rate limit.
type Options struct {
	// Rate is how many requests per second one caller may send in the long run,
	// above 0.
	Rate float64
	// Burst is how many of them may come at once, at least 1.
	Burst int
	// Authenticate lets requests in: see transport.HTTP. Nil lets in every one.
	Authenticate func(*http.Request) (context.Context, error)
	// Caller names the caller of a context that Authenticate returned, or
	// returns nothing where callers have no names.
	Caller func(context.Context) string
}

// sender is a caller or, where that is not known, where a request comes from.
type sender struct{ caller, network string }

// limiter has a bucket of tokens for each sender.
type limiter struct {
	Options
	mu      sync.Mutex
	buckets *simplelru.LRU[sender, *rate.Limiter]
}

// New returns an Authenticate that also errors, with a *refusal.Error, once
// a caller sends too much. Requests that are not let in, or whose caller has no
// name, count for the address that they come from.
func New(o Options) func(*http.Request) (context.Context, error) {
	buckets, err := simplelru.NewLRU[sender, *rate.Limiter](maxSenders, nil)
	if err != nil {
		panic(err) // only for a size below one
	}
	return (&limiter{Options: o, buckets: buckets}).authenticate
}

func (l *limiter) authenticate(r *http.Request) (context.Context, error) {
	ctx, err := r.Context(), error(nil)
	if l.Authenticate != nil {
		ctx, err = l.Authenticate(r)
	}
	who := sender{network: network(r.RemoteAddr)}
	if err == nil {
		if caller := l.Caller(ctx); caller != "" {
			who = sender{caller: caller}
		}
	}
	if wait := l.take(who, time.Now()); wait > 0 {
		return nil, &refusal.Error{Status: http.StatusTooManyRequests, Message: "Too many requests.", RetryAfter: wait}
	}
	return ctx, err
}

// take takes a token of a sender, or says how long it takes until there is one.
func (l *limiter) take(who sender, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets.Get(who)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(l.Rate), l.Burst)
		l.buckets.Add(who, bucket)
	}
	if bucket.AllowN(now, 1) {
		return 0
	}
	missing := 1 - bucket.TokensAt(now)
	return max(time.Duration(missing/l.Rate*float64(time.Second)), 1)
}

// network is the part of an address that one caller has for itself: in IPv6,
// where everybody has many addresses, the first 64 bits.
func network(remote string) string {
	address, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	ip := address.Addr().Unmap()
	if ip.Is6() {
		prefix, _ := ip.Prefix(64) // errors for more than 128 bits only
		return prefix.String()
	}
	return ip.String()
}
