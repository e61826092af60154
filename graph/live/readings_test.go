package live_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

// searcher is a texter.Searcher made of a function.
type searcher func(context.Context, texter.SearchOptions) (*texter.SearchPage, error)

// SearchChats implements texter.Searcher.
func (s searcher) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	return s(ctx, o)
}

// TestReadingsAreObserved: each reading asks Texter itself, in a context of its own, and
// its outcome is told.
func TestReadingsAreObserved(t *testing.T) {
	type reading struct{}
	temporary := &texter.Error{Cause: texter.CauseUnavailable}
	var begun int
	var ended []error
	var polls []live.Poll
	l := &list{}
	synctest.Test(t, func(t *testing.T) {
		feed := live.New(live.Options{
			Topic: topicOf,
			Searcher: searcher(func(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
				if number := ctx.Value(reading{}); number != begun || !o.Fresh {
					t.Errorf("in reading %d, the search is of reading %v, and may be of a kept page: %t", begun, number, !o.Fresh)
				}
				return l.SearchChats(ctx, o)
			}),
			Begin: func(ctx context.Context) (context.Context, func(error)) {
				begun++
				return context.WithValue(ctx, reading{}, begun), func(err error) { ended = append(ended, err) }
			},
			Polled: func(p live.Poll) { polls = append(polls, p) },
		})
		v := watch(t, feed, texter.ChatFilter{}, nil)
		synctest.Wait()
		time.Sleep(live.DefaultInterval)
		synctest.Wait()
		l.set(temporary)
		time.Sleep(live.DefaultInterval)
		synctest.Wait()
		l.set(nil, chat("a", 1, ""))
		time.Sleep(live.DefaultInterval)
		synctest.Wait()
		v.Close()
		feed.Close()
	})
	if want := []error{nil, nil, temporary, nil}; !slices.Equal(ended, want) {
		t.Errorf("the readings end with %v", ended)
	}
	const since = live.DefaultInterval
	if want := []live.Poll{{Changed: true}, {Since: since}, {Since: since, Err: temporary}, {Since: since, Changed: true}}; !slices.Equal(polls, want) {
		t.Errorf("got %+v", polls)
	}
}

// TestWakes: viewers are woken when there is something new for them, and sleep else.
func TestWakes(t *testing.T) {
	var woken atomic.Int32
	want := func(t *testing.T, when string, want int32) {
		t.Helper()
		synctest.Wait()
		if got := woken.Swap(0); got != want {
			t.Errorf("%s: woken %d times, want %d", when, got, want)
		}
	}
	follow := func(t *testing.T, feed *live.Feed) *live.Viewer {
		t.Helper()
		v, err := feed.Watch(t.Context(), texter.ChatFilter{}, nil, func() { woken.Add(1) }, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	t.Run("who follows is woken by changes, and by the end", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			v := follow(t, feed)
			want(t, "the first batch", 1)
			batch(t, v)
			time.Sleep(live.DefaultInterval)
			want(t, "nothing new", 0)
			l.set(nil, chat("a", 1, ""))
			time.Sleep(live.DefaultInterval)
			want(t, "a change", 1)
			batch(t, v)
			l.set(&texter.Error{Cause: texter.CauseUnavailable})
			time.Sleep(live.DefaultInterval)
			want(t, "an error that passes", 0)
			l.set(&texter.Error{Cause: texter.CauseForbidden})
			time.Sleep(live.DefaultInterval)
			want(t, "an error that stays", 1)
			v.Close()
		})
	})
	t.Run("who waits for a first batch is woken by any error", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(&texter.Error{Cause: texter.CauseUnavailable})
			v := follow(t, feed)
			want(t, "an error that passes", 1)
			v.Close()
		})
	})
	t.Run("who follows is woken when the feed closes", func(t *testing.T) {
		watched(t, live.Options{}, func(t *testing.T, _ *list, feed *live.Feed) {
			v := follow(t, feed)
			batch(t, v)
			woken.Store(0)
			feed.Close()
			want(t, "closed", 1)
			v.Close()
		})
	})
}
