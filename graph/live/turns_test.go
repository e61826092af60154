package live_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

// script is live.Peers whose answers a test makes.
type script struct {
	takes []live.Take
	turns []live.Turn // the answers to Take; the last one is for all that follow; no Name is an error
	pages [][]byte    // that Done gets
	equal []live.Moment
	done  live.Moment // what Done returns
	event live.Moment // what Announce returns; 0 is an error
}

// Take implements live.Peers.
func (s *script) Take(_ context.Context, _ string, t live.Take) (turn live.Turn, err error) {
	s.takes = append(s.takes, t)
	if turn = s.turns[0]; len(s.turns) > 1 {
		s.turns = s.turns[1:]
	}
	if turn.Name == "" {
		return turn, errAway
	}
	if turn.IsEqual && t.Has != turn.Version { // what is there has other bytes
		turn.IsEqual = false
		turn.Page = page(chat("new", 9, ""))
	}
	return turn, nil
}

// Done implements live.Peers.
func (s *script) Done(_ context.Context, _ string, _ live.Turn, page []byte, equal live.Moment) (live.Moment, error) {
	s.pages, s.equal = append(s.pages, page), append(s.equal, equal)
	return s.done, nil
}

// Announce implements live.Peers.
func (s *script) Announce(context.Context, live.Event) (live.Moment, error) {
	if s.event == 0 {
		return 0, errAway
	}
	return s.event, nil
}

func page(rows ...string) []byte {
	return fmt.Appendf(nil, `{"data":[%s],"total":%d}`, strings.Join(rows, ","), len(rows))
}

