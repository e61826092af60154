package live_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

// list is a Searcher of one list, which a test changes.
type list struct {
	mu    sync.Mutex
	rows  []string
	err   error
	polls []time.Time
	asked []string      // the filter of each poll
	same  int           // polls that found the same bytes
	total int           // what the pages say; 0 for how many rows there are
	takes time.Duration // for a page to arrive, once it is made
	pages map[*texter.SearchPage]string
}

func (l *list) set(err error, rows ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows, l.err = rows, err
}

// SearchChats implements texter.Searcher.
func (l *list) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	defer l.arrive()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.polls, l.asked = append(l.polls, time.Now()), append(l.asked, texter.SearchOptions{ChatFilter: o.ChatFilter}.Query())
	if l.err != nil {
		return nil, l.err
	}
	rows := l.rows[min(len(l.rows), o.Skip):]
	body := fmt.Sprintf(`{"data":[%s],"total":%d}`, strings.Join(rows[:min(len(rows), o.Limit)], ","), cmp.Or(l.total, len(l.rows)))
	if o.Previous != nil && l.pages[o.Previous] == body {
		l.same++
		return o.Previous, nil
	}
	page, err := o.Decode([]byte(body))
	if l.pages == nil {
		l.pages = map[*texter.SearchPage]string{}
	}
	l.pages[page] = body
	return page, err
}

// arrive waits until what a search returns arrives.
func (l *list) arrive() {
	l.mu.Lock()
	takes := l.takes
	l.mu.Unlock()
	time.Sleep(takes)
}

// slow sets how long a page takes to arrive.
func (l *list) slow(takes time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.takes = takes
}

// count returns how many polls there were since the last call.
func (l *list) count() int {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.polls)
	l.polls, l.asked = nil, nil
	return n
}

func chat(id string, at int, rest string) string {
	return fmt.Sprintf(`{"_id":%q,"last_message_timestamp":%d%s}`, id, at, rest)
}

// watched runs a test with a list and a feed of it.
func watched(t *testing.T, o live.Options, test func(t *testing.T, l *list, feed *live.Feed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &list{}
		if o.Searcher = l; o.Topic == nil {
			o.Topic = topicOf
		}
		feed := live.New(o)
		defer feed.Close()
		test(t, l, feed)
	})
}

// topicOf is the Topic of feeds whose credential is always the same.
func topicOf(_ context.Context, f texter.ChatFilter) (credential, list string, err error) {
	return "", texter.SearchOptions{ChatFilter: f}.Query(), nil
}

func watch(t *testing.T, feed *live.Feed, f texter.ChatFilter, since *string) *live.Viewer {
	t.Helper()
	v, err := feed.Watch(t.Context(), f, since, func() {}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func labelled(id string) texter.ChatFilter { return texter.ChatFilter{Labels: []string{id}} }

// batch returns the next batch in short: its changes by their letter and chat.
func batch(t *testing.T, v *live.Viewer) string {
	t.Helper()
	synctest.Wait()
	changes, err := v.Next()
	if err != nil {
		return err.Error()
	}
	if changes == nil {
		return "none"
	}
	text := fmt.Sprint(changes.TotalCount)
	for _, c := range changes.Changes {
		switch c := c.(type) {
		case live.Entered:
			text += fmt.Sprintf(" +%s@%d", c.Edge.Node.ID, c.Index)
		case live.Updated:
			text += " =" + c.Chat.ID
		case live.Left:
			text += " -" + c.ChatID
		case live.Reset:
			text += " reset"
		}
	}
	if changes.IsLast {
		text += ", the last one"
	}
	return text
}

func TestPolls(t *testing.T) {
	t.Run("one poll an interval serves all who watch, and the same bytes are not decoded", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(nil, chat("a", 1, ""))
			for range 100 {
				v := watch(t, feed, texter.ChatFilter{}, nil)
				defer v.Close()
				if got := batch(t, v); got != "1" {
					t.Errorf("the first batch is %s", got)
				}
				if got := batch(t, v); got != "none" {
					t.Errorf("the second batch is %s", got)
				}
			}
			time.Sleep(10*live.DefaultInterval + time.Second)
			if n := l.count(); n != 11 || l.same != 10 {
				t.Errorf("%d polls, %d of the same bytes", n, l.same)
			}
		})
	})
	t.Run("a list is not read for long when nobody watches", func(t *testing.T) {
		watched(t, live.Options{Linger: 5 * time.Second}, func(t *testing.T, l *list, feed *live.Feed) {
			watch(t, feed, texter.ChatFilter{}, nil).Close()
			time.Sleep(time.Minute)
			if n := l.count(); n != 2 {
				t.Errorf("%d polls", n)
			}
			v := watch(t, feed, texter.ChatFilter{}, nil)
			defer v.Close()
			if got := batch(t, v); got != "0" {
				t.Errorf("who comes later gets %s", got)
			}
		})
	})
	t.Run("who comes back soon finds the list still read", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			for range 20 {
				v := watch(t, feed, texter.ChatFilter{}, nil)
				time.Sleep(time.Second)
				v.Close()
				time.Sleep(time.Second)
			}
			if n := l.count(); n != 14 {
				t.Errorf("%d polls in 40 seconds", n)
			}
		})
	})
	t.Run("all lists of a credential share the budget", func(t *testing.T) {
		watched(t, live.Options{Polls: 5}, func(t *testing.T, l *list, feed *live.Feed) {
			for i := range 60 {
				defer watch(t, feed, labelled(fmt.Sprint(i)), nil).Close()
			}
			time.Sleep(time.Minute)
			l.count()
			time.Sleep(time.Minute)
			l.mu.Lock()
			polls, asked := slices.Clone(l.polls), slices.Clone(l.asked)
			l.mu.Unlock()
			for i := range polls {
				if i >= 5 && polls[i].Sub(polls[i-5]) < 990*time.Millisecond {
					t.Fatalf("six polls in %v", polls[i].Sub(polls[i-5]))
				}
			}
			slices.Sort(asked)
			if n := len(slices.Compact(asked)); len(polls) < 299 || n != 60 {
				t.Errorf("%d polls of %d lists in a minute", len(polls), n)
			}
		})
	})
}

