package cache

import (
	"context"
	"runtime"
	"time"
)

// LabelsQuery stands for the call for labels where pages have their query.
const LabelsQuery = labelsQuery

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

// SaveBody saves a body in Redis as the page of a search, by its query, for which
// Texter was asked some time ago.
func (c *Cache) SaveBody(ctx context.Context, credential, query string, body []byte, ago time.Duration) {
	p := c.redis.place(credential, query)
	_, _ = c.redis.load(ctx, &p)
	c.redis.save(ctx, p, body, time.Now().Add(-ago))
}

// Heap returns how many bytes of memory are in use.
func Heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the second one clears what the first one left in pools
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
