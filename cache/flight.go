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
type flights struct {
	// search fills in what it finds.
	search func(context.Context, *flight) error
	// landed is told of each that ends, under the lock, before its callers are.
	landed func(*flight)
	// settled is told after its callers.
	settled func(context.Context, *flight)

	mu    sync.Mutex
	byKey map[key]*flight
}

// flight is one search, which several callers may wait for.
type flight struct {
	key     key
	options texter.SearchOptions
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

// join returns the flight of the key, for wait, and begins one if there is
// none. The search has the values of its first caller's context.
func (fs *flights) join(ctx context.Context, k key, o texter.SearchOptions) (*flight, Outcome) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f, ok := fs.byKey[k]; ok {
		f.callers++
		return f, Shared
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{key: k, options: o, cancel: cancel, callers: 1, done: make(chan struct{}), outcome: Miss}
	fs.byKey[k] = f
	go fs.run(ctx, f)
	return f, Miss
}

func (fs *flights) run(ctx context.Context, f *flight) {
	returned := false
	defer func() {
		if !returned { // also when the goroutine is ended by runtime.Goexit
			f.panicked = &Panic{value: recover(), stack: debug.Stack()}
		}
		fs.land(f)
		f.cancel()
		close(f.done)
		fs.settled(ctx, f)
	}()
	f.err = fs.search(ctx, f)
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

// wait returns what came of a flight that was joined, or leaves it when ctx
// ends. It panics if the search did.
func (fs *flights) wait(ctx context.Context, f *flight) (*texter.SearchPage, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		fs.leave(f)
		return nil, texter.ContextError(ctx)
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.page, f.err
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
