package live_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// shelf is where instances share what they read. It implements live.Peers as their
// contract has it. It fails now and then, and loses messages.
type shelf struct {
	mu        sync.Mutex
	random    *rand.Rand // nil never to fail
	last      live.Moment
	lists     map[string]*sharedList
	instances []*live.Feed
}

type sharedList struct {
	page                   []byte
	asked, version, asking live.Moment
	until                  time.Time
}

func newShelf(random *rand.Rand) *shelf {
	return &shelf{random: random, lists: map[string]*sharedList{}}
}

var errAway = errors.New("it is away")

// fails reports whether something fails that does so once in n times.
func (s *shelf) fails(n int) bool { return s.random != nil && s.random.IntN(n) == 0 }

// now returns a later moment at each call.
func (s *shelf) now() live.Moment {
	s.last = max(s.last+1, live.Moment(time.Now().UnixMicro()))
	return s.last
}

// Take implements live.Peers.
func (s *shelf) Take(_ context.Context, name string, t live.Take) (turn live.Turn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails(10) {
		return turn, errAway
	}
	now := s.now()
	if t.After == live.Now {
		t.After = now
	}
	list := s.lists[name]
	if list == nil || s.fails(50) { // it is lost
		list = &sharedList{}
		s.lists[name] = list
	}
	turn = live.Turn{Name: name, After: t.After, At: list.asked, Age: time.Duration(now-list.asked) * time.Microsecond}
	isNew := list.asked > t.After && turn.Age < t.MaxAge
	switch wait := time.Until(list.until); {
	case isNew && list.version > t.Has:
		turn.Page, turn.Version = slices.Clone(list.page), list.version
	case isNew && list.version == t.Has:
		turn.IsEqual = true
	case wait > 0:
		turn.Wait = wait
	case t.Lease == 0:
		turn.IsDue = true
	default:
		turn.IsOurs, turn.At = true, now
		list.asking, list.until = now, time.Now().Add(t.Lease)
	}
	return turn, nil
}

// Done implements live.Peers.
func (s *shelf) Done(_ context.Context, name string, turn live.Turn, page []byte, equal live.Moment) (live.Moment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails(10) {
		return 0, errAway
	}
	list := s.lists[name]
	if list.asking == turn.At {
		list.until = time.Time{}
	}
	version := live.Moment(0)
	if page != nil && list.asked <= turn.At {
		if version = turn.At; equal != 0 && equal == list.version {
			version = equal
		}
		list.page, list.asked, list.version = page, turn.At, version
	}
	for _, feed := range s.instances {
		if !s.fails(4) {
			go feed.Read(name)
		}
	}
	return version, nil
}

// Announce implements live.Peers.
func (s *shelf) Announce(_ context.Context, e live.Event) (live.Moment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails(10) {
		return 0, errAway
	}
	at := s.now()
	for _, feed := range s.instances {
		if !s.fails(4) {
			go feed.Announced(e, at)
		}
	}
	return at, nil
}

// door is the way of one instance to a shelf.
type door struct {
	*shelf
	away *atomic.Bool
}

// Take implements live.Peers.
func (d door) Take(ctx context.Context, name string, t live.Take) (live.Turn, error) {
	if d.away.Load() {
		return live.Turn{}, errAway
	}
	return d.shelf.Take(ctx, name, t)
}

// Announce implements live.Peers.
func (d door) Announce(ctx context.Context, e live.Event) (live.Moment, error) {
	if d.away.Load() {
		return 0, errAway
	}
	return d.shelf.Announce(ctx, e)
}

