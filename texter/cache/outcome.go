package cache

// Outcome says where an answer came from.
type Outcome int

// The outcomes of a search.
const (
	// Miss: this search asked Texter.
	Miss Outcome = iota + 1
	// Shared: it had the answer of an equal search that was on its way.
	Shared
	// Hit: a page was kept.
	Hit
	// Stale: a page was kept, and is older than TTL.
	Stale
	// Redis: a page was kept there.
	Redis
)

// String is the outcome's name in logs and metrics.
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
