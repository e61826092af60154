// Package cache sends fewer searches to Texter. Equal searches of one credential
// that are in flight at the same time become one, and pages can be kept for a
// short time.
package cache

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"texter-graphql/texter"
)

// Cache is a Searcher in front of another one. It is safe for concurrent use.
type Cache struct {
	options    Options
	hasher     *hasher
	pages      *store
	labels     *labelStore
	redis      *redisStore // nil if pages are not shared with other instances
	flights    flights
	background *background
}

// New makes a cache. It errors if the key of RedisOptions is too short. It does not
// ask Redis, which may be down.
func New(o Options) (*Cache, error) {
	if o.Observe == nil {
		o.Observe = func(context.Context, Outcome) {}
	}
	if o.ObserveLabels == nil {
		o.ObserveLabels = func(context.Context, Outcome) {}
	}
	life := time.Duration(0)
	if o.TTL > 0 {
		life = o.TTL + max(o.StaleWhileRevalidate, o.StaleIfError)
	}
	c := &Cache{options: o, hasher: newHasher(o.BaseURL, []byte(rand.Text())), pages: newStore(o.MaxBytes, life), labels: newLabelStore(), background: newBackground()}
	c.flights = flights{timeout: o.Timeout, search: c.search, keep: c.keep, background: c.background, releases: life == 0, byKey: map[flightKey]*flight{}}
	if o.Redis == nil || life == 0 {
		return c, nil
	}
	var err error
	c.redis, err = newRedisStore(*o.Redis, o.BaseURL, life)
	return c, err
}

// Close waits until all searches and saves in the background have ended. Then it
// drops all pages. If ctx ends first, Close cancels
// what still runs, waits until that has ended, and errors. When Close has
// returned, nothing that the cache started runs any more.
//
// A closed cache still passes searches on to its Searcher, but keeps no pages.
func (c *Cache) Close(ctx context.Context) error {
	idle := c.background.close()
	var err error
	select {
	case <-idle:
	case <-ctx.Done():
		err = fmt.Errorf("cache: work in the background was canceled: %w", context.Cause(ctx))
	}
	c.background.cancel()
	<-idle
	c.pages.close()
	if c.redis != nil {
		c.redis.redis.Close()
	}
	return err
}

// Bytes returns how many bytes of memory the kept pages take.
func (c *Cache) Bytes() int {
	c.pages.mu.Lock()
	defer c.pages.mu.Unlock()
	return c.pages.bytes
}

// Evictions returns how many pages were dropped so far to make room for others.
func (c *Cache) Evictions() int {
	c.pages.mu.Lock()
	defer c.pages.mu.Unlock()
	return c.pages.evictions
}

// SearchChats returns a page that other callers may have as well: it is
// read-only. Its error is the error of the Searcher, or an *texter.Error if ctx
// ends first. If the Searcher panics, SearchChats panics with a *Panic.
func (c *Cache) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	credential, ok := c.credential(ctx)
	if !ok {
		return c.options.Searcher.SearchChats(ctx, o)
	}
	k := c.hasher.key(credential, o)
	page, outcome := c.kept(k, o)
	if page == nil {
		return c.fetch(ctx, k, o)
	}
	if outcome == Stale {
		c.revalidate(ctx, k, o)
	}
	c.options.Observe(ctx, outcome)
	return page, nil
}

// credential returns the credential of a caller. It returns false if the caller
// shares nothing.
func (c *Cache) credential(ctx context.Context) (string, bool) {
	credential, err := c.options.Credential(ctx)
	return credential, err == nil && credential != ""
}

// kept returns a page that answers the search although Texter is not asked
// first, and its outcome, Hit or Stale. It returns nil if there is none.
func (c *Cache) kept(k key, o texter.SearchOptions) (*texter.SearchPage, Outcome) {
	if o.Fresh {
		return nil, 0
	}
	page, age := c.pages.page(k)
	switch {
	case page == nil:
		return nil, 0
	case age < c.options.TTL:
		return page, Hit
	case age < c.options.TTL+c.options.StaleWhileRevalidate:
		return page, Stale
	}
	return nil, 0
}