// TestPeers follows a list at two instances.
func TestPeers(t *testing.T) {
	var away atomic.Bool // for the first instance
	follow := func(t *testing.T, o live.Options, test func(t *testing.T, l *list, feeds []*live.Feed)) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			l, s := &list{}, newShelf(nil)
			l.set(nil, chat("a", 1, ""))
			o.Searcher, o.Topic = l, topicOf
			for _, o.Peers = range []live.Peers{door{s, &away}, s} {
				s.instances = append(s.instances, live.New(o))
			}
			for _, feed := range s.instances {
				defer feed.Close()
			}
			test(t, l, s.instances)
		})
	}
	t.Run("one of them reads for both", func(t *testing.T) {
		follow(t, live.Options{}, func(t *testing.T, l *list, feeds []*live.Feed) {
			for _, feed := range feeds {
				defer watch(t, feed, texter.ChatFilter{}, nil).Close()
				time.Sleep(100 * time.Millisecond)
			}
			l.count()
			time.Sleep(10 * live.DefaultInterval)
			if got := l.count(); got != 10 {
				t.Errorf("%d calls in 10 intervals", got)
			}
		})
	})
	t.Run("what one of them reads, the viewers of both get at once", func(t *testing.T) {
		follow(t, live.Options{}, func(t *testing.T, l *list, feeds []*live.Feed) {
			var viewers []*live.Viewer
			for _, feed := range feeds {
				v := watch(t, feed, texter.ChatFilter{}, nil)
				defer v.Close()
				batch(t, v)
				viewers = append(viewers, v)
			}
			l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
			l.count()
			feeds[1].Notify(live.Event{ChatID: "b"})
			time.Sleep(100 * time.Millisecond)
			for i, v := range viewers {
				if got := batch(t, v); got != "2 +b@0" {
					t.Errorf("instance %d: %s", i, got)
				}
			}
			if got := l.count(); got != 1 {
				t.Errorf("%d calls", got)
			}
		})
	})
	t.Run("who comes with newer rows than what was read does not get the older ones", func(t *testing.T) {
		follow(t, live.Options{}, func(t *testing.T, l *list, feeds []*live.Feed) {
			for _, feed := range feeds {
				defer watch(t, feed, texter.ChatFilter{}, nil).Close()
				time.Sleep(100 * time.Millisecond)
			}
			l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
			page, err := relay.Search(t.Context(), l, texter.ChatFilter{}, relay.Start(10), false)
			if err != nil {
				t.Fatal(err)
			}
			v := watch(t, feeds[1], texter.ChatFilter{}, page.LiveCursor())
			defer v.Close()
			if got := batch(t, v); got != "2" {
				t.Errorf("got %s", got)
			}
		})
	})
	t.Run("who comes with newer rows while the list is read does not get the older ones", func(t *testing.T) {
		for _, hasRows := range []bool{false, true} { // of the list, from a reading before
			follow(t, live.Options{}, func(t *testing.T, l *list, feeds []*live.Feed) {
				first := watch(t, feeds[0], texter.ChatFilter{}, nil)
				defer first.Close()
				if hasRows {
					batch(t, first)
					l.set(nil, chat("a", 1, ""), chat("z", 0, ""))
				}
				l.slow(time.Second)
				feeds[0].Notify(live.Event{ChatID: "z"})
				time.Sleep(500 * time.Millisecond)
				l.slow(0)
				l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
				page, err := relay.Search(t.Context(), l, texter.ChatFilter{}, relay.Start(10), false)
				if err != nil {
					t.Fatal(err)
				}
				v := watch(t, feeds[0], texter.ChatFilter{}, page.LiveCursor())
				defer v.Close()
				got := batch(t, v)
				for ; got == "none"; got = batch(t, v) {
					time.Sleep(100 * time.Millisecond)
				}
				if got != "2" {
					t.Errorf("got %s", got)
				}
			})
		}
	})
	t.Run("who has read alone does not go back to what was read before that", func(t *testing.T) {
		follow(t, live.Options{}, func(t *testing.T, l *list, feeds []*live.Feed) {
			first, second := watch(t, feeds[0], texter.ChatFilter{}, nil), watch(t, feeds[1], texter.ChatFilter{}, nil)
			defer first.Close()
			defer second.Close()
			batch(t, first)
			away.Store(true)
			l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
			time.Sleep(live.DefaultInterval + 100*time.Millisecond) // each reads it
			if got := batch(t, first); got != "2 +b@0" {
				t.Errorf("alone: %s", got)
			}
			l.set(nil, chat("c", 3, ""), chat("b", 2, ""), chat("a", 1, ""))
			feeds[0].Notify(live.Event{ChatID: "c"})
			if got := batch(t, first); got != "3 +c@0" {
				t.Errorf("alone: %s", got)
			}
			away.Store(false)
			feeds[0].Read(texter.SearchOptions{}.Query())
			if got := batch(t, first); got != "none" {
				t.Errorf("then: %s", got)
			}
		})
	})
	t.Run("when one ends, the other goes on", func(t *testing.T) {
		follow(t, live.Options{}, func(t *testing.T, l *list, feeds []*live.Feed) {
			first, second := watch(t, feeds[0], texter.ChatFilter{}, nil), watch(t, feeds[1], texter.ChatFilter{}, nil)
			defer second.Close()
			batch(t, second)
			first.Close()
			feeds[0].Close()
			l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
			time.Sleep(live.DefaultInterval + 100*time.Millisecond)
			if got := batch(t, second); got != "2 +b@0" {
				t.Errorf("got %s", got)
			}
		})
	})
}
