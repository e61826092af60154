package graph_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// TestRefusedToken: with a token's pages go the answers that are made of them.
func TestRefusedToken(t *testing.T) {
	for _, status := range []int64{401, 403} {
		d := newDesk(t)
		d.remember(t, "/", inbox)
		others := d.remember(t, "/", inbox, "Authorization: Bearer b")
		d.status.Store(status)
		d.send("/", `{"query":"{ searchChats(first: 5) { nodes { id } } }"}`)
		if got := d.ask(); !strings.Contains(got, `"errors"`) {
			t.Errorf("%d: a refused token got %s", status, got)
		}
		if got := d.ask("Authorization: Bearer b"); got != others {
			t.Errorf("%d: another token got %s", status, got)
		}
	}
}

// TestOldPage: an answer is as old as its page may be to be a hit.
func TestOldPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, func(o *cache.Options) { o.StaleWhileRevalidate = 10 * time.Second })
		old := d.remember(t, "/", inbox)
		time.Sleep(10*time.Second - time.Nanosecond)
		if d.ask() != old || d.recalled.Load() != 2 {
			t.Error("it was not recalled")
		}
		time.Sleep(time.Nanosecond)
		if d.ask() != old || d.recalled.Load() != 2 || d.outcomes[len(d.outcomes)-1] != cache.Stale {
			t.Errorf("after TTL: %d recalled, %v", d.recalled.Load(), d.outcomes)
		}
		synctest.Wait() // for the new page
		if d.ask() == old || d.recalled.Load() != 2 || d.asked.Load() != 2 {
			t.Error("the new page's answer is the old one")
		}
		d.remember(t, "/", inbox)
		time.Sleep(time.Hour)
		if d.ask(); d.asked.Load() != 3 {
			t.Error("an answer outlived its page")
		}
	})
}

// TestStalePage: answers of a page that is past its time are made anew, however
// often.
func TestStalePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, func(o *cache.Options) { o.StaleIfError = time.Hour })
		old := d.ask()
		d.status.Store(http.StatusServiceUnavailable)
		time.Sleep(10 * time.Second)
		for range 5 {
			if got := d.ask(); got != old {
				t.Errorf("got %s", got)
			}
		}
		if d.recalled.Load() > 0 || d.asked.Load() != 6 {
			t.Errorf("%d answers were recalled", d.recalled.Load())
		}
	})
}

// TestReplacedPage: a fresh page takes the answers of the old one with it.
func TestReplacedPage(t *testing.T) {
	d := newDesk(t)
	old := d.remember(t, "/", inbox)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer a")
	ctx, _ := auth.Bearer(r)
	if _, err := d.cache.SearchChats(ctx, texter.SearchOptions{Limit: 30, Fresh: true}); err != nil {
		t.Fatal(err)
	}
	if got := d.ask(); got == old || d.asked.Load() != 2 || d.recalled.Load() != 1 {
		t.Errorf("got %s after %d requests", got, d.asked.Load())
	}
}

// TestEvictedPage: an answer goes with its page, and recalling it is using the
// page.
func TestEvictedPage(t *testing.T) {
	d := newDesk(t, func(o *cache.Options) { o.MaxBytes = 60_000 }) // a few pages
	other := func(i int) {
		d.send("/", fmt.Sprintf(`{"query":"{ searchChats(page: {skip: %d}) { nodes { id } } }"}`, i))
	}
	d.remember(t, "/", inbox)
	for i := range 20 {
		other(1 + i)
		d.ask()
	}
	if d.recalled.Load() != 21 {
		t.Errorf("%d recalled: the page went though it was used", d.recalled.Load())
	}
	asked := d.asked.Load()
	for i := range 20 {
		other(100 + i)
	}
	if d.ask(); d.recalled.Load() != 21 || d.asked.Load() != asked+21 {
		t.Error("the answer of an evicted page was recalled")
	}
}

// TestManyRecall has callers of several tokens and scopes ask at once while
// pages are replaced and purged: nobody gets another's answer.
func TestManyRecall(t *testing.T) {
	d := newDesk(t)
	var all sync.WaitGroup
	for i := range 8 {
		token, label := fmt.Sprint("token-", i%4), fmt.Sprint("label-", i%2)
		want := fmt.Sprintf("Bearer %s %s ", token, url.QueryEscape("labels%5B%5D="+label+"&limit=30"))
		all.Go(func() {
			for n := range 150 {
				if n%10 == 9 {
					_, _ = d.cache.SearchChats(bearer(token), texter.SearchOptions{ChatFilter: texter.ChatFilter{Labels: []string{label}}, Limit: 30, Fresh: true})
				}
				if got := d.ask("Authorization: Bearer "+token, fmt.Sprintf(`Scope: {"labels":[%q]}`, label)); !strings.Contains(got, want) {
					t.Errorf("%s with %s got %s", token, label, got)
				}
			}
		})
	}
	all.Wait()
	if d.recalled.Load() < 100 {
		t.Errorf("only %d answers were recalled", d.recalled.Load())
	}
}
