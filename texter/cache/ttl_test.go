package cache_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

var firstPage, shortPage = texter.SearchOptions{}, texter.SearchOptions{Limit: 5}

// TestTTL holds how long a page answers searches.
func TestTTL(t *testing.T) {
	bubble(t, "a page answers until TTL after Texter was asked", func(t *testing.T) {
		i := newInstance(t)
		i.delay(4 * time.Second)
		total := i.expect("a", firstPage, cache.Miss).Total
		i.addChat()
		advance(6*time.Second - time.Nanosecond)
		if got := i.expect("a", firstPage, cache.Hit).Total; got != total {
			t.Errorf("the kept page has %d chats, want %d", got, total)
		}
		i.expectRequests(1)
		advance(time.Nanosecond)
		if got := i.expect("a", firstPage, cache.Miss).Total; got != total+1 {
			t.Errorf("the new page has %d chats, want %d", got, total+1)
		}
		i.expectRequests(2)
	})
	bubble(t, "a page is dropped when it can answer no more, also if nobody searches", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.StaleIfError, o.StaleWhileRevalidate = 5*time.Second, 3*time.Second })
		i.page("a", firstPage)
		advance(15*time.Second - time.Nanosecond)
		if i.Bytes() == 0 {
			t.Error("it was dropped early")
		}
		advance(time.Nanosecond)
		if i.Bytes() != 0 || i.IndexSize() != 0 {
			t.Errorf("%d bytes and %d entries are kept", i.Bytes(), i.IndexSize())
		}
	})
	bubble(t, "a page that replaced another one lives as long as it would alone", func(t *testing.T) {
		i := newInstance(t)
		i.page("a", firstPage)
		advance(9 * time.Second)
		i.page("a", texter.SearchOptions{Fresh: true})
		advance(9 * time.Second)
		i.expect("a", firstPage, cache.Hit)
	})
}

// TestWithoutTTL holds that a cache can be one for searches in flight alone.
func TestWithoutTTL(t *testing.T) {
	bubble(t, "without TTL no page is kept", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.TTL, o.StaleIfError, o.StaleWhileRevalidate = 0, time.Hour, time.Hour })
		i.expect("a", firstPage, cache.Miss)
		i.expect("a", firstPage, cache.Miss)
		i.expectRequests(2)
		if i.Bytes() != 0 {
			t.Errorf("%d bytes are kept", i.Bytes())
		}
	})
	t.Run("without TTL the options of Redis do not matter", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.TTL, o.Redis = 0, &cache.RedisOptions{} })
		i.expect("a", firstPage, cache.Miss)
	})
}

// TestUnobserved holds that Options.Observe and Options.ObserveLabels may be nil.
func TestUnobserved(t *testing.T) {
	t.Run("a cache that nobody observes keeps pages too", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.Observe = nil })
		i.page("a", firstPage)
		i.page("a", firstPage)
		i.expectRequests(1)
	})
	t.Run("and labels", func(t *testing.T) {
		i, _ := newLabelCache(t, func(o *cache.Options) { o.ObserveLabels = nil })
		for range 2 {
			if _, err := i.Labels(as(t, "a")); err != nil {
				t.Error(err)
			}
		}
		i.expectRequests(1)
	})
}

// TestFresh holds what a search for a fresh page does.
func TestFresh(t *testing.T) {
	bubble(t, "a fresh search asks Texter, and others get its page", func(t *testing.T) {
		i := newInstance(t)
		total := i.expect("a", firstPage, cache.Miss).Total
		i.addChat()
		if got := i.expect("a", texter.SearchOptions{Fresh: true}, cache.Miss).Total; got != total+1 {
			t.Errorf("the fresh page has %d chats, want %d", got, total+1)
		}
		if got := i.expect("a", firstPage, cache.Hit).Total; got != total+1 {
			t.Errorf("the kept page has %d chats, want %d", got, total+1)
		}
	})
	bubble(t, "an older page that comes late does not replace a newer one", func(t *testing.T) {
		release := make(chan struct{})
		i := newInstance(t, searches(func(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
			if o.Fresh {
				return &texter.SearchPage{Total: 2}, nil
			}
			<-release
			return &texter.SearchPage{Total: 1}, nil
		}))
		older := i.start(as(t, "a"), firstPage)
		advance(time.Second)
		i.expect("a", texter.SearchOptions{Fresh: true}, cache.Miss)
		close(release)
		if got := (<-older).page.Total; got != 1 {
			t.Errorf("the slow search got page %d", got)
		}
		if got := i.expect("a", firstPage, cache.Hit).Total; got != 2 {
			t.Errorf("page %d is kept", got)
		}
	})
}

