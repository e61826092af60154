package graph_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// TestRefusedToken: when Texter refuses a token, the answers from its pages go too.
func TestRefusedToken(t *testing.T) {
	for _, status := range []int64{http.StatusUnauthorized, http.StatusForbidden} {
		s := newKeepingService(t)
		s.keep(t, "/", inbox)
		other := s.keep(t, "/", inbox, "Authorization: Bearer b")
		s.status.Store(status)
		s.send("/", `{"query":"{ searchChats(first: 5) { nodes { id } } }"}`)
		t.Run(fmt.Sprintf("after status %d, the token gets no kept answer", status), func(t *testing.T) {
			if got := s.sendInbox(); !strings.Contains(got, `"errors"`) {
				t.Errorf("got %s", got)
			}
		})
		t.Run(fmt.Sprintf("after status %d, another token gets its kept answer", status), func(t *testing.T) {
			if got := s.sendInbox("Authorization: Bearer b"); got != other {
				t.Errorf("got %s", got)
			}
		})
	}
}

// advance moves the clock of a synctest bubble, and waits for what then happens.
func advance(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// TestAgeOfPages: an answer is kept as long as its page is.
func TestAgeOfPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newKeepingService(t, func(o *cache.Options) { o.StaleWhileRevalidate = 10 * time.Second })
		old := s.keep(t, "/", inbox)
		advance(10*time.Second - time.Nanosecond)
		if s.sendInbox() != old || s.recalled.Load() != 2 {
			t.Error("before the TTL ends, it is no kept answer")
		}
		advance(time.Nanosecond)
		if s.sendInbox() != old || s.recalled.Load() != 2 || s.cacheOutcomes[len(s.cacheOutcomes)-1] != cache.Stale {
			t.Errorf("after the TTL: %d kept answers, cache: %v", s.recalled.Load(), s.cacheOutcomes)
		}
		synctest.Wait() // for the page that replaces the stale one
		if s.sendInbox() == old || s.recalled.Load() != 2 || s.requests.Load() != 2 {
			t.Error("the response from the new page is that from the old one")
		}
		s.keep(t, "/", inbox)
		advance(time.Hour)
		if s.sendInbox(); s.requests.Load() != 3 {
			t.Error("an answer outlives its page")
		}
	})
}

// TestStalePages: no response from a stale page is kept.
func TestStalePages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newKeepingService(t, func(o *cache.Options) { o.StaleIfError = time.Hour })
		old := s.sendInbox()
		s.status.Store(http.StatusServiceUnavailable)
		advance(10 * time.Second)
		for range 5 {
			if got := s.sendInbox(); got != old {
				t.Errorf("got %s", got)
			}
		}
		if s.recalled.Load() > 0 || s.requests.Load() != 6 {
			t.Errorf("%d kept answers, %d requests", s.recalled.Load(), s.requests.Load())
		}
	})
}

// TestReplacedPage: when a fresh page replaces a page, the answers from it go.
func TestReplacedPage(t *testing.T) {
	s := newKeepingService(t)
	old := s.keep(t, "/", inbox)
	if _, err := s.cache.SearchChats(contextWithToken(t, "a"), texter.SearchOptions{Limit: 30, Fresh: true}); err != nil {
		t.Fatal(err)
	}
	if got := s.sendInbox(); got == old || s.requests.Load() != 2 || s.recalled.Load() != 1 {
		t.Errorf("got %s after %d requests", got, s.requests.Load())
	}
}

func TestEvictedPage(t *testing.T) {
	s := newKeepingService(t, func(o *cache.Options) { o.MaxBytes = 60_000 }) // a few pages
	sendOther := func(i int) {
		s.send("/", fmt.Sprintf(`{"query":"{ searchChats(page: {skip: %d}) { nodes { id } } }"}`, i))
	}
	s.keep(t, "/", inbox)
	for i := range 20 {
		sendOther(1 + i)
		s.sendInbox()
	}
	if s.recalled.Load() != 21 {
		t.Errorf("%d kept answers: a page is evicted while its answer is used", s.recalled.Load())
	}
	requests := s.requests.Load()
	for i := range 20 {
		sendOther(100 + i)
	}
	if s.sendInbox(); s.recalled.Load() != 21 || s.requests.Load() != requests+21 {
		t.Error("an answer is kept after its page is evicted")
	}
}

// TestConcurrentCallers has callers of several tokens and scopes at the same time,
// while pages are replaced. Nobody may get the answer of another one.
func TestConcurrentCallers(t *testing.T) {
	s := newKeepingService(t)
	var all sync.WaitGroup
	for i := range 8 {
		token, label := fmt.Sprint("token-", i%4), fmt.Sprint("label-", i%2)
		ctx := contextWithToken(t, token)
		want := fmt.Sprintf("Bearer %s %s ", token, url.QueryEscape("labels%5B%5D="+label+"&limit=30"))
		all.Go(func() {
			for n := range 150 {
				if n%10 == 9 {
					_, _ = s.cache.SearchChats(ctx, texter.SearchOptions{ChatFilter: texter.ChatFilter{Labels: []string{label}}, Limit: 30, Fresh: true})
				}
				if got := s.sendInbox("Authorization: Bearer "+token, fmt.Sprintf(`Scope: {"labels":[%q]}`, label)); !strings.Contains(got, want) {
					t.Errorf("%s with %s got %s", token, label, got)
				}
			}
		})
	}
	all.Wait()
	if s.recalled.Load() < 100 {
		t.Errorf("only %d kept answers", s.recalled.Load())
	}
}
