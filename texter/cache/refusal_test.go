package cache_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// TestRefusal holds that no page is left of a credential that Texter refused, and
// that other credentials lose nothing.
func TestRefusal(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		bubble(t, fmt.Sprintf("status %d drops all pages of the credential, and no others", status), func(t *testing.T) {
			i := newInstance(t, func(o *cache.Options) { o.StaleIfError = time.Hour })
			i.page("b", firstPage)
			kept := i.Bytes()
			i.page("a", firstPage)
			i.page("a", texter.SearchOptions{Skip: 5})
			i.answer(status)
			i.refuse("a", shortPage)
			if i.Bytes() != kept {
				t.Errorf("%d bytes are kept, %d of them for the other credential", i.Bytes(), kept)
			}
			i.expect("b", firstPage, cache.Hit)
			i.answer(http.StatusInternalServerError)
			i.refuse("a", firstPage)
		})
	}
}

// TestRefusalOfSearchInFlight holds that a search from before a refusal gives
// nothing to those after it.
func TestRefusalOfSearchInFlight(t *testing.T) {
	bubble(t, "a search that was in flight at the refusal is not kept", func(t *testing.T) {
		i := newInstance(t)
		release := i.hold()
		slow, others := i.start(as(t, "a"), firstPage), i.start(as(t, "b"), firstPage)
		synctest.Wait()
		i.answer(http.StatusUnauthorized)
		i.refuse("a", shortPage)
		release()
		if got := <-slow; got.err != nil {
			t.Fatal(got.err)
		}
		if got := <-others; got.err != nil {
			t.Fatal(got.err)
		}
		i.upstream.Intercept(nil)
		i.expect("a", firstPage, cache.Miss)
		i.expect("b", firstPage, cache.Hit)
	})
	bubble(t, "a search after the refusal does not join one from before it", func(t *testing.T) {
		i := newInstance(t)
		release := i.hold()
		slow := i.start(as(t, "a"), firstPage)
		synctest.Wait()
		i.answer(http.StatusUnauthorized)
		i.refuse("a", shortPage)
		i.upstream.Intercept(nil)
		i.expect("a", firstPage, cache.Miss)
		release()
		if got := <-slow; got.err != nil {
			t.Fatal(got.err)
		}
		i.expect("a", firstPage, cache.Hit)
	})
}

// TestRefusalOfLeftSearch holds the same of a search that has no callers.
func TestRefusalOfLeftSearch(t *testing.T) {
	bubble(t, "a search that all callers left before the refusal is not kept, although it finds a page", func(t *testing.T) {
		release := make(chan struct{})
		i := newInstance(t, searches(func(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
			if o.Limit == shortPage.Limit {
				return nil, &texter.Error{Cause: texter.CauseUnauthenticated}
			}
			<-release // its answer is on the way when it is canceled
			return &texter.SearchPage{}, nil
		}))
		ctx, leave := context.WithCancel(as(t, "a"))
		left := i.start(ctx, firstPage)
		synctest.Wait()
		leave()
		synctest.Wait()
		i.refuse("a", shortPage)
		close(release)
		expectCanceled(t, left)
		if i.Bytes() != 0 {
			t.Errorf("%d bytes are kept", i.Bytes())
		}
	})
}

// TestOtherCallers holds that nobody gets the page of another credential.
func TestOtherCallers(t *testing.T) {
	i := newInstance(t)
	i.upstream.Intercept(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"data":[{"_id":"of ` + r.Header.Get("Authorization") + `"}],"total":1}`))
		})
	})
	for range 3 {
		for _, token := range []string{"a", "b", "ab", "A"} {
			if page := i.page(token, firstPage); page.Chats()[0].ID != "of Bearer "+token {
				t.Fatalf("%s got the page %s", token, page.Chats()[0].ID)
			}
		}
	}
	i.expectRequests(4)
}
