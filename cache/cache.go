// Package cache spares Texter searches: equal ones of one credential that are
// on their way at the same time become one, and pages can be kept for a short
// while.
package cache

import (
	"context"
	"errors"
	"time"

	"texter-graphql/texter"
)

// Searcher is where pages come from. *texter.Client is one.
type Searcher interface {
	SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error)
}

// Options configure a Cache.
type Options struct {
	// Searcher is asked for what the cache does not have. It must end when its
	// context does, and at some time by itself.
	Searcher Searcher
	// BaseURL is where Searcher searches: pages of one are none of another.
	BaseURL string
	// Credential returns what Searcher will search with. Callers of different
	// credentials share nothing; callers without one, or for whom it errors,
	// share nothing at all.
	Credential func(context.Context) (string, error)

	// TTL is how old a page may be to be answered again, counted from when
	// Texter was asked for it; 0 keeps none, whatever the rest says.
	TTL time.Duration
	// MaxBytes bounds the memory that kept pages take.
	MaxBytes int
	// StaleWhileRevalidate is for how long after TTL a page is still answered
	// while a new one is asked for (RFC 5861, section 3).
	StaleWhileRevalidate time.Duration
	// StaleIfError is for how long after TTL a page is answered when Texter
	// does not answer as it should (RFC 5861, section 4).
	StaleIfError time.Duration

	// Observe is told where the answer to each search came from, whether or not
	// it was an error. Nil is for none.
	Observe func(context.Context, Outcome)
}

// Cache is a Searcher in front of another. It is safe for concurrent use.
type Cache struct {
	options Options
	keys    *keys
	memory  *memory
	flights flights
}

// New makes a cache.
func New(o Options) *Cache {
	if o.Observe == nil {
		o.Observe = func(context.Context, Outcome) {}
	}
	life := time.Duration(0)
	if o.TTL > 0 {
		life = o.TTL + max(o.StaleWhileRevalidate, o.StaleIfError)
	}
	c := &Cache{options: o, keys: newKeys(o.BaseURL), memory: newMemory(o.MaxBytes, life)}
	c.flights = flights{byKey: map[key]*flight{}, landed: c.landed}
	return c
}

// SearchChats returns a page that many may share: it is read-only. Its error
// is the Searcher's, or an *texter.Error when ctx ends first. It panics where
// the Searcher does, with a *Panic.
func (c *Cache) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	credential, err := c.options.Credential(ctx)
	if err != nil || credential == "" {
		return c.options.Searcher.SearchChats(ctx, o)
	}
	k := c.keys.of(credential, o)
	if page, outcome := c.answer(k, o); outcome != Miss {
		if outcome == Stale {
			c.refresh(ctx, k, o)
		}
		c.options.Observe(ctx, outcome)
		return page, nil
	}
	f, outcome := c.flights.join(ctx, k, c.search(o))
	defer func() { c.options.Observe(ctx, outcome) }()
	page, err := c.flights.wait(ctx, f)
	if err != nil && excusable(err) {
		if old, age := c.memory.page(k); old != nil && age < c.options.TTL+c.options.StaleIfError {
			outcome = Stale
			return old, nil
		}
	}
	return page, err
}

// answer returns the page that answers a search without asking for it: Hit or
// Stale. Else it is a Miss.
func (c *Cache) answer(k key, o texter.SearchOptions) (*texter.SearchPage, Outcome) {
	if o.Fresh || c.options.TTL == 0 {
		return nil, Miss
	}
	page, age := c.memory.page(k)
	switch {
	case page == nil:
	case age < c.options.TTL:
		return page, Hit
	case age < c.options.TTL+c.options.StaleWhileRevalidate:
		return page, Stale
	}
	return nil, Miss
}

// refresh asks for a page that nobody waits for, unless it is on its way.
func (c *Cache) refresh(ctx context.Context, k key, o texter.SearchOptions) {
	if f, outcome := c.flights.join(ctx, k, c.search(o)); outcome == Shared {
		c.flights.leave(f)
	}
}

func (c *Cache) search(o texter.SearchOptions) searchFunc {
	return func(ctx context.Context) (*texter.SearchPage, error) { return c.options.Searcher.SearchChats(ctx, o) }
}

// landed keeps the page of a flight, or purges its credential's if that was
// refused: what of it is still on its way is then not to be kept either. It
// has the lock of the flights.
func (c *Cache) landed(f *flight) {
	switch {
	case refused(f.err):
		c.flights.disown(f.key.credential)
		c.memory.purge(f.key.credential)
	case f.page != nil && f.err == nil && !f.disowned:
		c.memory.keep(f.key, f.page, f.began)
	}
}

// refused reports whether Texter does not take the credential.
func refused(err error) bool {
	e, ok := errors.AsType[*texter.Error](err)
	return ok && (e.Cause == texter.CauseUnauthenticated || e.Cause == texter.CauseForbidden)
}

// excusable reports whether an error is of Texter's making, so that an old
// page is better than it.
func excusable(err error) bool {
	e, ok := errors.AsType[*texter.Error](err)
	if !ok {
		return false
	}
	switch e.Cause {
	case texter.CauseRateLimited, texter.CauseTimeout, texter.CauseUnavailable, texter.CauseInvalidResponse:
		return true
	}
	return false
}
