package live_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// TestLists: which lists there are, and for how long.
func TestLists(t *testing.T) {
	t.Run("filters that mean the same have one list", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, _ *list, feed *live.Feed) {
			defer watch(t, feed, texter.ChatFilter{Labels: []string{"a", "b"}}, nil).Close()
			defer watch(t, feed, texter.ChatFilter{Labels: []string{"b", "a", "b"}}, nil).Close()
			if n := feed.Lists(); n != 1 {
				t.Errorf("there are %d lists", n)
			}
		})
	})
	t.Run("a list is read on when the request of the first viewer has ended", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			ctx, cancel := context.WithCancel(t.Context())
			first, err := feed.Watch(ctx, texter.ChatFilter{}, nil, func() {}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer first.Close()
			other := watch(t, feed, texter.ChatFilter{}, nil)
			defer other.Close()
			batch(t, other)
			cancel()
			l.set(nil, chat("a", 1, ""))
			time.Sleep(live.DefaultInterval)
			if got := batch(t, other); got != "1 +a@0" {
				t.Errorf("another viewer gets %s", got)
			}
		})
	})
	t.Run("a list lingers after each time that the last viewer leaves", func(t *testing.T) {
		watched(t, live.Options{Linger: 10 * time.Second}, func(t *testing.T, _ *list, feed *live.Feed) {
			for range 3 {
				watch(t, feed, texter.ChatFilter{}, nil).Close()
				time.Sleep(8 * time.Second)
				if n := feed.Lists(); n != 1 {
					t.Errorf("there are %d lists", n)
				}
			}
			time.Sleep(3 * time.Second)
			if n := feed.Lists(); n != 0 {
				t.Errorf("in the end, there are %d lists", n)
			}
		})
	})
	t.Run("only the rows of the window are followed", func(t *testing.T) {
		watched(t, live.Options{Window: 2}, func(t *testing.T, l *list, feed *live.Feed) {
			v := watch(t, feed, texter.ChatFilter{}, nil)
			defer v.Close()
			for _, test := range []struct{ b, a, want string }{{"", "", "3"}, {"", `,"title":"A"`, "none"}, {`,"title":"B"`, "", "3 =b"}} {
				l.set(nil, chat("c", 3, ""), chat("b", 2, test.b), chat("a", 1, test.a))
				time.Sleep(live.DefaultInterval)
				if got := batch(t, v); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
			}
		})
	})
	for name, cause := range map[string]texter.Cause{"unknown": texter.CauseUnauthenticated, "not allowed": texter.CauseForbidden} {
		t.Run("a list whose token is "+name+" begins anew for who comes later", func(t *testing.T) {
			watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
				refused := watch(t, feed, texter.ChatFilter{}, nil)
				l.set(&texter.Error{Cause: cause})
				time.Sleep(live.DefaultInterval)
				if l.count(); feed.Lists() != 1 {
					t.Errorf("there are %d lists", feed.Lists())
				}
				time.Sleep(time.Minute)
				if n := l.count(); n != 0 {
					t.Errorf("%d calls with a token that was refused", n)
				}
				l.set(nil, chat("a", 1, ""))
				later := watch(t, feed, texter.ChatFilter{}, nil)
				defer later.Close()
				if got := batch(t, later); got != "1" {
					t.Errorf("who comes later gets %s", got)
				}
				refused.Close()
				time.Sleep(time.Minute) // until the list that ended would be dropped
				l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
				time.Sleep(live.DefaultInterval)
				if got := batch(t, later); got != "2 +b@0" || feed.Lists() != 1 {
					t.Errorf("then %s of %d lists", got, feed.Lists())
				}
			})
		})
	}
	t.Run("callers who have no names have all lists together", func(t *testing.T) {
		watched(t, live.Options{MaxTopics: 4}, func(t *testing.T, _ *list, feed *live.Feed) {
			for _, label := range []string{"a", "b", "c", "d"} {
				defer watch(t, feed, labelled(label), nil).Close()
			}
		})
	})
	t.Run("a caller can have a list read if there is only one", func(t *testing.T) {
		watched(t, live.Options{MaxTopics: 1, Caller: func(context.Context) string { return "one" }}, func(t *testing.T, _ *list, feed *live.Feed) {
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
		})
	})
	t.Run("a list that waits for its turn is not read once the feed has closed", func(t *testing.T) {
		watched(t, live.Options{Polls: 0.1}, func(t *testing.T, l *list, feed *live.Feed) {
			for _, label := range []string{"a", "b"} {
				defer watch(t, feed, labelled(label), nil).Close()
			}
			if n := l.count(); n != 1 {
				t.Fatalf("%d lists were read", n)
			}
			feed.Close()
			if n := l.count(); n != 0 {
				t.Errorf("%d readings more", n)
			}
		})
	})
	t.Run("who comes while Texter fails gets what was read, without a call", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(nil, chat("a", 1, ""))
			defer watch(t, feed, texter.ChatFilter{}, nil).Close()
			l.count()
			l.set(&texter.Error{Cause: texter.CauseUnavailable})
			time.Sleep(live.DefaultInterval)
			l.count()
			v := watch(t, feed, texter.ChatFilter{}, nil)
			defer v.Close()
			if got := batch(t, v); got != "1" || l.count() != 0 {
				t.Errorf("got %s", got)
			}
		})
	})
	t.Run("a list whose total is wrong, which another call shows, is followed", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.total = 9
			var v *live.Viewer
			for _, step := range []struct{ rows, want string }{{chat("a", 1, ""), "1"}, {chat("b", 2, ""), "1 -a +b@0"}, {"", "0 -b"}, {chat("c", 3, ""), "1 +c@0"}} {
				l.set(nil, strings.Fields(step.rows)...)
				if v == nil {
					v = watch(t, feed, texter.ChatFilter{}, nil)
					defer v.Close()
				} else {
					time.Sleep(live.DefaultInterval)
				}
				if got := batch(t, v); got != step.want {
					t.Errorf("got %s, want %s", got, step.want)
				}
			}
		})
	})
	t.Run("a text that is no live cursor is refused, and nothing is read", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, _ *list, feed *live.Feed) {
			_, err := feed.Watch(t.Context(), texter.ChatFilter{}, new("?"), func() {}, nil)
			if broken, ok := errors.AsType[*rule.Error](err); !ok || broken.Name != "since" || feed.Lists() != 0 {
				t.Errorf("got %v", err)
			}
		})
	})
	t.Run("a cursor of another version gets a reset, once the list is known", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(nil, chat("a", 1, ""))
			v := watch(t, feed, texter.ChatFilter{}, new("AgAA"))
			defer v.Close()
			if changes, err := v.Next(); changes != nil || err != nil {
				t.Errorf("before a reading: %v, %v", changes, err)
			}
			if got := batch(t, v); got != "1 reset, the last one" {
				t.Errorf("got %s", got)
			}
		})
	})
}

