package graph

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
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
// waits until what it may hold at most is free. No caller gets more than a share,
// so that one who does not read its answers can't stop the others. A quarter is
// reserved for small operations, which therefore don't wait for large ones.
type memory struct {
	size    int
	waiting func(change int) // see Options.Waiting; never nil

	mu        sync.Mutex
	free      int
	heldSmall int            // by small operations
	held      map[string]int // by caller
	queue     []*waiter      // in the order in which they came
}

// waiter is an operation that waits.
type waiter struct {
	caller string
	size   int
	ready  chan struct{} // closed when the operation has its memory
}

func (w *waiter) isSmall() bool { return w.size <= smallOperation }

func newMemory(size int, waiting func(int)) *memory {
	if waiting == nil {
		waiting = func(int) {}
	}
	return &memory{size: size, waiting: waiting, free: size, held: map[string]int{}}
}

// reserved is what only small operations can have.
func (m *memory) reserved() int { return m.size / 4 }

// largest is what one operation can have.
func (m *memory) largest() int { return m.size - m.reserved() }

// share is what a caller can have. Callers without a name can't be told apart.
func (m *memory) share(caller string) int {
	if caller == "" {
		return m.size
	}
	return m.size / 2
}

// acquire takes memory for an operation of a caller, and waits until it is free. It
// errors with an *overloadedError at the deadline, and with the error of ctx when
// that ends. What it returns must be released.
func (m *memory) acquire(ctx context.Context, d deadline, caller string, size int) (*waiter, error) {
	w := &waiter{caller, min(size, m.share(caller), m.largest()), make(chan struct{})} // even the largest operation gets its turn
	m.mu.Lock()
	m.queue = append(m.queue, w)
	m.grant()
	m.mu.Unlock()
	select {
	case <-w.ready:
		return w, nil
	default:
	}
	m.waiting(1)
	defer m.waiting(-1)
	waitCtx, cancel := d.context(ctx)
	defer cancel()
	select {
	case <-w.ready:
		return w, nil
	case <-waitCtx.Done():
	}
	if m.leave(w); ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, &overloadedError{}
}

// grant gives memory to those that wait, in their order. Who waits for the share of
// its caller does not hold up others. The caller holds mu.
func (m *memory) grant() {
	kept := m.queue[:0]
	full := false // whether one that comes earlier waits for free memory
	for _, w := range m.queue {
		inShare := m.held[w.caller]+w.size <= m.share(w.caller)
		if !inShare || !m.isFree(w, full) {
			full = full || inShare
			kept = append(kept, w)
			continue
		}
		m.take(w)
		close(w.ready)
	}
	clear(m.queue[len(kept):])
	m.queue = kept
}

// isFree reports whether an operation can have its memory. If others wait for free
// memory, a small one can still have what is reserved.
func (m *memory) isFree(w *waiter, full bool) bool {
	if w.isSmall() {
		return w.size <= m.free && (!full || m.heldSmall+w.size <= m.reserved())
	}
	return !full && w.size <= m.free-max(m.reserved()-m.heldSmall, 0)
}

func (m *memory) take(w *waiter) {
	m.free -= w.size
	m.held[w.caller] += w.size
	if w.isSmall() {
		m.heldSmall += w.size
	}
}

func (m *memory) give(w *waiter) {
	m.free += w.size
	if m.held[w.caller] -= w.size; m.held[w.caller] == 0 {
		delete(m.held, w.caller)
	}
	if w.isSmall() {
		m.heldSmall -= w.size
	}
}

// leave ends the wait of an operation, which may have got its memory just now.
func (m *memory) leave(w *waiter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := slices.Index(m.queue, w); i >= 0 {
		m.queue = slices.Delete(m.queue, i, i+1)
	} else {
		m.give(w)
	}
	m.grant()
}

// release gives back what acquire returned.
func (m *memory) release(w *waiter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.give(w)
	m.grant()
}

// overloadedError is the error of an operation for which there is no memory.
type overloadedError struct{}

func (*overloadedError) Error() string { return "The service has too much to do. Try again later." }

// RetryAfter is how long to wait before the next request.
func (*overloadedError) RetryAfter() time.Duration { return time.Second }

// answerTooLargeError is the error of an operation whose answer is too large.
type answerTooLargeError struct{ limit int }

func (e *answerTooLargeError) Error() string {
	return fmt.Sprintf("The answer would take more than %d bytes. Ask for fewer chats or fields at once.", e.limit)
}