// revalidate asks for a newer page, unless a search for it is in flight. The
// caller does not wait for the page.
func (c *Cache) revalidate(ctx context.Context, k key, o texter.SearchOptions) {
	f, first := c.flights.join(ctx, k, o)
	if !first {
		c.flights.leave(f)
		return
	}
	run := func() { c.flights.run(f) }
	if !c.background.start(run, f.cancel) {
		run() // others may have joined
	}
}

// fetch asks for a page, or waits for the page of an equal search. If that
// fails, it returns a kept page that is not too old.
func (c *Cache) fetch(ctx context.Context, k key, o texter.SearchOptions) (*texter.SearchPage, error) {
	outcome := Shared
	defer func() { c.options.Observe(ctx, outcome) }() // also if the search panics
	f, first := c.flights.join(ctx, k, o)
	var err error
	if first {
		outcome = Miss
		err = c.flights.lead(ctx, f)
	} else {
		err = c.flights.wait(ctx, f)
	}
	if err == nil {
		if first {
			outcome = f.outcome
		}
		return f.page, nil
	}
	if texterFailed(err) {
		if page, age := c.pages.page(k); page != nil && age < c.options.TTL+c.options.StaleIfError {
			outcome = Stale
			return page, nil
		}
	}
	return nil, err
}

// search looks for the page of a flight in Redis, then asks the Searcher.
func (c *Cache) search(f *flight) (err error) {
	if c.redis != nil {
		credential, _ := c.credential(f.ctx)
		if f.place = c.redis.place(credential, f.key.query); c.load(f) {
			return nil
		}
	}
	f.outcome, f.askedAt = Miss, time.Now()
	f.page, err = c.options.Searcher.SearchChats(f.ctx, f.options)
	if c.redis != nil && refused(err) {
		c.redis.purge(f.ctx, f.place)
	}
	return err
}

// load takes the page of a flight from Redis, and reports whether that answers
// the search. A page that is too old for that becomes the fallback of the flight.
func (c *Cache) load(f *flight) bool {
	body, askedAt := c.redis.load(f.ctx, &f.place)
	if body == nil {
		return false
	}
	page, err := f.options.Decode(body)
	if err != nil {
		return false
	}
	if time.Since(askedAt) >= c.options.TTL || f.options.Fresh {
		f.fallback = timedPage{page, askedAt}
		return false
	}
	f.timedPage, f.outcome = timedPage{page, askedAt}, Redis
	return true
}

// keep puts the page of a flight that has ended into the store and into Redis.
// A flight that could not be joined any more has no callers, or its credential
// was refused: its page is not kept. If Texter refuses the credential now, all
// pages of the credential go. The caller holds flights.mu, so that no page of a
// refused credential is kept after the refusal.
func (c *Cache) keep(f *flight, joinable bool) {
	switch {
	case refused(f.err):
		c.flights.discard(f.key.credential)
		c.pages.purge(f.key.credential)
		c.labels.purge(f.key.credential)
	case !joinable:
	case f.page != nil:
		c.pages.keep(f.key.key, f.timedPage)
		if c.redis != nil && f.outcome == Miss {
			c.save(f)
		}
	case f.fallback.page != nil:
		c.pages.keep(f.key.key, f.fallback)
	}
}

// save puts the page of a flight into Redis, in the background.
func (c *Cache) save(f *flight) {
	body := f.page.Body()
	c.background.start(func() {
		c.redis.save(f.ctx, f.place, body, f.askedAt)
	}, c.redis.redis.Close)
}

// refused reports whether Texter refused the credential.
func refused(err error) bool {
	e, ok := errors.AsType[*texter.Error](err)
	return ok && (e.Cause == texter.CauseUnauthenticated || e.Cause == texter.CauseForbidden)
}

// texterFailed reports whether an error is a failure of Texter, so that an old
// page is a better answer.
func texterFailed(err error) bool {
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
