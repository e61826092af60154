package graph

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

const (
	// maxRows is how many rows the large operations in progress may ask for
	// together. A row takes about 6 kB while it is read and written, with all its
	// fields, and three of the largest pages keep two processors busy.
	maxRows = 30_000
	// largeOperation is from how many rows on an operation is large. Smaller ones
	// are bounded by how many searches may be in progress.
	largeOperation = 1_000
)

// room bounds the memory of the answers that are being made and sent: large
// operations wait for each other.
type room struct {
	rows    *semaphore.Weighted
	waiting func(change int) // see Options
}

func newRoom(waiting func(int)) *room {
	if waiting == nil {
		waiting = func(int) {}
	}
	return &room{semaphore.NewWeighted(maxRows), waiting}
}

// forRows prepares room for an operation of so many rows. It is nil for one that
// is not large.
func (r *room) forRows(rows int) *reservation {
	if rows < largeOperation {
		return nil
	}
	return &reservation{room: r, rows: int64(min(rows, maxRows))}
}

// reservation is the room of one operation. It is taken once, before the first of
// its searches: were it taken for each search, two operations could wait for each
// other for ever. A nil reservation takes nothing.
type reservation struct {
	room  *room
	rows  int64
	once  sync.Once
	err   error
	taken bool
}

// take waits for the room. It errors when ctx ends, and at the limit.
func (v *reservation) take(ctx context.Context, limit timeLimit) error {
	if v == nil {
		return nil
	}
	v.once.Do(func() {
		v.err = v.room.acquire(ctx, v.rows, limit)
		v.taken = v.err == nil
	})
	return v.err
}

// giveBack gives the room to others, if it was taken.
func (v *reservation) giveBack() {
	if v != nil && v.taken {
		v.room.rows.Release(v.rows)
	}
}

func (r *room) acquire(ctx context.Context, rows int64, limit timeLimit) error {
	if r.rows.TryAcquire(rows) {
		return nil
	}
	r.waiting(1)
	defer r.waiting(-1)
	ctx, cancel := limit.wait(ctx)
	defer cancel()
	return r.rows.Acquire(ctx, rows)
}
