package graph

import (
	"context"
	"time"
)

// timeouts are how long operations and searches may take.
type timeouts struct {
	operation time.Duration // 0 for no limit
	search    time.Duration // the longest time that Searcher lets a search take; 0 if it is not known
}

// start returns the deadline of an operation that starts now.
func (t timeouts) start() deadline {
	if t.operation <= 0 {
		return deadline{}
	}
	return deadline{time.Now().Add(t.operation), t.search}
}

// deadline is when an operation must end. It has no timer of its own: a context
// gets the deadline only where the operation waits. A context with a timer for
// each operation would add 2 % to the time of a request, and hardly any operation
// needs it.
type deadline struct {
	at     time.Time     // zero for no deadline
	search time.Duration // as in timeouts
}

// context returns ctx with the deadline.
func (d deadline) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.at.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, d.at)
}

// forSearch returns ctx with the deadline, for a search. A search that Searcher
// ends before the deadline needs none.
func (d deadline) forSearch(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.search > 0 && time.Until(d.at) > d.search {
		return ctx, func() {}
	}
	return d.context(ctx)
}
