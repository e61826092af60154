package graph

import (
	"context"

	"texter-graphql/internal/shares"
)

const (
	// DefaultMemory is the memory for operations if Options.Memory is 0, in bytes.
	DefaultMemory = 160 << 20
	// DefaultMaxAnswerSize is the largest answer if Options.MaxAnswerSize is 0, in
	// bytes. 10,000 chats with all fields take about 33 MB.
	DefaultMaxAnswerSize = 64 << 20
)

// smallOperation is how much a small operation may hold, in bytes.
const smallOperation = 4 << 20

// memory bounds the memory of the operations in progress, in bytes. An operation
// waits until what it may hold at most is free. A quarter is reserved for small
// operations, which therefore don't wait for large ones.
type memory struct {
	pool    *shares.Pool
	waiting func(change int) // see Options.Waiting; never nil
}

func newMemory(size int, waiting func(int)) *memory {
	if waiting == nil {
		waiting = func(int) {}
	}
	return &memory{shares.NewPool(shares.Options{Size: size, Reserved: size / 4, Small: smallOperation}), waiting}
}

// tryAcquire takes memory for an operation that has some already. It errors with
// errOverloaded if it is not free.
func (m *memory) tryAcquire(caller string, size int) (*shares.Share, error) {
	share, err := m.pool.Request(caller, size)
	if err != nil || share.IsReady() {
		return share, err
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if share.Wait(ended) == nil {
		return share, nil
	}
	return nil, errOverloaded
}

// acquire takes memory for an operation of a caller, and waits until it is free. It
// errors with errOverloaded at the deadline, and with the error of ctx when
// that ends.
func (m *memory) acquire(ctx context.Context, d deadline, caller string, size int) (*shares.Share, error) {
	share, err := m.pool.Request(caller, size)
	if err != nil || share.IsReady() {
		return share, err
	}
	m.waiting(1)
	defer m.waiting(-1)
	bounded, cancel := d.context(ctx)
	defer cancel()
	if share.Wait(bounded) == nil {
		return share, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, errOverloaded
}
