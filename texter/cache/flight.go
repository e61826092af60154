package cache

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"texter-graphql/texter"
)

// found is a page and when it was asked for.
type found struct {
	page *texter.SearchPage
	asOf time.Time
}

// flights are the searches that are on their way. One belongs to none of its
// callers: it goes on until it ends or all of them have left. (singleflight of
// golang.org/x/sync knows no leaving.)
//
// It runs on the goroutine of its first caller, which is a tenth of what a
// request costs less than one of its own. So a first caller who leaves while
// others wait returns only when the search ends. That is one whose client is
// gone: who may run out of time gets a goroutine.
type flights struct {
	// longest is how long a search takes at most; 0 is unknown.
	longest time.Duration
	// search fills in what it finds.
	search func(context.Context, *flight) error
	// landed is told of each that ends, under the lock, before its callers are.
	landed func(*flight)
	// settled is told after its callers.
	settled func(*flight)

	mu    sync.Mutex
	byKey map[key]*flight
}

// flight is one search, which several callers may wait for.
type flight struct {
	key     key
	options texter.SearchOptions
	ctx     context.Context // of the search, with the values of the first caller's
	cancel  context.CancelFunc

	// Guarded by flights.mu:
	callers  int  // that have not left
	disowned bool // what comes of it is not to be kept
	landed   bool

	done chan struct{} // closed once the rest is set
	found
	outcome    Outcome // Miss, or where else it was found
	old        found   // a page to fall back on
	generation string  // see shared
	share      bool    // with other instances
	err        error
	panicked   *Panic
}

// fly runs a flight that its caller is the first of, and returns as wait does.
func (fs *flights) fly(ctx context.Context, f *flight) error {
	if !fs.endsBefore(ctx) {
		go fs.run(f)
		return fs.wait(ctx, f)
	}
	leaving := context.AfterFunc(ctx, func() { fs.leave(f) })
	fs.run(f)
	if !leaving() {
		return texter.ContextError(ctx)
	}
	return fs.wait(ctx, f)
}

// endsBefore reports whether any search ends before ctx runs out of time.
func (fs *flights) endsBefore(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return !ok || fs.longest > 0 && time.Until(deadline) > fs.longest
}

// join returns the flight of the key: Shared, or a new one, which is a Miss and
// to be run.
func (fs *flights) join(ctx context.Context, k key, o texter.SearchOptions) (*flight, Outcome) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f, ok := fs.byKey[k]; ok {
		f.callers++
		return f, Shared
	}
	ctx, cancel := fs.own(context.WithoutCancel(ctx))
	f := &flight{key: k, options: o, ctx: ctx, cancel: cancel, callers: 1, done: make(chan struct{}), outcome: Miss}
	fs.byKey[k] = f
	return f, Miss
}

// own is a context for a search, with the values of ctx.
func (fs *flights) own(ctx context.Context) (context.Context, context.CancelFunc) {
	if fs.longest > 0 {
		return context.WithTimeout(ctx, fs.longest)
	}
	return context.WithCancel(ctx)
}

func (fs *flights) run(f *flight) {
	returned := false
	defer func() {
		if !returned { // also when the goroutine is ended by runtime.Goexit
			f.panicked = &Panic{value: recover(), stack: debug.Stack()}
		}
		fs.land(f)
		f.cancel()
		close(f.done)
		fs.settled(f)
	}()
	f.err = fs.search(f.ctx, f)
	returned = true
}

func (fs *flights) land(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.landed(f)
	fs.remove(f)
	if f.landed = true; f.page != nil {
		f.page.Share(f.callers)
	}
}

// disown has nothing be kept of what is on its way for a credential. It needs
// the lock.
func (fs *flights) disown(c credentialHash) {
	for k, f := range fs.byKey {
		if k.credential == c {
			f.disowned = true
		}
	}
}

// remove needs the lock. A flight that all have left may have a successor.
func (fs *flights) remove(f *flight) {
	if fs.byKey[f.key] == f {
		delete(fs.byKey, f.key)
	}
}

// wait waits for a flight that was joined, and returns its error, or leaves it
// when ctx ends. It panics if the search did.
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

// leave cancels a flight that nobody waits for any more.
func (fs *flights) leave(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f.landed && f.page != nil {
		f.page.Release()
	}
	if f.callers--; f.callers == 0 {
		f.disowned = true // disown no longer finds it
		fs.remove(f)
		f.cancel()
	}
}

// Panic is the panic of a search, in each of its callers.
type Panic struct {
	value any
	stack []byte
}

// String is for the program's last words, should nobody recover.
func (p *Panic) String() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

// Stack is where the search panicked.
func (p *Panic) Stack() []byte { return p.stack }
