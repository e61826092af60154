// Package ratelimit bounds the number of requests that each caller sends.
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

// maxSenders is how many senders are remembered. Beyond that, the one whose last
// request is the oldest is forgotten, and has its full burst again.
const maxSenders = 10_000

// Options configure a rate limit.
type Options struct {
	// Rate is how many requests per second one caller may send on average, above 0.
	Rate float64
	// Burst is how many requests one caller may send at once, at least 1.
	Burst int
	// Authenticate lets requests in: see transport.HTTP. Nil lets in every one.
	Authenticate func(*http.Request) (context.Context, error)
	// Caller returns the name of the caller for a context that Authenticate
	// returned, or "" if callers have no names.
	Caller func(context.Context) string
	// Redis makes the limit one for all instances. As long as it fails, each instance
	// limits by itself. Nil means that it always does.
	Redis *RedisOptions
}

// sender is a caller or, if that is unknown, the network that a request is from.
type sender struct{ caller, network string }

// limiter holds a bucket of tokens for each sender. A request takes a token.
type limiter struct {
	Options
	shared  *shared // nil without Redis
	mu      sync.Mutex
	buckets *simplelru.LRU[sender, *bucket]
}

// bucket is what this instance knows of a sender.
type bucket struct {
	tokens *rate.Limiter // for as long as Redis fails
	// empty is until when there is no token in Redis. Requests until then do not ask it.
	empty time.Time
}

// New returns a function that lets in requests as Options.Authenticate does, but
// errors with a *refusal.Error if their caller sends too many. Requests that are
// not let in, or whose caller has no name, count for the address that they are
// from.
func New(o Options) func(*http.Request) (context.Context, error) {
	buckets, _ := simplelru.NewLRU[sender, *bucket](maxSenders, nil) // errors only for a size below one
	l := &limiter{Options: o, buckets: buckets}
	if o.Redis != nil {
		l.shared = newShared(o.Redis, o.Rate, o.Burst)
	}
	return l.authenticate
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
	if wait := l.take(r.Context(), who); wait > 0 {
		return nil, &refusal.Error{Status: http.StatusTooManyRequests, Message: "Too many requests.", RetryAfter: wait}
	}
	return ctx, err
}

// take takes a token from the bucket of a sender. If there is none, it returns the
// time until the next one.
func (l *limiter) take(ctx context.Context, who sender) (wait time.Duration) {
	if l.shared == nil {
		return l.takeLocal(who)
	}
	l.mu.Lock()
	wait = time.Until(l.bucket(who).empty)
	l.mu.Unlock()
	if wait > 0 {
		return wait
	}
	wait, err := l.shared.take(ctx, who)
	if err != nil {
		return l.takeLocal(who)
	}
	if wait > 0 {
		l.mu.Lock()
		l.bucket(who).empty = time.Now().Add(wait)
		l.mu.Unlock()
	}
	return wait
}

// takeLocal takes a token as take does, from what this instance has.
func (l *limiter) takeLocal(who sender) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	token := l.bucket(who).tokens.ReserveN(now, 1)
	if wait = token.DelayFrom(now); wait > 0 {
		token.CancelAt(now)
	}
	return wait
}

// bucket returns the bucket of a sender. The caller holds mu.
func (l *limiter) bucket(who sender) *bucket {
	b, ok := l.buckets.Get(who)
	if !ok {
		b = &bucket{tokens: rate.NewLimiter(rate.Limit(l.Rate), l.Burst)}
		l.buckets.Add(who, b)
	}
	return b
}

// network returns the part of an address that belongs to one caller. In IPv6, a
// caller has many addresses with the same first 64 bits.
func network(remote string) string {
	address, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	ip := address.Addr().Unmap()
	if ip.Is6() {
		prefix, _ := ip.Prefix(64) // which errors only for more than 128 bits
		return prefix.String()
	}
	return ip.String()
}