// TestTurns: what an instance makes of the answers of its peers.
func TestTurns(t *testing.T) {
	ours := live.Turn{Name: "list", At: 1, After: 1, IsOurs: true}
	follow := func(t *testing.T, s *script, test func(t *testing.T, l *list, v *live.Viewer)) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			l := &list{}
			l.set(nil, chat("a", 1, ""))
			feed := live.New(live.Options{Searcher: l, Topic: topicOf, Peers: s})
			defer feed.Close()
			v := watch(t, feed, texter.ChatFilter{}, nil)
			defer v.Close()
			synctest.Wait()
			test(t, l, v)
		})
	}
	t.Run("a page that can't be read is not the one that is there", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{
			ours,
			{Name: "list", Page: []byte("damaged"), Version: 2, At: 2},
			{Name: "list", IsEqual: true, Version: 2, At: 2}, // for who has it
		}}
		follow(t, s, func(t *testing.T, _ *list, v *live.Viewer) {
			if got := batch(t, v); got != "1" {
				t.Errorf("got %s", got)
			}
			time.Sleep(3 * live.DefaultInterval)
			if got := batch(t, v); got != "1 -a +new@0" {
				t.Errorf("then got %s", got)
			}
		})
	})
	t.Run("a page that was read alone is not the one that was there before", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{ours, {}, {Name: "list", IsEqual: true, Version: 1, At: 2}}}
		follow(t, s, func(t *testing.T, l *list, v *live.Viewer) {
			batch(t, v)
			l.set(nil, chat("b", 1, ""))
			time.Sleep(live.DefaultInterval + time.Second)
			if got := batch(t, v); got != "1 -a +b@0" {
				t.Errorf("alone: %s", got)
			}
			time.Sleep(live.DefaultInterval)
			if got := batch(t, v); got != "1 -b +new@0" {
				t.Errorf("then: %s", got)
			}
		})
	})
	t.Run("who is alone gets Texter's errors", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{ours, {}}}
		follow(t, s, func(t *testing.T, l *list, v *live.Viewer) {
			batch(t, v)
			refused := &texter.Error{Cause: texter.CauseForbidden}
			l.set(refused)
			time.Sleep(live.DefaultInterval + time.Second)
			if got := batch(t, v); got != refused.Error() {
				t.Errorf("got %s", got)
			}
		})
	})
	t.Run("it is told which pages are those of others", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{
			ours, {Name: "list", IsEqual: true, Version: 1, At: 2}, {Name: "list", Page: page(chat("b", 2, "")), Version: 3, At: 3}, {},
		}}
		var shared []bool
		synctest.Test(t, func(t *testing.T) {
			feed := live.New(live.Options{Searcher: &list{}, Topic: topicOf, Peers: s, Polled: func(p live.Poll) { shared = append(shared, p.IsShared) }})
			defer feed.Close()
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
			time.Sleep(4 * live.DefaultInterval)
		})
		if want := []bool{false, true, true, false}; !slices.Equal(shared[:4], want) {
			t.Errorf("got %t", shared)
		}
	})
	t.Run("who has no page does not take one as equal", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{{Name: "list", IsEqual: true}, ours}}
		follow(t, s, func(t *testing.T, l *list, v *live.Viewer) {
			if got := batch(t, v); got != "1" || l.count() != 1 {
				t.Errorf("got %s", got)
			}
		})
	})
	t.Run("what is read by one call is shared, and has its version if it is the same again", func(t *testing.T) {
		s := &script{done: 7, turns: []live.Turn{ours}}
		follow(t, s, func(t *testing.T, l *list, _ *live.Viewer) {
			time.Sleep(live.DefaultInterval + time.Second) // so that it is not read at this very moment
			l.set(nil, chat("b", 1, ""))
			time.Sleep(live.DefaultInterval)
			l.set(&texter.Error{Cause: texter.CauseUnavailable})
			time.Sleep(live.DefaultInterval)
			synctest.Wait()
			a, b := string(page(chat("a", 1, ""))), string(page(chat("b", 1, "")))
			if got, want := fmt.Sprintf("%s", s.pages[:4]), fmt.Sprintf("%s", [][]byte{[]byte(a), []byte(a), []byte(b), nil}); got != want {
				t.Errorf("shared are %s", got)
			}
			if want := []live.Moment{0, 7, 0, 0}; !slices.Equal(s.equal[:4], want) {
				t.Errorf("equal to %d", s.equal)
			}
		})
	})
	for name, test := range map[string]struct {
		done live.Moment
		want live.Moment // after which Texter must be asked for the next page
	}{
		"who has shared a page goes on from it":                                {5, 0},
		"who could not share a page takes none that may be older than its own": {0, live.Now},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{done: test.done, turns: []live.Turn{ours}}
			follow(t, s, func(t *testing.T, _ *list, _ *live.Viewer) {
				time.Sleep(live.DefaultInterval)
				synctest.Wait()
				if got := s.takes[1]; got.After != test.want || got.Has != test.done {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
	for name, test := range map[string]struct {
		turn   live.Turn
		shared int // pages
	}{
		"a page that took two calls is not shared":                {ours, 1},
		"what a page of another instance lacks is asked by calls": {live.Turn{Name: "list", Version: 2, Page: []byte(`{"data":[{"_id":"a"}],"total":9}`)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{turns: []live.Turn{test.turn}}
			synctest.Test(t, func(t *testing.T) {
				feed := live.New(live.Options{Topic: topicOf, Peers: s, Searcher: searcher(func(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
					rows := []string{`{"_id":"a"}`}[min(o.Skip, 1):]
					return o.Decode(fmt.Appendf(nil, `{"data":[%s],"total":9}`, strings.Join(rows, ","))) // a wrong total, which another call shows
				})})
				defer feed.Close()
				v := watch(t, feed, texter.ChatFilter{}, nil)
				defer v.Close()
				if got := batch(t, v); got != "1" {
					t.Errorf("got %s", got)
				}
				if len(s.pages) != test.shared || test.shared > 0 && s.pages[0] != nil {
					t.Errorf("shared are %s", s.pages)
				}
			})
		})
	}
	t.Run("who comes first to an instance gets the rows of now", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{ours}}
		follow(t, s, func(t *testing.T, _ *list, _ *live.Viewer) {
			if got := s.takes[0]; got.After != live.Now || got.Has != 0 {
				t.Errorf("got %+v", got)
			}
		})
	})
	for name, test := range map[string]struct{ event, want live.Moment }{
		"a page is taken that was read after a webhook":              {9, 9},
		"while peers are away, Texter is asked anew after a webhook": {0, live.Now},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{done: 1, event: test.event, turns: []live.Turn{ours}}
			synctest.Test(t, func(t *testing.T) {
				feed := live.New(live.Options{Searcher: &list{}, Topic: topicOf, Peers: s})
				defer feed.Close()
				defer watch(t, feed, texter.ChatFilter{}, nil).Close()
				synctest.Wait()
				feed.Notify(live.Event{ChatID: "a"})
				synctest.Wait()
				if got := s.takes[1]; got.After != test.want {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
	t.Run("while another instance reads, nobody asks Texter", func(t *testing.T) {
		s := &script{done: 1, turns: []live.Turn{{Name: "list", Wait: time.Second, After: 5}, {Name: "list", Wait: time.Second, After: 5}, ours}}
		follow(t, s, func(t *testing.T, l *list, v *live.Viewer) {
			time.Sleep(1900 * time.Millisecond)
			if n := l.count(); n != 0 {
				t.Errorf("%d calls", n)
			}
			time.Sleep(200 * time.Millisecond)
			if got := batch(t, v); got != "1" || s.takes[1].After != 5 {
				t.Errorf("got %s after %+v", got, s.takes)
			}
		})
	})
}
