package cache_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// revalidating makes a cache answer with old pages.
func revalidating(o *cache.Options) { o.StaleWhileRevalidate = time.Hour }

// TestCloseWaits holds that Close waits for what runs in the background. A bubble
// fails if a goroutine is left in it.
func TestCloseWaits(t *testing.T) {
	bubble(t, "it waits for a search that no caller waits for", func(t *testing.T) {
		i := newInstance(t, revalidating)
		i.page("a", firstPage)
		i.delay(3 * time.Second)
		advance(15 * time.Second)
		i.expect("a", firstPage, cache.Stale)
		began := time.Now()
		if err := i.Close(t.Context()); err != nil || time.Since(began) != 3*time.Second {
			t.Errorf("it took %v and returned %v", time.Since(began), err)
		}
		i.expectRequests(2)
	})
	bubble(t, "it waits for the search of a caller who left at a deadline", func(t *testing.T) {
		ended := false
		i := newInstance(t, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
			<-time.After(3 * time.Second) // it ends late, although it is canceled
			ended = true
			return &texter.SearchPage{}, nil
		}))
		ctx, cancel := context.WithTimeout(as(t, "a"), time.Second)
		defer cancel()
		if _, err := i.SearchChats(ctx, firstPage); err == nil {
			t.Error("the caller did not leave")
		}
		if err := i.Close(t.Context()); err != nil || !ended {
			t.Errorf("the search has ended: %t, %v", ended, err)
		}
	})
}

// TestCloseCancels holds that Close does not wait for longer than its context.
func TestCloseCancels(t *testing.T) {
	bubble(t, "it cancels that search when its context ends", func(t *testing.T) {
		i := newInstance(t, revalidating)
		i.page("a", firstPage)
		i.hold()
		advance(15 * time.Second)
		i.expect("a", firstPage, cache.Stale)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if err := i.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 5*time.Second {
			t.Errorf("it took %v and returned %v", time.Since(began), err)
		}
	})
}

// TestCloseCancelsLabels holds the same of a call for labels.
func TestCloseCancelsLabels(t *testing.T) {
	bubble(t, "it cancels the call when its context ends", func(t *testing.T) {
		i, _ := newLabelCache(t)
		i.hold()
		asked := make(chan error)
		go func() { _, err := i.Labels(as(t, "a")); asked <- err }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		closed := make(chan error, 1)
		go func() { closed <- i.Close(ctx) }()
		began := time.Now()
		if err := <-asked; err == nil || time.Since(began) != time.Second {
			t.Errorf("the caller got %v after %v", err, time.Since(began))
		}
		if err := <-closed; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close returned %v", err)
		}
	})
}

// TestClosedCache holds what a closed cache does.
func TestClosedCache(t *testing.T) {
	bubble(t, "it drops all pages, and keeps none afterwards", func(t *testing.T) {
		i := newInstance(t)
		page := i.page("a", firstPage)
		i.remember("a", page, "answer", "x")
		for range 2 {
			if err := i.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if i.Bytes() != 0 || i.IndexSize() != 0 {
			t.Errorf("%d bytes and %d entries are kept", i.Bytes(), i.IndexSize())
		}
		i.expect("a", firstPage, cache.Miss)
		i.expect("a", firstPage, cache.Miss)
		i.remember("a", page, "answer", "x")
		i.expectAnswer(nil, "a", "x")
	})
	bubble(t, "afterwards the cache starts no goroutine, also for a caller with a deadline", func(t *testing.T) {
		i := newInstance(t)
		if err := i.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		i.delay(time.Second)
		ctx, cancel := context.WithTimeout(as(t, "a"), 5*time.Second)
		defer cancel()
		if _, err := i.SearchChats(ctx, firstPage); err != nil {
			t.Error(err)
		}
	})
}

// TestLabelsOfClosedCache holds that a closed cache still passes calls for labels on.
func TestLabelsOfClosedCache(t *testing.T) {
	bubble(t, "it starts no goroutine for them", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		if err := i.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		i.delay(time.Second)
		i.labels("a", outcomes, cache.Miss)
	})
}

// TestClosingCache holds what a cache does that is being closed.
func TestClosingCache(t *testing.T) {
	bubble(t, "while it waits, an old page answers when the new one is there", func(t *testing.T) {
		i := newInstance(t, revalidating)
		other := texter.SearchOptions{Limit: 5}
		i.page("a", firstPage)
		i.page("a", other)
		i.delay(3 * time.Second)
		advance(15 * time.Second)
		i.expect("a", firstPage, cache.Stale)
		closed := make(chan error)
		go func() { closed <- i.Close(t.Context()) }()
		synctest.Wait()
		began := time.Now()
		i.expect("a", other, cache.Stale)
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it answered after %v", took)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}
