package live_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

func TestWebhooks(t *testing.T) {
	t.Run("a list that the chat is in, or could enter, is read at once", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(nil, chat("a", 1, ""))
			pending := texter.StatusPending
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
			other := watch(t, feed, texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusResolved}}, nil)
			defer other.Close()
			l.count()
			for name, test := range map[string]struct {
				event live.Event
				polls int
			}{
				"a chat of both lists":                     {live.Event{ChatID: "a", Status: &pending}, 2},
				"a new chat that one list leaves out":      {live.Event{ChatID: "b", Status: &pending}, 1},
				"a new chat of which the status is untold": {live.Event{ChatID: "c"}, 2},
			} {
				feed.Notify(test.event)
				if n := l.count(); n != test.polls {
					t.Errorf("%s: %d polls", name, n)
				}
				time.Sleep(time.Minute)
				l.count()
			}
		})
	})
	t.Run("a list is read three times for a webhook whose change does not come", func(t *testing.T) {
		watched(t, live.Options{Interval: time.Hour, RareInterval: time.Hour}, func(t *testing.T, l *list, feed *live.Feed) {
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
			l.count()
			feed.Notify(live.Event{ChatID: "a"})
			time.Sleep(100 * time.Hour)
			polls := l.count()
			feed.Notify(live.Event{ChatID: "a"})
			if n := l.count(); polls != 101 || n != 1 {
				t.Errorf("%d polls in 100 hours, then %d", polls, n)
			}
		})
	})
	t.Run("an urgent poll goes before those that wait for the budget", func(t *testing.T) {
		watched(t, live.Options{Polls: 1}, func(t *testing.T, l *list, feed *live.Feed) {
			for i := range 30 {
				defer watch(t, feed, labelled(fmt.Sprint(i)), nil).Close()
			}
			time.Sleep(time.Minute)
			l.count()
			feed.Notify(live.Event{ChatID: "a", LabelIDs: []string{"7"}})
			time.Sleep(1100 * time.Millisecond)
			synctest.Wait()
			l.mu.Lock()
			defer l.mu.Unlock()
			if want := (texter.SearchOptions{ChatFilter: labelled("7")}).Query(); len(l.asked) == 0 || l.asked[0] != want {
				t.Errorf("the next poll is of %v", l.asked)
			}
		})
	})
	t.Run("lists are read rarely while webhooks tell of each change", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(nil, chat("a", 1, ""))
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
			l.count()
			change := func(at int, told bool) {
				l.set(nil, chat("a", at, ""))
				if told {
					feed.Notify(live.Event{ChatID: "a"})
				}
				synctest.Wait()
			}
			change(2, true)
			l.count()
			time.Sleep(5*time.Minute + time.Second)
			if n := l.count(); n != 10 {
				t.Errorf("%d polls in 5 minutes after a good webhook", n)
			}
			l.set(nil, chat("a", 2, `,"unreadCount":1`))
			time.Sleep(5 * time.Minute)
			if n := l.count(); n != 10 {
				t.Errorf("%d polls in 5 minutes after a change that no webhook tells of", n)
			}
			change(3, false)
			time.Sleep(time.Minute + time.Second)
			l.count()
			change(4, true)
			l.count()
			time.Sleep(time.Minute)
			if n := l.count(); n != 20 {
				t.Errorf("%d polls in a minute after a change that was not told", n)
			}
		})
	})
}
