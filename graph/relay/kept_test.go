package relay_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// keepWindows puts a cache between an inbox and its callers. Time passes with
// each page.
func keepWindows(t *testing.T, in *inbox, hits *int) pager {
	t.Helper()
	kept, err := cache.New(cache.Options{
		Searcher:   in.client,
		Credential: func(context.Context) (string, error) { return "token", nil },
		TTL:        10 * time.Second,
		MaxBytes:   1 << 30,
		Observe: func(_ context.Context, o cache.Outcome) {
			if o == cache.Hit {
				*hits++
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	in.client = kept
	return func(in *inbox, size int, cursor string, backward bool) ([]string, string, error) {
		time.Sleep(time.Duration(in.IntN(2000)) * time.Millisecond)
		return anchored(in, size, cursor, backward)
	}
}

// walkKept walks through kept windows of several ages, which two walks before it
// left. It returns how it broke the promise to the chats that stay put from a time
// on: from when the oldest window was read, or, with fromStart, from when the walk
// starts.
func walkKept(t *testing.T, seed uint64, backward, fromStart bool, sum *tally, hits *int) (err error) {
	synctest.Test(t, func(t *testing.T) {
		in := newInbox(t, seed, 12+int(seed%40))
		page, size := keepWindows(t, in, hits), 1+in.IntN(12)
		in.put = in.matches()
		for range 2 {
			_ = in.walk(page, size, backward, 3, &tally{})
		}
		if fromStart {
			in.put = in.matches()
		}
		err = in.walk(page, size, backward, 3, sum)
	})
	return err
}

// TestKeptWindowsKeepThePromise: the key of a chat tells its place in a kept window
// as in a fresh one. So the promise holds for chats that stay put from the time of
// the oldest window on.
func TestKeptWindowsKeepThePromise(t *testing.T) {
	walks := histories(500)
	for _, backward := range []bool{false, true} {
		t.Run(fmt.Sprintf("backward=%t", backward), func(t *testing.T) {
			t.Parallel()
			var sum tally
			hits := 0
			for seed := range uint64(walks) {
				if err := walkKept(t, seed, backward, false, &sum, &hits); err != nil {
					t.Fatalf("history %d: %v", seed, err)
				}
			}
			sum.check(t, walks)
			if t.Logf("%d hits", hits); hits < walks {
				t.Errorf("only %d hits", hits)
			}
		})
	}
}

// TestKeptWindowsBreakThePromiseToChatsThatMoved between the oldest window and the
// start of the walk. It shows that the test above can fail.
func TestKeptWindowsBreakThePromiseToChatsThatMoved(t *testing.T) {
	for _, backward := range []bool{false, true} {
		broken, hits, walks := 0, 0, histories(200)
		for seed := range uint64(walks) {
			if walkKept(t, seed, backward, true, &tally{}, &hits) != nil {
				broken++
			}
		}
		if t.Logf("backward=%t: %d of %d histories broken", backward, broken, walks); broken == 0 {
			t.Errorf("backward=%t: no history broke", backward)
		}
	}
}

// TestASearchAmongKeptWindowsEnds: the kept windows send the search for the end of
// the list from one to the next, in a circle, until it asks for fresh ones.
func TestASearchAmongKeptWindowsEnds(t *testing.T) {
	now, before := newList(20, 1), newList(30, 1)
	circle := upstream(func(o texter.SearchOptions) (*texter.SearchPage, error) {
		l := before
		if o.Fresh || o.Skip == 16 { // the last 10 of 30, and a margin
			l = now
		}
		return l.SearchChats(t.Context(), o)
	})
	c, err := search(circle, 10, "", true)
	assertPage(t, "last 10", c, err, now, 10, 20)
}
