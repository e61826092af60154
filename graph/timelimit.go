package graph

import (
	"context"
	"time"
)

// timeLimits bound what operations wait for.
type timeLimits struct {
	operation time.Duration // 0 for none
	search    time.Duration // that a search takes at most by itself; 0 is unknown
}

// begin is the limit of an operation that begins now.
func (l timeLimits) begin() timeLimit {
	if l.operation <= 0 {
		return timeLimit{}
	}
	return timeLimit{time.Now().Add(l.operation), l.search}
}

// timeLimit is when an operation has to be done. It is set where the operation
// waits: a context of its own for each request, with a timer that hardly any
// needs, would take a fiftieth of the time of a request.
type timeLimit struct {
	at     time.Time // zero for none
	search time.Duration
}

// wait is ctx until the limit.
func (l timeLimit) wait(ctx context.Context) (context.Context, context.CancelFunc) {
	if l.at.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, l.at)
}

// forSearch is ctx until the limit, for a search. One that is over sooner by
// itself needs none.
func (l timeLimit) forSearch(ctx context.Context) (context.Context, context.CancelFunc) {
	if l.search > 0 && time.Until(l.at) > l.search {
		return ctx, func() {}
	}
	return l.wait(ctx)
}