func TestFailures(t *testing.T) {
	temporary := &texter.Error{Cause: texter.CauseUnavailable}
	t.Run("a viewer goes on after errors of Texter, and gets what has changed", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			v := watch(t, feed, texter.ChatFilter{}, nil)
			defer v.Close()
			batch(t, v)
			l.set(temporary)
			time.Sleep(time.Minute)
			if got := batch(t, v); got != "none" {
				t.Errorf("while Texter fails: %s", got)
			}
			l.set(nil, chat("a", 1, ""))
			time.Sleep(live.DefaultInterval)
			if got := batch(t, v); got != "1 +a@0" {
				t.Errorf("then: %s", got)
			}
		})
	})
	t.Run("the first batch can fail, and the next viewer asks again", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(temporary)
			v := watch(t, feed, texter.ChatFilter{}, nil)
			defer v.Close()
			if got := batch(t, v); got != temporary.Error() {
				t.Errorf("got %s", got)
			}
			l.set(nil)
			next := watch(t, feed, texter.ChatFilter{}, nil)
			defer next.Close()
			if got := batch(t, next); got != "0" {
				t.Errorf("the next viewer gets %s", got)
			}
		})
	})
	t.Run("Texter's time to wait holds", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
			l.count()
			l.set(&texter.Error{Cause: texter.CauseRateLimited, RetryAfter: time.Minute})
			time.Sleep(live.DefaultInterval + 59*time.Second)
			if n := l.count(); n != 1 {
				t.Errorf("%d polls", n)
			}
		})
	})
	t.Run("a refused token ends the feed, and a later viewer tries again", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			v := watch(t, feed, texter.ChatFilter{}, nil)
			batch(t, v)
			refused := &texter.Error{Cause: texter.CauseUnauthenticated}
			l.set(refused)
			time.Sleep(live.DefaultInterval)
			if got := batch(t, v); got != refused.Error() {
				t.Errorf("got %s", got)
			}
			v.Close()
			l.set(nil)
			later := watch(t, feed, texter.ChatFilter{}, nil)
			defer later.Close()
			if got := batch(t, later); got != "0" {
				t.Errorf("a later viewer gets %s", got)
			}
		})
	})
	t.Run("one list too many is refused", func(t *testing.T) {
		watched(t, live.Options{MaxTopics: 1}, func(t *testing.T, _ *list, feed *live.Feed) {
			defer watch(t, feed, labelled("a"), nil).Close()
			defer watch(t, feed, labelled("a"), nil).Close()
			if _, err := feed.Watch(t.Context(), labelled("b"), nil, func() {}, nil); !errors.Is(err, live.ErrTooManyTopics) {
				t.Errorf("got %v", err)
			}
		})
	})
	t.Run("a feed that is closed ends for all, and starts for nobody", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, _ *list, feed *live.Feed) {
			v := watch(t, feed, texter.ChatFilter{}, nil)
			feed.Close()
			if got := batch(t, v); got != live.ErrClosed.Error() {
				t.Errorf("got %s", got)
			}
			v.Close()
			if _, err := feed.Watch(t.Context(), texter.ChatFilter{}, nil, func() {}, nil); !errors.Is(err, live.ErrClosed) {
				t.Errorf("then got %v", err)
			}
		})
	})
}

// TestFairShares: no caller, and no list, has all there is.
func TestFairShares(t *testing.T) {
	t.Run("one caller can have half of all lists read", func(t *testing.T) {
		caller := "one"
		watched(t, live.Options{MaxTopics: 4, Caller: func(context.Context) string { return caller }}, func(t *testing.T, _ *list, feed *live.Feed) {
			first := watch(t, feed, labelled("a"), nil)
			defer watch(t, feed, labelled("b"), nil).Close()
			if _, err := feed.Watch(t.Context(), labelled("c"), nil, func() {}, nil); !errors.Is(err, live.ErrTooManyTopics) {
				t.Errorf("a third list: %v", err)
			}
			defer watch(t, feed, labelled("b"), nil).Close()
			caller = "two"
			defer watch(t, feed, labelled("c"), nil).Close()
			caller = "one"
			first.Close()
			time.Sleep(time.Minute) // nobody comes back
			defer watch(t, feed, labelled("d"), nil).Close()
		})
	})
	t.Run("a list that webhooks are always about leaves readings to the others", func(t *testing.T) {
		watched(t, live.Options{Polls: 1}, func(t *testing.T, l *list, feed *live.Feed) {
			defer watch(t, feed, labelled("busy"), nil).Close()
			defer watch(t, feed, labelled("quiet"), nil).Close()
			for range 600 {
				feed.Notify(live.Event{ChatID: "a", LabelIDs: []string{"busy"}})
				time.Sleep(100 * time.Millisecond)
			}
			quiet := 0
			for _, query := range l.asked {
				if strings.Contains(query, "quiet") {
					quiet++
				}
			}
			if quiet < 3 {
				t.Errorf("%d of %d readings are of the quiet list", quiet, len(l.asked))
			}
		})
	})
}
