package upstream

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// gate bounds how many attempts are under way, and how many wait to be.
type gate struct {
	places  *semaphore.Weighted
	waiting *atomic.Int64
	queue   int64
}

func newGate(places int) gate {
	return gate{semaphore.NewWeighted(int64(places)), new(atomic.Int64), int64(places)}
}

// enter takes a place, if need be after a wait. It errors with errShed when too
// many wait already, and with the context's error when that ends.
func (g gate) enter(ctx context.Context) (waited bool, err error) {
	if g.places.TryAcquire(1) {
		return false, nil
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.queue {
		return false, errShed
	}
	return true, g.places.Acquire(ctx, 1)
}

func (g gate) leave() { g.places.Release(1) }
