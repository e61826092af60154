package cache

import (
	"context"
	"time"

	"texter-graphql/texter"
)

// Callers returns how many callers have searches in flight.
func (c *Cache) Callers() int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	n := 0
	for _, f := range c.flights.byKey {
		n += f.callers
	}
	return n
}

// IndexSize returns how many entries there are to find pages and answers by.
func (c *Cache) IndexSize() int {
	c.pages.mu.Lock()
	defer c.pages.mu.Unlock()
	return c.pages.entries.Len() + len(c.pages.byPage) + len(c.pages.byAnswer) + len(c.pages.byCredential)
}

// WaitForSaves returns when all pages are in Redis that were to be saved there.
func (c *Cache) WaitForSaves() { c.background.running.Wait() }

// RetryRedis makes the next search ask Redis, also if Redis failed a moment ago.
func (c *Cache) RetryRedis() { c.redis.redis = c.options.Redis.Client.Guard(nil) }

// SaveBody saves a body in Redis as the page of a search.
func (c *Cache) SaveBody(ctx context.Context, credential string, o texter.SearchOptions, body []byte) {
	p := c.redis.place(credential, o.Query())
	_, _ = c.redis.load(ctx, &p)
	c.redis.save(ctx, p, body, time.Now())
}
