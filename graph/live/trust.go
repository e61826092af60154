package live

import (
	"slices"
	"sync"
	"time"

	"texter-graphql/texter"
)

const (
	// grace is how long after a change its webhook may come.
	grace = 15 * time.Second
	// probation is for how long webhooks are not trusted after one that did not come.
	probation = 10 * time.Minute
	// maxRemembered bounds the chats that a trust remembers.
	maxRemembered = 10_000
)

// trust says whether webhooks can be relied on. They can once one of them told of a
// change, until a change is found that none of them told of. Lists are then read
// rarely in between.
type trust struct {
	mu         sync.Mutex
	good       bool
	missedAt   time.Time
	announced  map[string]time.Time // when the last webhook about a chat came
	unexpected map[string]time.Time // when a change was found of which no webhook told yet
}

func newTrust() *trust {
	return &trust{announced: map[string]time.Time{}, unexpected: map[string]time.Time{}}
}

// announce says that a webhook about a chat has come.
func (t *trust) announce(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.unexpected, id)
	t.forget()
	t.announced[id] = time.Now()
}

// forget drops what is too old to matter. The caller holds mu.
func (t *trust) forget() {
	if len(t.announced) < maxRemembered {
		return
	}
	for id, at := range t.announced {
		if time.Since(at) > grace {
			delete(t.announced, id)
		}
	}
	if len(t.announced) >= maxRemembered {
		clear(t.announced) // which makes changes unexpected: lists are then read more often
	}
}

// confirm says that a change was found of which a webhook told.
func (t *trust) confirm() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.good = time.Since(t.missedAt) > probation // the zero time is long ago
}

// found says that chats have changed in a way that a webhook tells of.
func (t *trust) found(ids []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		if at, ok := t.announced[id]; (!ok || time.Since(at) > grace) && len(t.unexpected) < maxRemembered {
			if _, known := t.unexpected[id]; !known {
				t.unexpected[id] = time.Now()
			}
		}
	}
}

// isGood reports whether webhooks can be relied on.
func (t *trust) isGood() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, at := range t.unexpected {
		if time.Since(at) > grace {
			delete(t.unexpected, id)
			t.good, t.missedAt = false, time.Now()
		}
	}
	return t.good
}

// announceable returns the chats that differ between two windows in a way that a
// webhook tells of: a message, the status or the labels. No webhook tells of a chat
// that is read or renamed.
func announceable(before, now *window) (ids []string) {
	for _, c := range now.since(before.snapshot) {
		switch c.kind {
		case left:
			ids = append(ids, c.id)
		case entered:
			ids = append(ids, now.snapshot.Rows[c.row].ID)
		case updated:
			row := now.snapshot.Rows[c.row]
			place := before.places[row.ID]
			if before.snapshot.Rows[place].At != row.At || differ(before.connection.NodeViews()[place], now.connection.NodeViews()[c.row]) {
				ids = append(ids, row.ID)
			}
		}
	}
	return ids
}

// differ reports whether the status or the labels of a chat have changed.
func differ(a, b *texter.Chat) bool {
	statusA, _ := a.StatusCode()
	statusB, _ := b.StatusCode()
	return statusA != statusB || !slices.Equal(a.LabelIDs, b.LabelIDs)
}
