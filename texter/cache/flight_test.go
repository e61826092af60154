package cache_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// TestEqualSearches holds that equal searches of one credential, in flight at the
// same time, are one.
func TestEqualSearches(t *testing.T) {
	bubble(t, "one request serves a thousand callers", func(t *testing.T) {
		const n = 1000
		i := newInstance(t)
		release := i.hold()
		results := make([]<-chan result, n)
		for caller := range n {
			results[caller] = i.start(as(t, "a"), texter.SearchOptions{})
		}
		synctest.Wait()
		release()
		for _, r := range results {
			if got := <-r; got.err != nil || got.page.Total == 0 {
				t.Fatalf("a caller got %+v", got)
			}
		}
		i.expectRequests(1)
		if misses, shared := i.outcomes.count(cache.Miss), i.outcomes.count(cache.Shared); misses != 1 || shared != n-1 {
			t.Errorf("%d misses and %d shared", misses, shared)
		}
	})
}

// TestDifferentSearches holds that other searches share nothing.
func TestDifferentSearches(t *testing.T) {
	bubble(t, "a refusal is not shared with another credential", func(t *testing.T) {
		i := newInstanceOf(t, sandbox.New(sandbox.Options{Chats: 40, Tokens: map[string]sandbox.Access{"a": sandbox.ListAllChats}}))
		release := i.hold()
		good, refused := i.start(as(t, "a"), texter.SearchOptions{}), i.start(as(t, "revoked"), texter.SearchOptions{})
		synctest.Wait()
		release()
		if got := <-good; got.err != nil {
			t.Errorf("the good credential got %v", got.err)
		}
		if got := <-refused; got.err == nil {
			t.Error("the refused credential got a page")
		}
		i.expectRequests(2)
	})
	bubble(t, "different searches share nothing", func(t *testing.T) {
		i := newInstance(t)
		release := i.hold()
		text, yes := "00", true
		searches := []texter.SearchOptions{
			{}, {Limit: 5}, {Skip: 5}, {Limit: 5, Skip: 5}, {ChatFilter: texter.ChatFilter{Search: &text}},
			{ChatFilter: texter.ChatFilter{ShowNoMessages: &yes}}, {ChatFilter: texter.ChatFilter{Labels: []string{text}}},
			{ChatFilter: texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusBot}}},
			{ChatFilter: texter.ChatFilter{Channel: &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: text}}},
		}
		var results []<-chan result
		for _, o := range searches {
			results = append(results, i.start(as(t, "a"), o))
		}
		synctest.Wait()
		release()
		for n, r := range results {
			if got := <-r; got.err != nil {
				t.Errorf("%+v: %v", searches[n], got.err)
			}
		}
		i.expectRequests(len(searches))
	})
}

// withoutCredential are credentials of callers who share nothing.
var withoutCredential = map[string]func(context.Context) (string, error){
	"callers without a credential share nothing":           func(context.Context) (string, error) { return "", nil },
	"callers whose credential can't be read share nothing": func(context.Context) (string, error) { return "a", errors.New("unreadable") },
}

// TestCallersWithoutCredential holds that callers without a known credential
// share nothing.
func TestCallersWithoutCredential(t *testing.T) {
	for name, credential := range withoutCredential {
		t.Run(name, func(t *testing.T) {
			calls := 0
			i := newInstance(t, func(o *cache.Options) { o.Credential = credential }, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
				calls++
				return &texter.SearchPage{}, nil
			}))
			for range 3 {
				i.Remember(t.Context(), i.page("a", texter.SearchOptions{}), 1, func() any { return "answer" }, "request")
			}
			if calls != 3 || i.Recall(t.Context(), "request") != nil {
				t.Errorf("3 searches made %d calls, and the answer is %v", calls, i.Recall(t.Context(), "request"))
			}
		})
	}
}

func expectCanceled(t *testing.T, r <-chan result) {
	t.Helper()
	got := <-r
	if e, ok := errors.AsType[*texter.Error](got.err); !ok || e.Cause != texter.CauseCanceled {
		t.Errorf("a caller who left got %v", got.err)
	}
}

// TestFirstCallerLeaves holds that a search does not end with its first caller.
func TestFirstCallerLeaves(t *testing.T) {
	bubble(t, "the search goes on for those who stay, although the first caller left", func(t *testing.T) {
		i := newInstance(t)
		release := i.hold()
		firstCtx, firstLeaves := context.WithCancel(as(t, "a"))
		secondCtx, secondLeaves := context.WithCancel(as(t, "a"))
		first := i.start(firstCtx, texter.SearchOptions{})
		synctest.Wait()
		second := i.start(secondCtx, texter.SearchOptions{})
		third := i.start(as(t, "a"), texter.SearchOptions{})
		synctest.Wait()
		firstLeaves()
		secondLeaves()
		expectCanceled(t, second)
		synctest.Wait()
		if n := i.Callers(); n != 1 {
			t.Errorf("%d callers are left", n)
		}
		release()
		if got := <-third; got.err != nil {
			t.Errorf("the caller who stayed got %v", got.err)
		}
		expectCanceled(t, first)
		i.expectRequests(1)
	})
}

