package graph

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"texter-graphql/graph/transport"
)

const (
	// roomForRows is how many rows the large operations under way may ask for
	// together. A row takes about 6 kB while it is read and written, with all
	// its fields, and three of the largest pages keep two processors busy.
	roomForRows = 30_000
	// largeOperation is from how many rows on an operation is large. Smaller
	// ones are bounded by how many searches may be under way.
	largeOperation = 1_000
)

// room bounds the memory of the answers that are being made and sent: large
// operations wait for their turn.
type room struct {
	rows    *semaphore.Weighted
	waiting func(change int) // see Options
}

func newRoom(waiting func(int)) room {
	if waiting == nil {
		waiting = func(int) {}
	}
	return room{semaphore.NewWeighted(roomForRows), waiting}
}

// forRows returns what the searches of an operation of so many rows must call
// first; nil if it is not large. The room is made once, for all its searches:
// were it made for each, two operations could wait for each other. It errors when
// ctx ends, and at the limit.
func (r room) forRows(ctx context.Context, n int, limit timeLimit) func() error {
	if n < largeOperation {
		return nil
	}
	rows := int64(min(n, roomForRows))
	return sync.OnceValue(func() error {
		if err := r.acquire(ctx, rows, limit); err != nil {
			return err
		}
		transport.OnSent(ctx, func() { r.rows.Release(rows) })
		return nil
	})
}

func (r room) acquire(ctx context.Context, rows int64, limit timeLimit) error {
	if r.rows.TryAcquire(rows) {
		return nil
	}
	r.waiting(1)
	defer r.waiting(-1)
	ctx, cancel := limit.wait(ctx)
	defer cancel()
	return r.rows.Acquire(ctx, rows)
}
