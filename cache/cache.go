// Package cache spares Texter searches: equal ones of one credential that are
// on their way at the same time become one.
package cache

import (
	"context"

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
	// Observe is told where the answer to each search came from, whether or not
	// it was an error. Nil is for none.
	Observe func(context.Context, Outcome)
}

// Outcome says where an answer came from.
type Outcome int

// The outcomes of a search.
const (
	// Miss: this search asked Texter.
	Miss Outcome = iota + 1
	// Shared: it had the answer of an equal search that was on its way.
	Shared
)

// String is the outcome's name in logs and metrics.
func (o Outcome) String() string {
	switch o {
	case Miss:
		return "miss"
	case Shared:
		return "shared"
	}
	return "unknown"
}

// Cache is a Searcher in front of another. It is safe for concurrent use.
type Cache struct {
	searcher   Searcher
	credential func(context.Context) (string, error)
	observe    func(context.Context, Outcome)
	keys       *keys
	flights    flights
}

// New makes a cache.
func New(o Options) *Cache {
	if o.Observe == nil {
		o.Observe = func(context.Context, Outcome) {}
	}
	return &Cache{
		searcher:   o.Searcher,
		credential: o.Credential,
		observe:    o.Observe,
		keys:       newKeys(o.BaseURL),
		flights:    flights{byKey: map[key]*flight{}},
	}
}

// SearchChats returns a page that many may share: it is read-only. Its error
// is the Searcher's, or an *texter.Error when ctx ends first. It panics where
// the Searcher does, with a *Panic.
func (c *Cache) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	credential, err := c.credential(ctx)
	if err != nil || credential == "" {
		return c.searcher.SearchChats(ctx, o)
	}
	f, outcome := c.flights.join(ctx, c.keys.of(credential, o), func(ctx context.Context) (*texter.SearchPage, error) {
		return c.searcher.SearchChats(ctx, o)
	})
	defer c.observe(ctx, outcome)
	return c.flights.wait(ctx, f)
}