// TestLastCallerLeaves holds that a search ends when its last caller leaves.
func TestLastCallerLeaves(t *testing.T) {
	bubble(t, "the search is canceled when the last caller leaves, and the next caller makes a new one", func(t *testing.T) {
		i := newInstance(t)
		release := i.hold()
		ctx, leave := context.WithCancel(as(t, "a"))
		last := i.start(ctx, texter.SearchOptions{})
		synctest.Wait()
		began := time.Now()
		leave()
		if expectCanceled(t, last); time.Since(began) != 0 { // not by the timeout of the client
			t.Errorf("it was canceled after %v", time.Since(began))
		}
		next := i.start(as(t, "a"), texter.SearchOptions{})
		synctest.Wait()
		release()
		if got := <-next; got.err != nil {
			t.Errorf("the next caller got %v", got.err)
		}
		i.expectRequests(2)
	})
}

// TestSearchAfterLeaving holds that a canceled search does not disturb later ones.
func TestSearchAfterLeaving(t *testing.T) {
	bubble(t, "a canceled search does not end the search that replaced it", func(t *testing.T) {
		old := make(chan struct{})
		calls := 0
		i := newInstance(t, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
			if calls++; calls == 1 {
				<-old
			} else {
				<-time.After(time.Second)
			}
			return &texter.SearchPage{}, nil
		}))
		ctx, leave := context.WithCancel(as(t, "a"))
		first := i.start(ctx, texter.SearchOptions{})
		synctest.Wait()
		leave()
		synctest.Wait()
		second := i.start(as(t, "a"), texter.SearchOptions{})
		synctest.Wait()
		close(old)
		expectCanceled(t, first)
		i.expect("a", texter.SearchOptions{}, cache.Shared)
		if got := <-second; got.err != nil || calls != 2 {
			t.Errorf("the second caller got %v, and there were %d searches", got.err, calls)
		}
	})
}

// TestEndOfSearch holds when a search ends, and when its callers return.
func TestEndOfSearch(t *testing.T) {
	bubble(t, "a caller with a deadline returns at the deadline, and the search goes on", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.Timeout = time.Minute })
		release := i.hold()
		ctx, cancel := context.WithTimeout(as(t, "a"), time.Second)
		defer cancel()
		began := time.Now()
		first := i.start(ctx, texter.SearchOptions{})
		synctest.Wait() // so that it makes the search
		second := i.start(as(t, "a"), texter.SearchOptions{})
		if got := <-first; got.err == nil || time.Since(began) != time.Second {
			t.Errorf("the caller with a deadline got %v after %v", got.err, time.Since(began))
		}
		release()
		if got := <-second; got.err != nil {
			t.Errorf("the caller who stayed got %v", got.err)
		}
		i.expectRequests(1)
	})
	bubble(t, "a caller with a deadline gets the page that comes before", func(t *testing.T) {
		i := newInstance(t)
		i.delay(time.Second)
		ctx, cancel := context.WithTimeout(as(t, "a"), 2*time.Second)
		defer cancel()
		if page, err := i.SearchChats(ctx, texter.SearchOptions{}); err != nil || page == nil {
			t.Errorf("got %v, %v", page, err)
		}
	})
	t.Run("the context of a search ends with the search", func(t *testing.T) {
		var search context.Context
		i := newInstance(t, searches(func(ctx context.Context, _ texter.SearchOptions) (*texter.SearchPage, error) {
			search = ctx
			return &texter.SearchPage{}, ctx.Err()
		}))
		i.page("a", texter.SearchOptions{})
		if search.Err() == nil {
			t.Error("it has not ended")
		}
	})
	bubble(t, "a search ends after Options.Timeout", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.Timeout = time.Second })
		i.hold()
		began := time.Now()
		i.refuse("a", texter.SearchOptions{})
		if took := time.Since(began); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// newReusing makes a cache that keeps no pages, and uses their memory again.
func newReusing(t *testing.T) *instance {
	upstream := sandbox.New(sandbox.Options{Chats: 40})
	return newInstanceOf(t, upstream, withoutPages, func(o *cache.Options) { o.Searcher = newClient(t, upstream, true) })
}

// withoutPages makes a cache keep no pages.
func withoutPages(o *cache.Options) { o.TTL = 0 }

// TestMemoryOfHeldPage holds that the memory of a page is not used again before
// all callers who have the page have released it.
func TestMemoryOfHeldPage(t *testing.T) {
	bubble(t, "it is not used again while one of two callers holds the page", func(t *testing.T) {
		i := newReusing(t)
		for range 20 {
			release := i.hold()
			one, two := i.start(as(t, "a"), firstPage), i.start(as(t, "a"), firstPage)
			synctest.Wait()
			release()
			released, held := (<-one).page, (<-two).page
			row := held.ChatViews()[0]
			want := string(row.Raw())
			released.Release()
			for range 5 {
				i.page("a", shortPage).Release()
			}
			if string(row.Raw()) != want {
				t.Fatalf("the row became %.40s", row.Raw())
			}
			held.Release()
		}
	})
}

// TestMemoryAfterLeaving holds that the memory of a page is used again although
// a caller has left.
func TestMemoryAfterLeaving(t *testing.T) {
	bubble(t, "a caller who left before the end does not hold the page", func(t *testing.T) {
		i := newReusing(t)
		reused := false
		for range 50 { // a pool may lose memory, but not each time
			release := i.hold()
			ctx, leave := context.WithCancel(as(t, "a"))
			stays := i.start(as(t, "a"), firstPage)
			synctest.Wait()
			leaves := i.start(ctx, firstPage)
			synctest.Wait()
			leave()
			expectCanceled(t, leaves)
			release()
			page := (<-stays).page
			memory := page.ChatViews()[0]
			page.Release()
			next := i.page("a", shortPage)
			reused = reused || next.ChatViews()[0] == memory
			next.Release()
		}
		if !reused {
			t.Error("its memory is never used again")
		}
	})
}
