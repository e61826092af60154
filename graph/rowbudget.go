package graph

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

const (
	// maxRows is how many rows all large operations in progress may ask for
	// together. A row takes about 6 kB while it is read and written with all its
	// fields. Three of the largest pages keep two processors busy.
	maxRows = 30_000
	// largeOperation is the number of rows from which an operation is large. The
	// limit on searches in progress bounds the smaller ones.
	largeOperation = 1_000
)

// rowBudget bounds the memory of the responses in progress. A large operation
// waits until its rows fit into the budget.
type rowBudget struct {
	rows    *semaphore.Weighted
	waiting func(change int) // see Options.Waiting; never nil
}

func newRowBudget(waiting func(int)) *rowBudget {
	if waiting == nil {
		waiting = func(int) {}
	}
	return &rowBudget{semaphore.NewWeighted(maxRows), waiting}
}

// reservation returns the reservation of an operation that asks for this number
// of rows. It is nil for an operation that is not large.
func (b *rowBudget) reservation(rows int) *reservation {
	if rows < largeOperation {
		return nil
	}
	return &reservation{budget: b, rows: int64(min(rows, maxRows))}
}

// reservation is the part of a rowBudget that one operation uses. The operation
// acquires it once, before its first search. If each search acquired its own part,
// two operations could wait for each other forever. A nil reservation is empty.
type reservation struct {
	budget *rowBudget
	rows   int64
	once   sync.Once
	err    error
	held   bool
}

// acquire waits until the rows fit into the budget. It errors when ctx ends, and
// at the deadline. Every call returns what the first one returned.
func (r *reservation) acquire(ctx context.Context, d deadline) error {
	if r == nil {
		return nil
	}
	r.once.Do(func() {
		r.err = r.budget.acquire(ctx, r.rows, d)
		r.held = r.err == nil
	})
	return r.err
}

// release gives the rows back, if they were acquired.
func (r *reservation) release() {
	if r != nil && r.held {
		r.budget.rows.Release(r.rows)
	}
}

func (b *rowBudget) acquire(ctx context.Context, rows int64, d deadline) error {
	if b.rows.TryAcquire(rows) {
		return nil
	}
	b.waiting(1)
	defer b.waiting(-1)
	ctx, cancel := d.context(ctx)
	defer cancel()
	return b.rows.Acquire(ctx, rows)
}