// TestStaleWhileRevalidate holds that an old page answers at once, while one
// request asks for a new page.
func TestStaleWhileRevalidate(t *testing.T) {
	bubble(t, "an old page answers while one request asks for a new one", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.StaleWhileRevalidate = 20 * time.Second })
		total := i.expect("a", firstPage, cache.Miss).Total
		i.addChat()
		i.delay(time.Second)
		advance(15 * time.Second)
		began := time.Now()
		for range 3 {
			if got := i.expect("a", firstPage, cache.Stale).Total; got != total {
				t.Errorf("the old page has %d chats, want %d", got, total)
			}
		}
		if time.Since(began) != 0 {
			t.Error("the callers waited")
		}
		synctest.Wait()
		if n := i.Callers(); n != 1 {
			t.Errorf("the search for the new page has %d callers, although nobody waits", n)
		}
		advance(time.Second)
		i.expectRequests(2)
		if got := i.expect("a", firstPage, cache.Hit).Total; got != total+1 {
			t.Errorf("the new page has %d chats, want %d", got, total+1)
		}
		i.expectRequests(2)
	})
	bubble(t, "if the new page fails, the old page still answers", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.StaleWhileRevalidate = 20 * time.Second })
		i.page("a", firstPage)
		i.answer(http.StatusBadGateway)
		advance(15 * time.Second)
		i.expect("a", firstPage, cache.Stale)
		synctest.Wait()
		i.expect("a", firstPage, cache.Stale)
		synctest.Wait()
		i.expectRequests(3)
	})
}

// TestAgeOfStalePages holds how old a page may be that answers at once.
func TestAgeOfStalePages(t *testing.T) {
	for age, outcome := range map[time.Duration]cache.Outcome{
		10 * time.Second: cache.Stale, 30*time.Second - time.Nanosecond: cache.Stale, 30 * time.Second: cache.Miss,
	} {
		bubble(t, fmt.Sprintf("a page that is %v old is a %s", age, outcome), func(t *testing.T) {
			i := newInstance(t, func(o *cache.Options) { o.StaleWhileRevalidate, o.StaleIfError = 20*time.Second, time.Hour })
			i.page("a", firstPage)
			advance(age)
			i.expect("a", firstPage, outcome)
		})
	}
}

// TestStaleIfError holds that an old page answers if Texter fails, but not if it
// refuses.
func TestStaleIfError(t *testing.T) {
	for status, excused := range map[int]bool{
		500: true, 502: true, 503: true, 504: true, 429: true, 204: true, 400: false, 401: false, 403: false,
	} {
		bubble(t, fmt.Sprintf("after status %d: %t", status, excused), func(t *testing.T) {
			i := newInstance(t, func(o *cache.Options) { o.StaleIfError = time.Minute })
			i.expect("a", firstPage, cache.Miss)
			i.answer(status)
			advance(70*time.Second - time.Nanosecond)
			if !excused {
				i.refuse("a", firstPage)
				return
			}
			i.expect("a", firstPage, cache.Stale)
			i.expectRequests(2)
			advance(time.Nanosecond)
			i.refuse("a", firstPage)
		})
	}
	bubble(t, "after a timeout: true", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.StaleIfError, o.Timeout = time.Minute, time.Second })
		i.page("a", firstPage)
		advance(15 * time.Second)
		i.hold()
		i.expect("a", firstPage, cache.Stale)
	})
	bubble(t, "after an error that is not Texter's: false", func(t *testing.T) {
		var failure error
		i := newInstance(t, func(o *cache.Options) { o.StaleIfError = time.Minute }, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
			return &texter.SearchPage{}, failure
		}))
		i.page("a", firstPage)
		advance(15 * time.Second)
		failure = errors.New("another failure")
		i.refuse("a", firstPage)
	})
}

// TestAgeAfterError holds how old a page may be that answers if Texter fails.
func TestAgeAfterError(t *testing.T) {
	bubble(t, "not longer than StaleIfError, although StaleWhileRevalidate keeps the page", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.StaleIfError, o.StaleWhileRevalidate = time.Minute, time.Hour })
		i.page("a", firstPage)
		i.answer(http.StatusBadGateway)
		advance(70*time.Second - time.Nanosecond)
		i.expect("a", texter.SearchOptions{Fresh: true}, cache.Stale)
		advance(time.Nanosecond)
		i.refuse("a", texter.SearchOptions{Fresh: true})
	})
}

// TestErrors holds that an error is not kept: the next search asks Texter again.
func TestErrors(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 429, 500, 503} {
		bubble(t, fmt.Sprint("status ", status), func(t *testing.T) {
			i := newInstance(t)
			i.answer(status)
			i.refuse("a", firstPage)
			i.refuse("a", firstPage)
			i.expectRequests(2)
			i.upstream.Intercept(nil)
			i.expect("a", firstPage, cache.Miss)
			i.expect("a", firstPage, cache.Hit)
		})
	}
}

// TestOutcomeNames holds the names that logs and metrics have for outcomes.
func TestOutcomeNames(t *testing.T) {
	for outcome, want := range map[cache.Outcome]string{
		cache.Miss: "miss", cache.Shared: "shared", cache.Hit: "hit", cache.Stale: "stale", cache.Redis: "redis", 0: "unknown",
	} {
		t.Run(want, func(t *testing.T) {
			if got := outcome.String(); got != want {
				t.Errorf("got %s", got)
			}
		})
	}
}
