package cache

import (
	"context"
	"sync"
)

// background owns the goroutines that the cache starts.
type background struct {
	canceled context.Context
	cancel   context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func newBackground() *background {
	b := new(background)
	b.canceled, b.cancel = context.WithCancel(context.Background())
	return b
}

// start calls work on a new goroutine. It calls stop if background is canceled
// before work returns. Once background is closed, start does nothing and
// returns false.
func (b *background) start(work, stop func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.running.Go(func() {
		defer context.AfterFunc(b.canceled, stop)()
		work()
	})
	return true
}

// close lets no further work start. The channel that it returns is closed when
// all work has returned.
func (b *background) close() <-chan struct{} {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		b.running.Wait()
		close(idle)
	}()
	return idle
}
