package cache

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"texter-graphql/texter"
)

// flights are the searches in flight. Several callers may wait for one search.
// It does not end with its first caller, but when all callers have left.
// (golang.org/x/sync/singleflight has no way to leave.)
//
// The first caller joins, which makes the flight, and runs it on its own
// goroutine: a new goroutine would cost a tenth of a request. Other callers join
// and wait. So a first caller that leaves while others wait returns only when
// the search ends. A caller with a deadline gets its own goroutine; only a
// caller whose client hung up returns late.
type flights struct {
	// timeout is the longest time that a search takes; 0 means unknown.
	timeout time.Duration
	// search sets the page of a flight, and returns an error if there is none.
	search func(*flight) error
	// keep is called when a flight has ended, before its callers get the page. It
	// is told whether the flight could be joined until then. mu is held.
	keep       func(f *flight, joinable bool)
	background *background
	// releases says that each caller releases its page, which is not kept.
	releases bool

	mu    sync.Mutex
	byKey map[flightKey]*flight // the flights that callers can join
}

// flightKey identifies a search in flight. A fresh search does not join one that
// is not: that one may find its page in Redis.
type flightKey struct {
	key
	fresh bool
}

// flight is one search, which several callers may wait for.
type flight struct {
	key     flightKey
	options texter.SearchOptions
	ctx     context.Context // has the values of the first caller's context, but not its end
	cancel  context.CancelFunc
	callers int // those that have not left; guarded by flights.mu

	// What search found. Callers read it once done is closed.
	timedPage
	outcome  Outcome   // Miss or Redis
	fallback timedPage // an older page, to keep if the search fails
	place    place     // of the page in Redis
	err      error
	panicked *Panic
	done     chan struct{}
}

// timedPage is a page, and when Texter was asked for it.
type timedPage struct {
	page    *texter.SearchPage
	askedAt time.Time
}

// join makes its caller one of the callers of the flight for a key. The first
// one must lead the flight, or run it; the others must wait for it, or leave it.
func (fs *flights) join(ctx context.Context, k key, o texter.SearchOptions) (f *flight, first bool) {
	fk := flightKey{k, o.Fresh}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f, ok := fs.byKey[fk]; ok {
		f.callers++
		if o.Reserved != nil && f.options.Reserved != nil && fs.releases {
			o.Reserved.Join(f.options.Reserved)
		}
		return f, false
	}
	f = &flight{key: fk, options: o, callers: 1, done: make(chan struct{})}
	if o.Reserved != nil {
		o.Reserved.Hold()
	}
	f.ctx, f.cancel = fs.detach(ctx)
	fs.byKey[fk] = f
	return f, true
}

// detach returns a context with the values of ctx, which does not end with ctx.
func (fs *flights) detach(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if fs.timeout > 0 {
		return context.WithTimeout(ctx, fs.timeout)
	}
	return context.WithCancel(ctx)
}

// lead runs a flight for its first caller, and returns as wait does.
func (fs *flights) lead(ctx context.Context, f *flight) error {
	if !fs.endsInTime(ctx) && fs.background.start(func() { fs.run(f) }, f.cancel) {
		return fs.wait(ctx, f)
	}
	stay := context.AfterFunc(ctx, func() { fs.leave(f) })
	fs.run(f)
	if !stay() {
		return texter.ContextError(ctx)
	}
	return fs.wait(ctx, f)
}

// endsInTime reports whether a search surely ends before the deadline of ctx.
func (fs *flights) endsInTime(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return !ok || fs.timeout > 0 && time.Until(deadline) > fs.timeout
}

// wait returns the error of a flight when the flight has ended. It panics if the
// search panicked. If ctx ends first, wait leaves the flight.
func (fs *flights) wait(ctx context.Context, f *flight) error {
	select {
	case <-f.done:
	case <-ctx.Done():
		fs.leave(f)
		return texter.ContextError(ctx)
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.err
}

// run searches, and gives all callers what it found.
func (fs *flights) run(f *flight) {
	returned := false
	defer func() {
		if !returned { // it panicked, or called runtime.Goexit
			f.panicked = &Panic{value: recover(), stack: debug.Stack()}
		}
		fs.finish(f)
	}()
	f.err = fs.search(f)
	returned = true
}

// finish ends a flight: it keeps the page, then lets the callers have it.
func (fs *flights) finish(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.keep(f, fs.remove(f))
	memory := f.options.Reserved
	if f.page != nil {
		if memory != nil && f.callers > 0 {
			f.page.Reserve(memory)
		}
		f.page.Share(f.callers)
	}
	if memory != nil {
		memory.Release()
	}
	f.cancel()
	close(f.done)
}

// leave takes a caller off a flight. A search that has no callers any more is
// canceled.
func (fs *flights) leave(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	select {
	case <-f.done:
		if f.page != nil {
			f.page.Release()
		}
		return
	default:
	}
	if f.callers--; f.callers == 0 {
		fs.remove(f)
		f.cancel()
	}
}

// discard removes the flights of a credential, so that their pages are not kept.
// The caller holds mu.
func (fs *flights) discard(c credentialHash) {
	for k, f := range fs.byKey {
		if k.credential == c {
			fs.remove(f)
		}
	}
}

// discardAll is discard for callers that do not hold mu.
func (fs *flights) discardAll(c credentialHash) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.discard(c)
}

// remove makes a flight one that nobody can join. It reports whether the flight
// could be joined until now. The caller holds mu.
func (fs *flights) remove(f *flight) bool {
	if fs.byKey[f.key] != f {
		return false
	}
	delete(fs.byKey, f.key)
	return true
}

// Panic is the panic of a search. Each of its callers panics with it.
type Panic struct {
	value any
	stack []byte
}

// String returns the value and the stack of the panic, which Go prints if
// nobody recovers.
func (p *Panic) String() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

// Stack returns the stack of the goroutine on which the search panicked.
func (p *Panic) Stack() []byte { return p.stack }
