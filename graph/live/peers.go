package live

import (
	"bytes"
	"context"
	"errors"
	"time"

	"texter-graphql/texter"
)

// Peers are the other instances that follow lists. One of them reads a list for all,
// each time another one if need be. If Peers fail, each instance reads for itself.
type Peers interface {
	// Take says whether a list has to be read.
	Take(ctx context.Context, list string, t Take) (Turn, error)
	// Done ends a turn of this instance. The page is nil if it is not to be shared, as
	// when it could not be read. equal is the version that has the same bytes; 0 if none
	// is known. Done returns the version of the page; 0 if it is not shared, as when
	// another instance has read a newer one.
	Done(ctx context.Context, list string, turn Turn, page []byte, equal Moment) (version Moment, err error)
	// Announce passes an event on, and returns when that was.
	Announce(ctx context.Context, e Event) (Moment, error)
}

// Moment is a time of the clock that all peers share, in microseconds. 0 is before all
// others.
type Moment int64

// Now is the moment at which Take is called.
const Now Moment = -1

// Take says what an instance has of a list, and what it needs.
type Take struct {
	// Has is the version of the page that this instance has.
	Has Moment
	// After is the moment after which Texter must have been asked for the page.
	After Moment
	// MaxAge is how old a page may be.
	MaxAge time.Duration
	// Lease is how long this instance may take to read the list, if it is its turn; 0
	// to have no turn.
	Lease time.Duration
}

// Turn is the answer to a Take. Exactly one of Page, IsEqual, IsDue, IsOurs and Wait is
// set.
type Turn struct {
	// Name is what Read gets when another instance has read the list.
	Name string
	// At is when Texter was asked for the page that is there, or when the turn begins.
	// Age is the time since then.
	At  Moment
	Age time.Duration
	// After is Take.After, with Now replaced.
	After Moment
	// Page is what another instance has read, and Version is its version.
	Page    []byte
	Version Moment
	// IsEqual says that the page that this instance has is new enough.
	IsEqual bool
	// IsDue says that somebody has to read the list.
	IsDue bool
	// IsOurs says that this instance has to read the list now, and to call Done.
	IsOurs bool
	// Wait is how long another instance, which reads the list, may still take.
	Wait time.Duration
}

// Read says that another instance has read the list of a name: see Turn.
func (f *Feed) Read(name string) {
	for _, t := range f.all() {
		t.mu.Lock()
		isSame := t.sharedName == name
		t.mu.Unlock()
		if isSame {
			t.signal(t.shared)
		}
	}
}

// Announced is Notify for an event that another instance has passed on.
func (f *Feed) Announced(e Event, at Moment) {
	f.trust.announce(e.ChatID)
	for _, t := range f.all() {
		t.notify(e, at)
	}
}

// all returns the topics.
func (f *Feed) all() []*topic {
	f.mu.Lock()
	defer f.mu.Unlock()
	topics := make([]*topic, 0, len(f.topics))
	for _, t := range f.topics {
		topics = append(topics, t)
	}
	return topics
}

// errDue says that somebody has to read the list, and that it is not ours to do so yet.
var errDue = errors.New("the list is due")

// share takes the page that another instance has read, if it is new enough. It errors
// with errDue if there is none. With a lease, it reads the list if nobody else does. ours
// says whether this instance did.
func (t *topic) share(previous *window, lease time.Duration) (w *window, ours bool, err error) {
	peers, take := t.feed.options.Peers, t.take(lease)
	for {
		turn, err := peers.Take(t.ctx, t.name, take)
		if err != nil {
			t.need(Now) // what is shared may be older than what we read now
			t.readAt = time.Now()
			w, err := t.ask(previous, nil)
			return w, true, err
		}
		t.mu.Lock()
		t.sharedName = turn.Name
		t.mu.Unlock()
		switch {
		case turn.IsOurs:
			w, err := t.askForAll(previous, turn)
			return w, true, err
		case turn.Page != nil:
			t.readAt = time.Now().Add(-turn.Age)
			if w, err = t.ask(previous, turn.Page); err == nil {
				w.version = turn.Version
			}
			return w, false, err
		case turn.IsEqual && previous != nil:
			t.readAt = time.Now().Add(-turn.Age)
			return previous, false, nil
		case turn.Wait == 0:
			t.need(turn.After)
			return nil, false, errDue
		}
		take.After = turn.After
		if err := t.await(turn.Wait); err != nil {
			return nil, false, err
		}
	}
}

// take says what this instance has, and needs now.
func (t *topic) take(lease time.Duration) Take {
	t.mu.Lock()
	defer t.mu.Unlock()
	take := Take{Has: t.window.shared(), After: t.needs, MaxAge: t.maxAge(), Lease: lease}
	t.needs = 0
	return take
}

// maxAge returns how old what peers have read may be. The caller holds mu.
func (t *topic) maxAge() time.Duration { return max(t.interval(nil), t.pacer.stretch()) }

// need remembers the moment after which Texter must be asked for the next page.
func (t *topic) need(after Moment) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.needAfter(after)
}

// needAfter is need for callers who hold mu.
func (t *topic) needAfter(after Moment) {
	if t.needs != Now && (after == Now || after > t.needs) {
		t.needs = after
	}
}

// askForAll reads the list in a turn of this instance.
func (t *topic) askForAll(previous *window, turn Turn) (*window, error) {
	t.readAt = time.Now()
	w, err := t.ask(previous, nil)
	var page []byte
	if err == nil && w.calls == 1 {
		page = w.page.Body()
	}
	equal := Moment(0)
	if w == previous {
		equal = w.shared()
	}
	version, failed := t.feed.options.Peers.Done(t.ctx, t.name, turn, page, equal)
	if failed != nil || version == 0 { // what is shared may be older than this
		t.need(Now)
	}
	if w != nil {
		w.version = version
	}
	return w, err
}

// await waits until another instance has read the list, or its time is over.
func (t *topic) await(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.shared:
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	return nil
}

// sharedReader is a texter.Searcher that has the answer to the first search.
type sharedReader struct {
	next     texter.Searcher
	page     []byte
	previous *texter.SearchPage
}

// SearchChats implements texter.Searcher.
func (r *sharedReader) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	body := r.page
	switch r.page = nil; {
	case body == nil:
		return r.next.SearchChats(ctx, o)
	case r.previous != nil && bytes.Equal(body, r.previous.Body()):
		return r.previous, nil
	}
	return o.Decode(body)
}
