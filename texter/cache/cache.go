// Package cache spares Texter searches: equal ones of one credential that are
// on their way at the same time become one, and pages can be kept for a short
// while.
package cache

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"texter-graphql/texter"
)

// Options configure a Cache.
type Options struct {
	// Searcher is asked for what the cache does not have. It must end when its
	// context does, and at some time by itself.
	Searcher texter.Searcher
	// BaseURL is where Searcher searches: pages of one are none of another.
	BaseURL string
	// Timeout is how long Searcher takes at most; 0 is unknown.
	Timeout time.Duration
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
	// Redis shares kept pages with other instances; nil for none.
	Redis *RedisOptions

	// Observe is told where the answer to each search came from, whether or not
	// it was an error. Nil is for none.
	Observe func(context.Context, Outcome)
}

// Cache is a Searcher in front of another. It is safe for concurrent use.
type Cache struct {
	options Options
	keys    *keys
	memory  *memory
	shared  *shared // nil for none
	flights flights
}

// New makes a cache. It errors on what can't be right in RedisOptions, without
// quoting it; Redis itself may be down.
func New(o Options) (*Cache, error) {
	if o.Observe == nil {
		o.Observe = func(context.Context, Outcome) {}
	}
	life := time.Duration(0)
	if o.TTL > 0 {
		life = o.TTL + max(o.StaleWhileRevalidate, o.StaleIfError)
	}
	c := &Cache{options: o, memory: newMemory(o.MaxBytes, life)}
	c.flights = flights{longest: o.Timeout, byKey: map[key]*flight{}, search: c.search, landed: c.landed, settled: c.settled}
	if o.Redis == nil || life == 0 {
		c.keys = newKeys(o.BaseURL, []byte(rand.Text()))
		return c, nil
	}
	c.keys = newKeys(o.BaseURL, derive(o.Redis.Key, "names"))
	var err error
	c.shared, err = newShared(*o.Redis, c.keys, life)
	return c, err
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
	f, outcome := c.flights.join(ctx, k, o)
	defer func() { c.options.Observe(ctx, outcome) }()
	if outcome == Miss {
		err = c.flights.fly(ctx, f)
	} else {
		err = c.flights.wait(ctx, f)
	}
	switch {
	case err == nil && outcome == Miss:
		outcome = f.outcome
	case err != nil && excusable(err):
		if old, age := c.memory.page(k); old != nil && age < c.options.TTL+c.options.StaleIfError {
			outcome = Stale
			return old, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return f.page, nil
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
	f, outcome := c.flights.join(ctx, k, o)
	if outcome == Shared {
		c.flights.leave(f)
	} else {
		go c.flights.run(f)
	}
}

// search looks in Redis, then asks the Searcher.
func (c *Cache) search(ctx context.Context, f *flight) (err error) {
	if c.shared != nil && c.loaded(ctx, f) {
		return nil
	}
	f.asOf = time.Now()
	f.page, err = c.options.Searcher.SearchChats(ctx, f.options)
	if c.shared != nil && refused(err) {
		c.shared.purge(ctx, f.key.credential)
	}
	return err
}

// loaded reports whether Redis has the page. One that is too old it leaves to
// fall back on.
func (c *Cache) loaded(ctx context.Context, f *flight) bool {
	generation, body, asOf := c.shared.load(ctx, f.key)
	f.generation = generation
	if body == nil {
		return false
	}
	page, err := f.options.Decode(body)
	switch {
	case err != nil:
	case time.Since(asOf) < c.options.TTL && !f.options.Fresh:
		f.page, f.asOf, f.outcome = page, asOf, Redis
		return true
	default:
		f.old = found{page, asOf}
	}
	return false
}

// landed keeps the page of a flight, or purges its credential's if that was
// refused: what of it is still on its way is then not to be kept either.
func (c *Cache) landed(f *flight) {
	switch {
	case refused(f.err):
		c.flights.disown(f.key.credential)
		c.memory.purge(f.key.credential)
	case f.disowned:
	case f.err == nil && f.page != nil:
		c.memory.keep(f.key, f.found)
		f.share = f.outcome == Miss
	case f.old.page != nil:
		c.memory.keep(f.key, f.old)
	}
}

// settled saves the page of a flight for other instances.
func (c *Cache) settled(f *flight) {
	if c.shared != nil && f.share {
		go c.shared.save(f.ctx, f.key, f.generation, f.page.Body, f.asOf)
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
