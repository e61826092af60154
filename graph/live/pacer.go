package live

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// pacer bounds how often one credential asks Texter. Who is urgent goes first, but for
// every fairShare-th turn: nobody waits for ever.
type pacer struct {
	rate   float64      // calls a second; also how many can come at once after a rest
	topics atomic.Int64 // how many use it

	mu       sync.Mutex
	tokens   float64
	filledAt time.Time
	waiting  [2][]*waiter // the urgent ones, and the others; the first one goes first
	urgent   int          // how many turns in a row urgent ones had
	timer    *time.Timer  // nil if nobody waits
}

const fairShare = 16

// waiter is a call that waits for its turn.
type waiter struct{ turn chan struct{} }

func newPacer(rate float64) *pacer {
	return &pacer{rate: rate, tokens: max(rate, 1), filledAt: time.Now()}
}

// stretch returns the least time in which all topics can be read once.
func (p *pacer) stretch() time.Duration {
	return time.Duration(float64(p.topics.Load()) / p.rate * float64(time.Second))
}

// wait waits for a turn. Who waits becomes urgent when the channel has something. wait
// errors if ctx ends first.
func (p *pacer) wait(ctx context.Context, isUrgent bool, urgent <-chan struct{}) error {
	w := &waiter{make(chan struct{})}
	p.enter(w, isUrgent)
	for {
		select {
		case <-w.turn:
			return nil
		case <-urgent:
			if p.leave(w) {
				p.enter(w, true)
			}
		case <-ctx.Done():
			if !p.leave(w) {
				p.giveBack()
			}
			return ctx.Err()
		}
	}
}

// enter adds a waiter to the end of a queue.
func (p *pacer) enter(w *waiter, isUrgent bool) {
	queue := 1
	if isUrgent {
		queue = 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[queue] = append(p.waiting[queue], w)
	p.serve()
}

// leave takes a waiter out of its queue. It returns false if the waiter has a turn.
func (p *pacer) leave(w *waiter) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for q, queue := range p.waiting {
		if i := slices.Index(queue, w); i >= 0 {
			p.waiting[q] = slices.Delete(queue, i, i+1)
			return true
		}
	}
	return false
}

// giveBack gives a turn back that is not used.
func (p *pacer) giveBack() {
	p.mu.Lock()
	defer p.mu.Unlock()
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
	first := 0
	if p.urgent++; p.urgent == fairShare || len(p.waiting[0]) == 0 {
		first, p.urgent = 1, 0
	}
	for _, q := range []int{first, 1 - first} {
		if queue := p.waiting[q]; len(queue) > 0 {
			p.waiting[q] = queue[1:]
			return queue[0]
		}
	}
	return nil
}
