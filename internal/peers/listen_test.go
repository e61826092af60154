package peers_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/graph/live"
	"texter-graphql/internal/peers"
)

// heard passes on what a Listener hears.
type heard chan string

func (h heard) Read(name string)                      { h <- "read " + name }
func (h heard) Announced(e live.Event, _ live.Moment) { h <- "event " + e.ChatID }

func TestListen(t *testing.T) {
	w := newWorld(t)
	one, two, other := w.instance(firstKey), w.instance(firstKey), w.instance(otherKey)
	listen := func(p *peers.Peers) heard {
		h := make(heard, 10)
		go p.Listen(t.Context(), h)
		return h
	}
	own, peer, stranger := listen(one), listen(two), listen(other)
	w.redis.AwaitSubscribers(3)
	turn := take(t, one, 0, 0, long, long)
	finish(t, one, turn, []byte("page"), 0)
	if got := <-peer; got != "read "+turn.Name {
		t.Errorf("a peer hears %s, want the name %s", got, turn.Name)
	}
	if _, err := one.Announce(t.Context(), live.Event{ChatID: "chat"}); err != nil {
		t.Fatal(err)
	}
	if got := <-peer; got != "event chat" {
		t.Errorf("a peer hears %s", got)
	}
	if len(own)+len(stranger) > 0 {
		t.Errorf("the sender hears %d messages, another key %d", len(own), len(stranger))
	}
}

// TestWhatNobodySays holds that messages of others than peers are not passed on.
func TestWhatNobodySays(t *testing.T) {
	w := newWorld(t)
	one, peer := w.instance(firstKey), make(heard, 10)
	go w.instance(firstKey).Listen(t.Context(), peer)
	w.redis.AwaitSubscribers(1)
	channel := strings.TrimSpace(w.redis.Do("pubsub", "channels"))
	name := strings.Repeat("A", 26)
	for _, message := range []string{"", "r", name, name + "e", name + "e" + strings.Repeat("x", 100), name + "x", strings.Repeat("é", 13)} {
		w.redis.Do("publish", channel, message)
	}
	if _, err := one.Announce(t.Context(), live.Event{ChatID: "chat"}); err != nil {
		t.Fatal(err)
	}
	if got := <-peer; got != "event chat" {
		t.Errorf("it hears %s", got)
	}
}

// TestListenAfterAnotherKey holds that an instance whose key has changed hears those
// with the same key.
func TestListenAfterAnotherKey(t *testing.T) {
	w := newWorld(t)
	var key atomic.Value
	key.Store(firstKey)
	one, other, hears := w.instance(firstKey), w.instance(otherKey), make(heard, 10)
	go w.following(func() string { return key.Load().(string) }).Listen(t.Context(), hears)
	w.redis.AwaitSubscribers(1)
	before := w.redis.Do("pubsub", "channels")
	key.Store(otherKey)
	if _, err := one.Announce(t.Context(), live.Event{ChatID: "of the old key"}); err != nil {
		t.Fatal(err)
	}
	for channels := before; channels == before || strings.TrimSpace(channels) == ""; {
		channels = w.redis.Do("pubsub", "channels")
	}
	if _, err := other.Announce(t.Context(), live.Event{ChatID: "of the new key"}); err != nil {
		t.Fatal(err)
	}
	got := <-hears
	if got == "event of the old key" { // if it had not noticed yet
		got = <-hears
	}
	if got != "event of the new key" {
		t.Errorf("it hears %s", got)
	}
}
