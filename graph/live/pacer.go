package live

import (
	"context"
	"sync"
	"time"
)

// pacer bounds how often one credential asks Texter. Who is urgent goes first.
type pacer struct {
	rate   float64 // calls a second; also how many can come at once after a rest
	topics int     // how many use it; guarded by Feed.mu

	mu       sync.Mutex
	tokens   float64
	filledAt time.Time
	waiting  [2][]*waiter // the urgent ones, and the others; the first one goes first
	timer    *time.Timer  // nil if nobody waits
}

// waiter is a call that waits for its turn.
type waiter struct{ turn chan struct{} }

func newPacer(rate float64) *pacer {
	return &pacer{rate: rate, tokens: max(rate, 1), filledAt: time.Now()}
}

// wait waits for a turn. It errors if ctx ends first.
func (p *pacer) wait(ctx context.Context, urgent bool) error {
	w := &waiter{make(chan struct{})}
	queue := 1
	if urgent {
		queue = 0
	}
	p.mu.Lock()
	p.waiting[queue] = append(p.waiting[queue], w)
	p.serve()
	p.mu.Unlock()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		p.leave(w)
		return ctx.Err()
	}
}

// leave takes a waiter out of its queue, or gives its turn back.
func (p *pacer) leave(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for q := range p.waiting {
		for i, other := range p.waiting[q] {
			if other == w {
				p.waiting[q] = append(p.waiting[q][:i:i], p.waiting[q][i+1:]...)
				return
			}
		}
	}
	p.tokens++
	p.serve()
}

// serve gives turns to those who wait, as far as there are any, and sets the timer
// for the others. The caller holds mu.
func (p *pacer) serve() {
	now := time.Now()
	p.tokens = min(p.tokens+now.Sub(p.filledAt).Seconds()*p.rate, max(p.rate, 1))
	p.filledAt = now
	for p.tokens >= 1 {
		w := p.next()
		if w == nil {
			break
		}
		p.tokens--
		close(w.turn)
	}
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	if len(p.waiting[0])+len(p.waiting[1]) > 0 {
		p.timer = time.AfterFunc(time.Duration((1-p.tokens)/p.rate*float64(time.Second))+time.Millisecond, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.serve()
		})
	}
}

// next takes the first waiter out; nil if there is none. The caller holds mu.
func (p *pacer) next() *waiter {
	for q, queue := range p.waiting {
		if len(queue) > 0 {
			p.waiting[q] = queue[1:]
			return queue[0]
		}
	}
	return nil
}
