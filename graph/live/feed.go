package live

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// Defaults of Options.
const (
	DefaultInterval     = 3 * time.Second
	DefaultRareInterval = 30 * time.Second
	DefaultWindow       = 100
	DefaultPolls        = 10.0
	DefaultMaxTopics    = 500
)

// linger is how long a list is read after its last viewer has left.
const linger = 10 * time.Second

// Options configure a Feed.
type Options struct {
	// Searcher reads the lists. It gets the context of a viewer, without its end.
	Searcher texter.Searcher
	// Upstream learns how the API behind Searcher differs from its reference; nil to
	// learn nothing.
	Upstream *relay.Upstream
	// Topic names a list, and the credential that reads it: those who may see
	// different chats have different names. The filter is normalized.
	Topic func(ctx context.Context, f texter.ChatFilter) (credential, list string, err error)
	// Interval is how often a list is read while somebody watches it; 0 for
	// DefaultInterval. RareInterval is the same while webhooks tell of all changes;
	// 0 for DefaultRareInterval.
	Interval, RareInterval time.Duration
	// Window is how many rows of a list are watched, relay.MaxSnapshot at most; 0
	// for DefaultWindow.
	Window int
	// Polls is how often all lists of a credential are read together, per second; 0
	// for DefaultPolls. More lists are read less often.
	Polls float64
	// MaxTopics is how many lists are watched at most; 0 for DefaultMaxTopics. One
	// caller can have half of them read.
	MaxTopics int
	// Caller names who watches; empty if callers have no names. Nil if none has.
	Caller func(context.Context) string
	// Linger is how long a list is read after its last viewer has left; 0 for ten
	// seconds.
	Linger time.Duration
	// Peers are the other instances; nil if there are none.
	Peers Peers
	// Begin begins a reading of a list by this instance, for example to trace it. It
	// gets the context of the viewer who was first, returns that of the reading, and is
	// told its end. May be nil.
	Begin func(context.Context) (reading context.Context, end func(error))
	// Polled is told of each reading of a list; may be nil.
	Polled func(Poll)
}

// Poll is one reading of a list.
type Poll struct {
	// Err says why it failed; nil if it did not.
	Err error
	// Changed says whether the list is another than before.
	Changed bool
	// IsShared says that another instance has read it.
	IsShared bool
	// Since is the time since the reading before it began; 0 for the first one, and
	// for one of another instance.
	Since time.Duration
}

// ErrTooManyTopics is the error of a viewer whose list would be one too many.
var ErrTooManyTopics = errors.New("too many lists are watched")

// ErrClosed is the error of the viewers of a feed that is closed.
var ErrClosed = errors.New("the feed is closed")

// Feed follows the lists that somebody watches. It is safe for concurrent use.
type Feed struct {
	options Options
	trust   *trust
	running sync.WaitGroup // of topics

	mu     sync.Mutex
	closed bool
	topics map[string]*topic
	owned  map[string]int    // how many topics a caller has started
	pacers map[string]*pacer // by credential, of those that have topics
}

// New returns a feed that reads nothing until somebody watches.
func New(o Options) *Feed {
	o.Interval, o.RareInterval = cmp.Or(o.Interval, DefaultInterval), cmp.Or(o.RareInterval, DefaultRareInterval)
	o.Window, o.Polls = cmp.Or(o.Window, DefaultWindow), cmp.Or(o.Polls, DefaultPolls)
	o.MaxTopics, o.Linger = cmp.Or(o.MaxTopics, DefaultMaxTopics), cmp.Or(o.Linger, linger)
	if o.Caller == nil {
		o.Caller = func(context.Context) string { return "" }
	}
	if o.Begin == nil {
		o.Begin = func(ctx context.Context) (context.Context, func(error)) { return ctx, func(error) {} }
	}
	if o.Polled == nil {
		o.Polled = func(Poll) {}
	}
	return &Feed{options: o, trust: newTrust(), topics: map[string]*topic{}, owned: map[string]int{}, pacers: map[string]*pacer{}}
}

// Watch starts to watch the list of a filter, which must be valid. The batches begin
// with the rows that the viewer has: since is the live cursor of a page, or the
// cursor of a batch. Without it they begin with the rows of now.
//
// The feed calls wake, from any goroutine, when Next may have something new. wake
// must not block, nor call methods of the viewer.
//
// The encoder is for the viewer's Encoded; nil if that is not called.
//
// Watch errors with a *rule.Error about since, with ErrTooManyTopics, with ErrClosed,
// and as Options.Topic does.
func (f *Feed) Watch(ctx context.Context, filter texter.ChatFilter, since *string, wake func(), encoder *Encoder) (*Viewer, error) {
	v := &Viewer{wake: wake, encoder: encoder}
	if since != nil {
		snapshot, err := relay.ParseSnapshot("since", *since)
		switch {
		case errors.Is(err, relay.ErrOtherVersion):
			v.reset = true
		case err != nil:
			return nil, err
		default:
			v.has, v.key = &snapshot, *since
		}
	}
	filter = filter.Normalize()
	credential, name, err := f.options.Topic(ctx, filter)
	if err != nil {
		return nil, err
	}
	for {
		t, err := f.topic(ctx, credential, name, filter)
		if err != nil {
			return nil, err
		}
		if t.add(v) {
			return v, nil
		}
		f.drop(t)
	}
}

// topic returns the topic of this name. It starts it if there is none.
func (f *Feed) topic(ctx context.Context, credential, name string, filter texter.ChatFilter) (*topic, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return nil, ErrClosed
	case f.topics[name] != nil:
		return f.topics[name], nil
	}
	caller := f.options.Caller(ctx)
	if len(f.topics) >= f.options.MaxTopics || caller != "" && f.owned[caller] >= max(f.options.MaxTopics/2, 1) {
		return nil, ErrTooManyTopics
	}
	f.owned[caller]++
	p := f.pacers[credential]
	if p == nil {
		p = newPacer(f.options.Polls)
		f.pacers[credential] = p
	}
	p.topics.Add(1)
	t := &topic{feed: f, name: name, caller: caller, credential: credential, filter: filter, pacer: p, poke: make(chan struct{}, 1), shared: make(chan struct{}, 1), viewers: map[*Viewer]struct{}{}}
	t.ctx, t.cancel = context.WithCancel(context.WithoutCancel(ctx))
	f.topics[name] = t
	f.running.Add(1)
	go t.run()
	return t, nil
}

// Lists returns how many lists are watched.
func (f *Feed) Lists() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.topics)
}

// drop ends a topic that nobody watches, or that has ended already.
func (f *Feed) drop(t *topic) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.topics[t.name] != t || len(t.viewers) > 0 && !t.ended {
		return
	}
	t.cancel()
	delete(f.topics, t.name)
	if f.owned[t.caller]--; f.owned[t.caller] == 0 {
		delete(f.owned, t.caller)
	}
	if t.pacer.topics.Add(-1) == 0 {
		delete(f.pacers, t.credential)
	}
}

// Close ends all watching: Next then returns ErrClosed. It waits until nothing of
// the feed runs any more.
func (f *Feed) Close() {
	f.mu.Lock()
	f.closed = true
	topics := f.topics
	f.topics = map[string]*topic{}
	f.mu.Unlock()
	for _, t := range topics {
		t.end(ErrClosed)
	}
	f.running.Wait()
}

// end ends the topic for all who watch.
func (t *topic) end(err error) {
	t.cancel()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err, t.ended = err, true
	t.wake(true)
}
