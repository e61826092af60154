package live

import (
	"context"
	"slices"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// Event is what a webhook says of a chat. It only selects the lists that are read
// soon: nothing of it is shown to anybody.
type Event struct {
	// ChatID is the id of the chat.
	ChatID string
	// Status is the status of the chat; nil if the webhook has none.
	Status *texter.ChatStatus
	// LabelIDs are the labels of the chat; nil if the webhook has none.
	LabelIDs []string
	// Channel is the account that the contact writes to; nil if the webhook has none.
	Channel *texter.ChannelFilter
}

// couldMatch reports whether the chat of the event can be in the list of a filter.
// It can if the event does not show otherwise.
func (e Event) couldMatch(f texter.ChatFilter) bool {
	switch {
	case e.Status != nil && len(f.Statuses) > 0 && !slices.Contains(f.Statuses, *e.Status):
		return false
	case e.LabelIDs != nil && len(f.Labels) > 0 && !slices.ContainsFunc(f.Labels, func(id string) bool { return slices.Contains(e.LabelIDs, id) }):
		return false
	case e.Channel != nil && f.Channel != nil && *e.Channel != *f.Channel:
		return false
	}
	return true
}

// Notify says that a chat may have changed. The lists that have the chat, or whose
// filter could match it, are read as soon as the budget has a call, and again, at
// most maxLooks times, until the chat is seen to have changed.
func (f *Feed) Notify(e Event) {
	if f.options.Peers == nil {
		f.Announced(e, Now)
		return
	}
	f.running.Go(func() {
		at, err := f.options.Peers.Announce(context.Background(), e)
		if err != nil {
			at = Now
		}
		f.Announced(e, at)
	})
}

// notify has the list read if the event concerns it.
func (t *topic) notify(e Event, at Moment) {
	t.mu.Lock()
	defer t.mu.Unlock()
	row, found := t.window.row(e.ChatID)
	if !found && !e.couldMatch(t.filter) {
		return
	}
	t.awaited.add(e.ChatID, row, t.polls)
	t.needAfter(at)
	t.signal(t.poke)
}

// row returns a row of the window; the zero value if it is not there.
func (w *window) row(id string) (row relay.SnapshotRow, found bool) {
	if w == nil {
		return row, false
	}
	place, found := w.places[id]
	if found {
		row = w.snapshot.Rows[place]
	}
	return row, found
}

const (
	// maxLooks is how often a list is read for one event.
	maxLooks = 3
	// maxAwaited is how many chats of a list are waited for at a time. For more,
	// the list is read once.
	maxAwaited = 1000
)

// awaited are the chats of a list that were announced to have changed.
type awaited map[string]awaitedChat

type awaitedChat struct {
	before relay.SnapshotRow // the zero value if it was not in the window
	poll   int               // the last poll that had begun when the event came
	looks  int               // how many polls did not find the change
}

func (a *awaited) add(id string, before relay.SnapshotRow, poll int) {
	if *a == nil {
		*a = awaited{}
	}
	if _, waits := (*a)[id]; !waits && len(*a) >= maxAwaited {
		return
	}
	(*a)[id] = awaitedChat{before: before, poll: poll}
}

// look compares the chats with a window that a poll has read. It reports whether a
// change that was announced is there.
func (a awaited) look(w *window, poll int) (found bool) {
	for id, chat := range a {
		if poll <= chat.poll {
			continue // it began before the event came
		}
		if now, _ := w.row(id); now != chat.before {
			found = true
			delete(a, id)
			continue
		}
		if chat.looks++; chat.looks == maxLooks {
			delete(a, id)
			continue
		}
		a[id] = chat
	}
	return found
}
