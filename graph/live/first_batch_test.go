package live_test

import (
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// TestFirstBatch: who comes with the rows of a page gets a batch at once if nothing has
// changed, and else one of a poll that began later, never of older rows.
func TestFirstBatch(t *testing.T) {
	watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
		l.set(nil, chat("a", 1, ""))
		first := watch(t, feed, texter.ChatFilter{}, nil)
		defer first.Close()
		batch(t, first)
		l.count()
		since := func() *string {
			page, err := relay.Search(t.Context(), l, texter.ChatFilter{}, relay.Start(30), false)
			if err != nil {
				t.Fatal(err)
			}
			l.count()
			return page.LiveCursor()
		}
		same := watch(t, feed, texter.ChatFilter{}, since())
		defer same.Close()
		if got := batch(t, same); got != "1" || l.count() != 0 {
			t.Errorf("who has the same rows gets %s", got)
		}
		l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
		newer := since()
		l.slow(time.Second)
		later := watch(t, feed, texter.ChatFilter{}, newer)
		defer later.Close()
		if got, err := later.Next(); got != nil || err != nil {
			t.Errorf("who has newer rows gets %v, %v before a poll", got, err)
		}
		time.Sleep(time.Second)
		if got := batch(t, later); got != "2" || l.count() != 1 {
			t.Errorf("who has newer rows gets %s", got)
		}
		if got := batch(t, first); got != "2 +b@0" {
			t.Errorf("who has older rows gets %s", got)
		}
	})
}

// TestFirstBatchAfterAFailure: who comes after a poll that failed waits for the next one,
// and who came before it gets its error.
func TestFirstBatchAfterAFailure(t *testing.T) {
	watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
		l.set(&texter.Error{Cause: texter.CauseUnavailable})
		first := watch(t, feed, texter.ChatFilter{}, nil)
		defer first.Close()
		synctest.Wait()
		if _, err := first.Next(); err == nil {
			t.Error("who came before gets no error")
		}
		l.set(nil, chat("a", 1, ""))
		l.slow(time.Second)
		later := watch(t, feed, texter.ChatFilter{}, nil)
		defer later.Close()
		if got, err := later.Next(); got != nil || err != nil {
			t.Errorf("who comes after gets %v, %v before a poll", got, err)
		}
		time.Sleep(time.Second)
		if got := batch(t, later); got != "1" {
			t.Errorf("who comes after gets %s", got)
		}
	})
}

// TestFirstBatchOfNewerRows: who comes with rows that are surely older gets the batch at
// once. Rows are surely older if a chat has a newer message by now.
func TestFirstBatchOfNewerRows(t *testing.T) {
	before := []string{chat("b", 2, ""), chat("a", 1, "")}
	for name, test := range map[string]struct {
		now   []string
		want  string
		polls int
	}{
		"a chat has a newer message":                       {[]string{chat("a", 3, ""), chat("b", 2, "")}, "2 -b =a +b@1", 0},
		"a chat has a newer message, and one is gone":      {[]string{chat("a", 3, "")}, "1 -b =a", 0},
		"a chat has other values":                          {[]string{chat("b", 2, `,"title":"B"`), chat("a", 1, "")}, "2 =b", 1},
		"a chat is there":                                  {[]string{chat("c", 3, ""), chat("b", 2, ""), chat("a", 1, "")}, "3 +c@0", 1},
		"a chat has a newer message, and one an older one": {[]string{chat("a", 3, ""), chat("b", 1, "")}, "2 -b =a +b@1", 1},
	} {
		t.Run(name, func(t *testing.T) {
			watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
				l.set(nil, before...)
				page, err := relay.Search(t.Context(), l, texter.ChatFilter{}, relay.Start(30), false)
				if err != nil {
					t.Fatal(err)
				}
				l.set(nil, test.now...)
				first := watch(t, feed, texter.ChatFilter{}, nil)
				defer first.Close()
				batch(t, first)
				l.count()
				v := watch(t, feed, texter.ChatFilter{}, page.LiveCursor())
				defer v.Close()
				if got := batch(t, v); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
				if got := l.count(); got != test.polls {
					t.Errorf("%d polls, want %d", got, test.polls)
				}
			})
		})
	}
}
