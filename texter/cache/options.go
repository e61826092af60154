package cache

import (
	"context"
	"time"

	"texter-graphql/texter"
)

// Options configure a Cache.
type Options struct {
	// Searcher is asked for pages that the cache does not have. It must return
	// soon after its context ends. It must also return some time if its context
	// never ends.
	Searcher texter.Searcher
	// Labels is asked for labels that the cache does not have. It must return
	// some time even if its context does not end.
	Labels texter.LabelSource
	// BaseURL is the base URL of the API that Searcher asks. Caches of different
	// URLs share no pages.
	BaseURL string
	// Timeout is the longest time that Searcher takes; 0 means unknown.
	Timeout time.Duration
	// Credential returns the credential that Searcher will search with. Callers
	// share searches and pages only with callers of the same credential. A caller
	// without a credential, or for whom Credential errors, shares nothing.
	Credential func(context.Context) (string, error)

	// TTL is how long a page answers searches. It counts from the moment when
	// Texter was asked for the page. With 0, no page is kept, whatever the other
	// options say.
	TTL time.Duration
	// LabelsTTL is how long the labels of a credential are kept; 0 keeps none. It
	// does not depend on TTL.
	LabelsTTL time.Duration
	// MaxBytes is the most memory that kept pages may take.
	MaxBytes int
	// StaleWhileRevalidate is how long after TTL a page still answers searches
	// while the cache asks for a new one (RFC 5861, section 3).
	StaleWhileRevalidate time.Duration
	// StaleIfError is how long after TTL a page answers searches if Texter fails
	// (RFC 5861, section 4).
	StaleIfError time.Duration
	// Redis shares kept pages with other instances. Nil means that this instance
	// shares none.
	Redis *RedisOptions

	// Observe is called once for each search of a caller with a credential, also
	// if the search fails. Nil means that nobody observes.
	Observe func(context.Context, Outcome)
	// ObserveLabels is called once for each time that a caller with a credential
	// asks for labels. Nil means that nobody observes.
	ObserveLabels func(context.Context, Outcome)
}

// Outcome says where the page of a search came from.
type Outcome int

// The outcomes of a search.
const (
	// Miss means that the search was sent to Texter.
	Miss Outcome = iota + 1
	// Shared means that an equal search was in flight, and gave its page.
	Shared
	// Hit means that the page was kept, and is younger than TTL.
	Hit
	// Stale means that the page was kept, and is older than TTL.
	Stale
	// Redis means that another instance had left the page in Redis.
	Redis
)

// String returns the name of the outcome in logs and metrics.
func (o Outcome) String() string {
	switch o {
	case Miss:
		return "miss"
	case Shared:
		return "shared"
	case Hit:
		return "hit"
	case Stale:
		return "stale"
	case Redis:
		return "redis"
	}
	return "unknown"
}
