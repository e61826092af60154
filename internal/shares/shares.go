// Package shares divides something scarce, such as memory or places for calls,
// among callers. Those that find none free wait in their order. No caller gets more
// than half, so that a caller whose shares are slow to come back can't stop the
// others.
package shares

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// ErrFull is the error of a request that would have to wait where too many wait
// already.
var ErrFull = errors.New("shares: too many wait")

// Options configure a Pool.
type Options struct {
	// Size is how many units there are.
	Size int
	// Reserved is how many of them only small shares can have, which have Small
	// units at most.
	Reserved, Small int
	// MaxWaiting is how many shares may wait, half of them of one caller; 0 for any
	// number.
	MaxWaiting int
}

// Pool holds the units. It is safe for concurrent use.
type Pool struct {
	options Options

	mu        sync.Mutex
	free      int
	heldSmall int // by small shares
	callers   map[string]caller
	queue     []*Share // in the order in which they came
}

// caller is what one caller has.
type caller struct{ held, waiting int }

// NewPool makes a pool.
func NewPool(o Options) *Pool {
	return &Pool{options: o, free: o.Size, callers: map[string]caller{}}
}

// Share is a number of units of one caller. It must be released, unless Wait has
// returned an error.
type Share struct {
	pool   *Pool
	caller string
	size   int
	small  bool
	ready  chan struct{} // closed when the caller has the units; nil if it had them at once
}

// Largest is the largest share that is not small.
func (p *Pool) Largest() int { return p.options.Size - p.options.Reserved }

// Load returns how many units callers have, and how many shares wait.
func (p *Pool) Load() (held, waiting int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.options.Size - p.free, len(p.queue)
}

// half is what one caller can have of something. Callers without a name can't be
// told apart, and have all of it.
func half(of int, caller string) int {
	if caller == "" {
		return of
	}
	return (of + 1) / 2
}

// Request asks for a share, which counts as Largest, or as half of all units, if it
// is larger. The error is ErrFull.
func (p *Pool) Request(callerName string, size int) (*Share, error) {
	size = min(size, half(p.options.Size, callerName), p.Largest())
	s := &Share{pool: p, caller: callerName, size: size, small: size <= p.options.Small}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fits(s, p.isFull()) {
		p.take(s)
		return s, nil
	}
	most := p.options.MaxWaiting
	if most > 0 && (len(p.queue) == most || p.callers[callerName].waiting == half(most, callerName)) {
		return nil, ErrFull
	}
	s.ready = make(chan struct{})
	p.queue = append(p.queue, s)
	p.change(callerName, 0, 1)
	return s, nil
}

// IsReady reports whether the caller has the units.
func (s *Share) IsReady() bool {
	if s.ready == nil {
		return true
	}
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}

// Wait waits until the caller has the units. When ctx ends, it gives up the share and
// returns the error of ctx.
func (s *Share) Wait(ctx context.Context) error {
	if s.ready == nil {
		return nil
	}
	select {
	case <-s.ready:
		return nil
	case <-ctx.Done():
	}
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	s.pool.leave(s)
	return ctx.Err()
}

// Shrink gives back all but size units, at least one, once the caller has them. It
// does nothing if the share is not larger.
func (s *Share) Shrink(size int) {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	if surplus := s.size - max(size, 1); surplus > 0 {
		s.pool.give(s, surplus)
		s.pool.grant()
	}
}

// Split keeps so many units, and makes the others a share of their own.
func (s *Share) Split(keep int) *Share {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	size := max(s.size-keep, 0)
	s.size -= size
	return &Share{pool: s.pool, caller: s.caller, size: size, small: s.small}
}

// Release gives the units back.
func (s *Share) Release() {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	s.pool.give(s, s.size)
	s.pool.grant()
}

// grant gives units to those that wait, in their order. Who waits for the half of
// its caller does not hold up others. The caller holds mu.
func (p *Pool) grant() {
	kept := p.queue[:0]
	full := false // whether one that comes earlier waits for free units
	for _, s := range p.queue {
		if !p.fits(s, full) {
			full = full || p.inHalf(s)
			kept = append(kept, s)
			continue
		}
		p.change(s.caller, 0, -1)
		p.take(s)
		close(s.ready)
	}
	clear(p.queue[len(kept):])
	p.queue = kept
}

// isFull reports whether a share waits for free units. The caller holds mu.
func (p *Pool) isFull() bool { return slices.ContainsFunc(p.queue, p.inHalf) }

// fits reports whether a share can have its units. The caller holds mu.
func (p *Pool) fits(s *Share, full bool) bool { return p.inHalf(s) && p.isFree(s, full) }

// inHalf reports whether a share is within the half of its caller. The caller holds
// mu.
func (p *Pool) inHalf(s *Share) bool {
	return p.callers[s.caller].held+s.size <= half(p.options.Size, s.caller)
}

// isFree reports whether there are units for a share. If others wait for free units, a
// small share can still have what is reserved. The caller holds mu.
func (p *Pool) isFree(s *Share, full bool) bool {
	if s.small {
		return s.size <= p.free && (!full || p.heldSmall+s.size <= p.options.Reserved)
	}
	return !full && s.size <= p.free-max(p.options.Reserved-p.heldSmall, 0)
}

// take and give move units to a share, and back. The caller holds mu.
func (p *Pool) take(s *Share) {
	p.free -= s.size
	p.change(s.caller, s.size, 0)
	if s.small {
		p.heldSmall += s.size
	}
}

func (p *Pool) give(s *Share, size int) {
	p.free += size
	p.change(s.caller, -size, 0)
	if s.small {
		p.heldSmall -= size
	}
	s.size -= size
}

// leave gives up a share, which may have got its units just now. The caller holds
// mu.
func (p *Pool) leave(s *Share) {
	if i := slices.Index(p.queue, s); i >= 0 {
		p.queue = slices.Delete(p.queue, i, i+1)
		p.change(s.caller, 0, -1)
	} else {
		p.give(s, s.size)
	}
	p.grant()
}

// change changes what a caller has. The caller of change holds mu.
func (p *Pool) change(name string, held, waiting int) {
	c := p.callers[name]
	c.held += held
	c.waiting += waiting
	if c == (caller{}) {
		delete(p.callers, name)
		return
	}
	p.callers[name] = c
}
