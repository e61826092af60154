package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// topic is a list that somebody watches. One goroutine reads it, however many watch:
// see run.
type topic struct {
	feed       *Feed
	name       string // see Options.Topic
	credential string // the same
	caller     string // who started it
	ctx        context.Context
	cancel     context.CancelFunc
	filter     texter.ChatFilter
	pacer      *pacer
	poke       chan struct{} // asks for a poll soon; holds one
	shared     chan struct{} // says that another instance has read the list; holds one

	// For run alone:
	began  time.Time // when the last poll began
	readAt time.Time // when the page was read, by this instance or by a peer

	mu         sync.Mutex
	viewers    map[*Viewer]struct{}
	window     *window // the newest one; nil until it is read
	polls      int     // how many have begun
	err        error   // of the last poll
	failed     int     // the number of the last poll that failed
	ended      bool    // whether err is for good
	awaited    awaited
	needs      Moment      // after which Texter must be asked for the next page
	sharedName string      // see Turn
	lingerer   *time.Timer // ends the topic when nobody has watched for a while
}

// run reads the list until the topic ends.
func (t *topic) run() {
	defer t.feed.running.Done()
	t.need(Now)
	for urgent := true; t.ctx.Err() == nil; {
		rest, err := t.pollOnce(0)
		if err != nil {
			if t.pacer.wait(t.ctx, urgent, t.poke) != nil {
				return
			}
			rest, _ = t.pollOnce(lease)
		}
		urgent = t.rest(rest)
	}
}

// lease is how long one instance may take to read a list for all, before another one
// does.
const lease = 3 * time.Second

// rest waits until the next poll is due. It reports whether somebody asked for it.
func (t *topic) rest(d time.Duration) (urgent bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.shared:
	case <-t.poke:
		return true
	case <-t.ctx.Done():
	}
	return false
}

// signal sends to a channel that holds one signal.
func (t *topic) signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default: // there is one already
	}
}

// pollOnce reads the list, and wakes those who watch if it has changed. It returns
// how long to rest. Without a lease, it only takes what another instance has read, and
// errors with errDue if there is nothing.
func (t *topic) pollOnce(lease time.Duration) (rest time.Duration, err error) {
	if t.feed.options.Peers == nil && lease == 0 {
		return 0, errDue
	}
	t.mu.Lock()
	t.polls++
	poll, previous := t.polls, t.window
	t.mu.Unlock()
	w, ours, err := t.read(previous, lease)
	if errors.Is(err, errDue) {
		return 0, err
	}
	p := Poll{Err: err, Changed: err == nil && w != previous, IsShared: !ours}
	if ours {
		p.Since = t.begin()
	}
	t.feed.options.Polled(p)
	return t.settle(w, previous, poll, ours, err), nil
}

// settle keeps what a poll has read, and wakes those who watch. It returns how long to
// rest.
func (t *topic) settle(w, previous *window, poll int, ours bool, err error) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return 0
	}
	if t.err = err; err != nil {
		if t.failed, t.ended = poll, isFinal(err); t.ended {
			t.cancel() // a refused token is not sent again
		}
		t.wake(t.ended)
		return t.interval(err)
	}
	w.poll, t.window = poll, w
	if t.awaited.look(w, poll) {
		t.feed.trust.confirm()
	}
	if w != previous && previous != nil && ours {
		t.feed.trust.found(announceable(previous, w))
	}
	if w != previous {
		t.tell(previous)
	} else {
		t.wake(false)
	}
	for v := range t.viewers {
		if v.isAhead() { // who came during the poll may have newer rows than it has read
			t.readAgain()
			break
		}
	}
	if t.feed.options.Peers == nil {
		return t.interval(nil)
	}
	// A look at what peers have read costs Texter nothing.
	return min(max(time.Until(t.readAt.Add(t.maxAge()))+time.Millisecond, minLook), t.feed.options.Interval)
}

// minLook is the least time between two looks, if no peer says that it has read.
const minLook = 10 * time.Millisecond

// begin returns the time since the last poll began; 0 for the first one.
func (t *topic) begin() (since time.Duration) {
	now := time.Now()
	if !t.began.IsZero() {
		since = now.Sub(t.began)
	}
	t.began = now
	return since
}

