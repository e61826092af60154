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
	ctx        context.Context
	cancel     context.CancelFunc
	filter     texter.ChatFilter
	pacer      *pacer
	poke       chan struct{} // asks for a poll soon; holds one
	began      time.Time     // when the last poll began; for run alone

	mu       sync.Mutex
	viewers  map[*Viewer]struct{}
	window   *window // the newest one; nil until it is read
	polls    int     // how many have begun
	err      error   // of the last poll
	failed   int     // the number of the last poll that failed
	ended    bool    // whether err is for good
	awaited  awaited
	lingerer *time.Timer // ends the topic when nobody has watched for a while
}

// run reads the list until the topic ends.
func (t *topic) run() {
	defer t.feed.running.Done()
	for urgent := true; t.ctx.Err() == nil && t.pacer.wait(t.ctx, urgent, t.poke) == nil; {
		urgent = t.rest(t.pollOnce())
	}
}

// rest waits until the next poll is due. It reports whether somebody asked for it.
func (t *topic) rest(d time.Duration) (urgent bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.poke:
		return true
	case <-t.ctx.Done():
	}
	return false
}

// pokeSoon asks for a poll as soon as the budget has one.
func (t *topic) pokeSoon() {
	select {
	case t.poke <- struct{}{}:
	default: // asked for already
	}
}

// pollOnce reads the list, and wakes those who watch if it has changed. It returns
// how long to rest.
func (t *topic) pollOnce() time.Duration {
	t.mu.Lock()
	t.polls++
	poll, previous := t.polls, t.window
	t.mu.Unlock()
	since := t.begin()
	w, err := t.read(previous)
	t.feed.options.Polled(Poll{Err: err, Changed: err == nil && w != previous, Since: since})
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
	if w != previous && previous != nil {
		t.feed.trust.found(announceable(previous, w))
	}
	t.wake(w != previous)
	return t.interval(nil)
}

// begin returns the time since the last poll began; 0 for the first one.
func (t *topic) begin() (since time.Duration) {
	now := time.Now()
	if !t.began.IsZero() {
		since = now.Sub(t.began)
	}
	t.began = now
	return since
}

// read reads the newest rows of the list. If Texter sends the same bytes as before,
// it returns the previous window.
func (t *topic) read(previous *window) (*window, error) {
	reader := &pageReader{next: t.feed.options.Searcher}
	if previous != nil {
		reader.previous = previous.page
	}
	connection, err := t.feed.options.Upstream.Search(t.ctx, reader, t.filter, relay.Start(t.feed.options.Window), false)
	switch {
	case err != nil:
		return nil, err
	case previous != nil && reader.page == previous.page && reader.calls == 1:
		return previous, nil
	}
	reader.page.Pin()
	return newWindow(connection, reader.page), nil
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
	if w := t.window; w == nil && t.err != nil || w != nil && v.has != nil && !w.matches(v.has) {
		t.pokeSoon()
	}
	return true
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
