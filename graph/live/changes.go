// Package live follows lists of chats. A Feed reads the newest chats of each list
// that somebody watches, again and again, and tells each viewer the changes since
// what that viewer was told before.
//
// A viewer has no queue. The feed knows the rows that the viewer has (from the live
// cursor that the viewer came with, and then from the last batch), and compares them
// with the newest rows that were read. So a slow viewer gets fewer and larger
// batches, and a viewer who comes back gets one. Viewers who have the same rows
// share the batch, and its encoding.
package live

import (
	"sync"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// Changes are a batch: what has changed in a list since another batch, or since a
// page. Many viewers share it: it is read-only.
type Changes struct {
	// Cursor says where the list stands after the batch: see Feed.Watch.
	Cursor string
	// TotalCount is how many chats the list has, on all pages.
	TotalCount int
	// Changes lead from the rows before to the rows now, if they are applied in
	// order.
	Changes []Change
	// IsLast says that no batch follows.
	IsLast bool

	mu      sync.Mutex
	encoded map[any]*encoding
}

// Encoder makes a text of a batch. Encode must not block for ever, nor return nil. It
// runs once for each batch and key: encoders of equal keys make the same text.
type Encoder struct {
	Key    any // must be comparable
	Encode func(*Changes) []byte
}

// encoding is a batch as a text. The text is nil until it is there.
type encoding struct {
	text  []byte
	wakes []func() // of the viewers who wait for it
}

// Encoded returns the batch as the viewer's encoder makes it. It never waits: it
// returns nil until the encoder has run, on a goroutine of the feed. Then the viewer is
// woken.
func (v *Viewer) Encoded(c *Changes) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.encoded[v.encoder.Key]
	if e == nil {
		e = &encoding{}
		if c.encoded == nil {
			c.encoded = map[any]*encoding{}
		}
		c.encoded[v.encoder.Key] = e
		encode := v.encoder.Encode
		v.topic.feed.running.Go(func() { c.finish(e, encode(c)) })
	}
	if e.text == nil {
		e.wakes = append(e.wakes, v.wake)
	}
	return e.text
}

// finish wakes those who wait for a text.
func (c *Changes) finish(e *encoding, text []byte) {
	c.mu.Lock()
	e.text = text
	wakes := e.wakes
	e.wakes = nil
	c.mu.Unlock()
	for _, wake := range wakes {
		wake()
	}
}

// Change is one of Entered, Updated, Left and Reset.
type Change interface{ IsChatChange() }

// Entered says that a chat is at a place of the list. If it is in the list already,
// it leaves its old place first.
type Entered struct {
	// Edge is the chat with its cursor.
	Edge relay.Edge
	// Index is the chat's place once the change is applied, counted from 0. A reader
	// who has fewer rows leaves the change out.
	Index int
}

// Updated says that a chat has other values, at the same place.
type Updated struct {
	// Chat has the new values.
	Chat *texter.Chat
}

// Left says that a chat is not in the list any more, or that it moves: then an
// Entered follows.
type Left struct {
	// ChatID is the id of the chat.
	ChatID string
}

// Reset says that the feed can't tell what has changed: the page is to be read
// again.
type Reset struct {
	// Reason says why.
	Reason ResetReason
}

// IsChatChange implements Change.
func (Entered) IsChatChange() {}

// IsChatChange implements Change.
func (Updated) IsChatChange() {}

// IsChatChange implements Change.
func (Left) IsChatChange() {}

// IsChatChange implements Change.
func (Reset) IsChatChange() {}

// ResetReason says why a feed can't continue.
type ResetReason int

// ResetUnknown says that the live cursor is of another version of this service.
const ResetUnknown ResetReason = 0