// read reads the newest rows of the list, or has them from another instance. ours says
// whether this instance asked Texter.
func (t *topic) read(previous *window, lease time.Duration) (w *window, ours bool, err error) {
	if t.feed.options.Peers != nil {
		return t.share(previous, lease)
	}
	w, err = t.ask(previous, nil)
	return w, true, err
}

// ask asks Texter for the newest rows of the list, unless they are in a page that is
// there. It returns the previous window if its page has the same bytes.
func (t *topic) ask(previous *window, page []byte) (*window, error) {
	reader := &pageReader{next: t.feed.options.Searcher}
	if previous != nil {
		reader.previous = previous.page
	}
	if page != nil {
		reader.next = &sharedReader{next: reader.next, page: page, previous: reader.previous}
	}
	ctx, end := t.feed.options.Begin(t.ctx)
	connection, err := t.feed.options.Upstream.Search(ctx, reader, t.filter, relay.Start(t.feed.options.Window), false)
	end(err)
	switch {
	case err != nil:
		return nil, err
	case previous != nil && reader.page == previous.page && reader.calls == 1 && previous.calls == 1:
		return previous, nil
	}
	reader.page.Pin()
	return newWindow(connection, reader.page, reader.calls), nil
}

// pageReader is a texter.Searcher that asks Texter itself, and keeps the last page.
type pageReader struct {
	next           texter.Searcher
	previous, page *texter.SearchPage
	calls          int
}

// SearchChats implements texter.Searcher.
func (r *pageReader) SearchChats(ctx context.Context, o texter.SearchOptions) (page *texter.SearchPage, err error) {
	r.calls++
	o.Fresh, o.Previous = true, r.previous
	r.page, err = r.next.SearchChats(ctx, o)
	return r.page, err
}

// isFinal reports whether an error of a search ends a feed: the credential is refused.
func isFinal(err error) bool {
	e, ok := errors.AsType[*texter.Error](err)
	return ok && (e.Cause == texter.CauseUnauthenticated || e.Cause == texter.CauseForbidden)
}

// interval returns how long to rest after a poll with this error. The caller holds mu.
func (t *topic) interval(err error) time.Duration {
	o := t.feed.options
	switch {
	case err == nil && len(t.awaited) > 0:
		return o.Interval
	case err == nil && t.feed.trust.isGood():
		return max(o.RareInterval, o.Interval)
	}
	wait := o.Interval
	if e, ok := errors.AsType[*texter.Error](err); ok {
		wait = max(wait, e.RetryAfter)
	}
	return wait
}

// wake wakes those who watch: all, or those who wait for their first batch. The
// caller holds mu.
func (t *topic) wake(all bool) {
	for v := range t.viewers {
		if all || !v.started {
			v.wake()
		}
	}
}

// tell tells those who watch of a new window. Most have the one before it, and want the
// same text of the same batch: they are woken once it is there, and not to wait for it.
// The caller holds mu.
func (t *topic) tell(previous *window) {
	for v := range t.viewers {
		if v.encoder == nil || previous == nil || v.has != previous.snapshot || v.Encoded(t.window.changesSince(v.key, v.has)) != nil {
			v.wake()
		}
	}
}

// add adds a viewer. It returns false if the topic has ended.
func (t *topic) add(v *Viewer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil || t.ended {
		return false
	}
	if t.lingerer != nil {
		t.lingerer.Stop()
		t.lingerer = nil
	}
	v.topic, v.poll = t, t.polls+1
	t.viewers[v] = struct{}{}
	if t.window == nil && t.err != nil || v.isAhead() {
		t.readAgain()
	}
	return true
}

// readAgain makes the next poll come soon, and ask Texter after now. The caller holds
// mu.
func (t *topic) readAgain() {
	t.needAfter(Now)
	t.signal(t.poke)
}

// remove removes a viewer. The topic goes on for a while: many come back.
func (t *topic) remove(v *Viewer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.viewers, v)
	if len(t.viewers) == 0 && t.lingerer == nil {
		t.lingerer = time.AfterFunc(t.feed.options.Linger, func() { t.feed.drop(t) })
	}
}