// TestBudgets: how many readings a credential has.
func TestBudgets(t *testing.T) {
	byLabel := func(_ context.Context, f texter.ChatFilter) (credential, list string, err error) {
		return f.Labels[0][:1], texter.SearchOptions{ChatFilter: f}.Query(), nil
	}
	// start has lists watched, each named by its credential and a number.
	start := func(t *testing.T, feed *live.Feed, names string) (viewers []*live.Viewer) {
		t.Helper()
		for name := range strings.FieldsSeq(names) {
			viewers = append(viewers, watch(t, feed, labelled(name), nil))
		}
		return viewers
	}
	for name, test := range map[string]struct {
		polls             float64
		first, then, less string // lists that are watched at first, and then, and that are left in between
		want              int    // in a minute
	}{
		"all lists of a credential share it":         {1, "a1 a2 a3 a4 a5 a6", "", "", 60},
		"it may be less than one a second":           {0.5, "a1 a2 a3", "", "", 30},
		"each credential has its own":                {1, "a1 a2 a3 a4 a5 a6 b1 b2 b3 b4 b5 b6", "", "", 120},
		"a list that ends gives none to new ones":    {1, "a1 a2 a3 a4 a5 a6", "a7 a8 a9", "a1", 60},
		"a credential that comes back has one again": {1, "a1", "a2 a3 a4 a5 a6 a7", "a1", 60},
	} {
		t.Run(name, func(t *testing.T) {
			watched(t, live.Options{Polls: test.polls, Topic: byLabel}, func(t *testing.T, l *list, feed *live.Feed) {
				viewers := start(t, feed, test.first)
				if test.less != "" {
					viewers[0].Close()
					viewers = viewers[1:]
					time.Sleep(time.Minute)
				}
				viewers = append(viewers, start(t, feed, test.then)...)
				time.Sleep(time.Minute)
				l.count()
				time.Sleep(time.Minute)
				if n := l.count(); n < test.want-1 || n > test.want+1 {
					t.Errorf("%d readings in a minute, want %d", n, test.want)
				}
				for _, v := range viewers {
					v.Close()
				}
			})
		})
	}
}
