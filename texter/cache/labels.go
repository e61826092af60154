package cache

import (
	"context"
	"runtime/debug"
	"time"

	"texter-graphql/texter"
)

// labelsQuery stands for the call for labels where pages have their query.
const labelsQuery = "/labels"

// Labels implements texter.LabelSource. Labels are kept for LabelsTTL, whatever
// TTL says. When they are asked for in the second half of that time, the cache
// asks for newer ones in the background.
func (c *Cache) Labels(ctx context.Context) (*texter.Labels, error) {
	credential, ok := c.credential(ctx)
	if !ok {
		return c.options.Labels.Labels(ctx)
	}
	hash := c.hasher.credential(credential)
	labels, age := c.labels.kept(hash)
	if labels != nil && age < c.options.LabelsTTL {
		if half := c.options.LabelsTTL / 2; age >= half {
			c.fetchLabels(ctx, hash, half)
		}
		c.options.ObserveLabels(ctx, Hit)
		return labels, nil
	}
	f, outcome := c.fetchLabels(ctx, hash, c.options.LabelsTTL)
	defer func() { c.options.ObserveLabels(ctx, outcome) }()
	select {
	case <-f.done:
	case <-ctx.Done():
		return nil, texter.ContextError(ctx)
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	if outcome == Miss {
		outcome = f.outcome
	}
	return f.labels, f.err
}

// fetchLabels asks for the labels of a credential in the background, unless that
// is under way: Miss or Shared. Those in Redis are taken if they are younger than maxAge.
func (c *Cache) fetchLabels(ctx context.Context, hash credentialHash, maxAge time.Duration) (*labelFetch, Outcome) {
	f, first := c.labels.join(hash)
	if !first {
		return f, Shared
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	run := func() { c.runLabels(ctx, hash, f, maxAge) }
	if !c.background.start(run, cancel) {
		run()
	}
	return f, Miss
}

// runLabels asks Redis, then the source, and keeps what it gets.
func (c *Cache) runLabels(ctx context.Context, hash credentialHash, f *labelFetch, maxAge time.Duration) {
	returned := false
	defer func() {
		if !returned { // also when the goroutine is ended by runtime.Goexit
			f.panicked = &Panic{value: recover(), stack: debug.Stack()}
		}
		c.labels.finish(hash, f, c.options.LabelsTTL > 0)
		close(f.done)
	}()
	p := c.loadLabels(ctx, f, maxAge)
	if f.labels == nil {
		f.outcome, f.askedAt = Miss, time.Now()
		f.labels, f.err = c.options.Labels.Labels(ctx)
		if refused(f.err) {
			c.purge(ctx, hash, p)
		}
	}
	if c.redis != nil && f.outcome == Miss && f.err == nil {
		if body, err := f.labels.AppendJSON(nil); err == nil {
			c.redis.save(ctx, p, body, f.askedAt)
		}
	}
	returned = true
}

// loadLabels takes the labels from Redis, if they are there and young enough. It
// returns the place to save newer ones at.
func (c *Cache) loadLabels(ctx context.Context, f *labelFetch, maxAge time.Duration) (p place) {
	if c.redis == nil {
		return p
	}
	credential, _ := c.credential(ctx)
	p = c.redis.place(credential, labelsQuery)
	body, askedAt := c.redis.load(ctx, &p)
	if body == nil || time.Since(askedAt) >= maxAge {
		return p
	}
	f.labels, _ = texter.ParseLabels(body) // nil if they can't be read
	f.askedAt, f.outcome = askedAt, Redis
	return p
}

// purge drops all that is kept for a credential that Texter refused. The place is one
// of the credential.
func (c *Cache) purge(ctx context.Context, hash credentialHash, p place) {
	c.flights.discardAll(hash)
	c.pages.purge(hash)
	c.labels.purge(hash)
	if c.redis != nil {
		c.redis.purge(ctx, p)
	}
}
