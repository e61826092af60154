package cache_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// save searches, and waits until the page is in Redis.
func (i *instance) save(token string, o texter.SearchOptions) *texter.SearchPage {
	i.t.Helper()
	page := i.expect(token, o, cache.Miss)
	i.WaitForSaves()
	return page
}

// TestInstances holds which pages instances share.
func TestInstances(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
	saved := texter.SearchOptions{Skip: 7}
	want := newInstanceOf(t, upstream, r.share).save("a", saved)
	t.Run("the page of an equal search of the same credential", func(t *testing.T) {
		i := newInstanceOf(t, upstream, r.share)
		got := i.expect("a", saved, cache.Redis)
		if got.Total != want.Total || string(got.Body()) != string(want.Body()) || len(got.Chats()) != len(want.Chats()) || got.Chats()[3].ID != want.Chats()[3].ID {
			t.Error("the page differs")
		}
		i.expect("a", saved, cache.Hit)
		i.expectRequests(1)
	})
	t.Run("a page that came from Redis is not saved there again", func(t *testing.T) {
		before := r.pages()
		i := newInstanceOf(t, upstream, r.share)
		i.expect("a", saved, cache.Redis)
		i.WaitForSaves()
		if !maps.Equal(r.pages(), before) {
			t.Error("it was saved again")
		}
	})
	for name, test := range map[string]struct {
		token  string
		search texter.SearchOptions
		change func(*cache.Options)
	}{
		"not that of another credential":         {"b", saved, r.share},
		"not that of another search":             {"a", texter.SearchOptions{Skip: 8}, r.share},
		"not where a fresh page is asked for":    {"a", texter.SearchOptions{Skip: 7, Fresh: true}, r.share},
		"not that of another base URL":           {"a", saved, func(o *cache.Options) { r.share(o); o.BaseURL = "another" }},
		"not those of instances with other keys": {"a", saved, func(o *cache.Options) { r.share(o); o.Redis.Key = keyed(redisKey + "another") }},
	} {
		t.Run(name, func(t *testing.T) {
			newInstanceOf(t, upstream, test.change).expect(test.token, test.search, cache.Miss)
		})
	}
	t.Run("no answers, but each can make its own from a shared page", func(t *testing.T) {
		one := newInstanceOf(t, upstream, r.share)
		one.remember("a", one.expect("a", saved, cache.Redis), "answer", "x")
		one.expectAnswer("answer", "a", "x")
		one.expectAnswer(nil, "b", "x")
		newInstanceOf(t, upstream, r.share).expectAnswer(nil, "a", "x")
	})
}

// TestEncryption holds that Redis shows nothing to those who have no key.
func TestEncryption(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
	text := "an"
	filtered := texter.SearchOptions{ChatFilter: texter.ChatFilter{Search: &text, Labels: []string{"canary-label"}}}
	page := newInstanceOf(t, upstream, r.share).save("canary-token", firstPage)
	for name := range r.values() {
		if strings.Contains(name, ":generation:") {
			r.client.Expire(t.Context(), name, time.Minute) // as if it were old when it is used again
		}
	}
	newInstanceOf(t, upstream, r.share).save("canary-token", filtered)
	values := r.values()
	if len(values) != 3 {
		t.Fatalf("there are %d values, want two pages and a generation", len(values))
	}
	t.Run("no name or value has a secret", func(t *testing.T) {
		for name, value := range values {
			for _, secret := range []string{"canary", "search=", redisKey, `"_id":`, `"data":`, page.Chats()[0].ID} {
				if strings.Contains(name+value, secret) {
					t.Errorf("%s has %q", name, secret)
				}
			}
		}
	})
	t.Run("every value expires, a generation after its pages", func(t *testing.T) {
		for name := range values {
			least, most := 59*time.Minute, time.Hour
			if !strings.Contains(name, ":page:") {
				least, most = time.Hour+time.Second, time.Hour+time.Minute
			}
			if left := r.client.TTL(t.Context(), name).Val(); left < least || left > most {
				t.Errorf("%s has %v to live", name, left)
			}
		}
	})
}

// TestTampering holds that bytes in Redis answer a search only if they are the
// page of this search and credential, unchanged.
func TestTampering(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
	first := newInstanceOf(t, upstream, r.share)
	first.save("a", texter.SearchOptions{Limit: 1})
	var name, value string
	for name, value = range r.pages() {
	}
	first.save("a", texter.SearchOptions{Limit: 2})
	first.save("b", texter.SearchOptions{Limit: 1})
	tampered := map[string]string{
		"empty": "", "short": value[:20], "cut": value[:len(value)-1], "longer": value + "x", "text": `{"data":[],"total":0}`,
	}
	for n := 0; n < len(value); n += 1 + len(value)/40 {
		tampered[fmt.Sprint("with another byte ", n)] = value[:n] + string(value[n]^1) + value[n+1:]
	}
	for other, v := range r.pages() {
		if other != name {
			tampered["the page "+other[len(other)-4:]] = v
		}
	}
	for what, v := range tampered {
		t.Run(what+" it does not answer", func(t *testing.T) {
			r.client.Set(t.Context(), name, v, time.Hour)
			page := newInstanceOf(t, upstream, r.share).save("a", texter.SearchOptions{Limit: 1})
			if len(page.Chats()) != 1 {
				t.Errorf("got %d chats", len(page.Chats()))
			}
		})
	}
	t.Run("unchanged it answers", func(t *testing.T) {
		r.client.Set(t.Context(), name, value, time.Hour)
		newInstanceOf(t, upstream, r.share).expect("a", texter.SearchOptions{Limit: 1}, cache.Redis)
	})
}

// TestRefusalReachesRedis holds that the pages of a refused credential answer no
// instance any more.
func TestRefusalReachesRedis(t *testing.T) {
	t.Run("neither those from before, nor those that were in flight", func(t *testing.T) {
		r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
		one := newInstanceOf(t, upstream, r.share)
		one.save("a", firstPage)
		one.save("b", firstPage)
		arrived, release := make(chan struct{}), make(chan struct{})
		one.upstream.Intercept(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(arrived)
				<-release
				next.ServeHTTP(w, r)
			})
		})
		slow := one.start(as(t, "a"), shortPage)
		<-arrived // it has read the generation
		two := newInstanceOf(t, upstream, r.share)
		two.answer(http.StatusUnauthorized)
		two.refuse("a", texter.SearchOptions{Limit: 6})
		close(release)
		if got := <-slow; got.err != nil {
			t.Fatal(got.err)
		}
		one.WaitForSaves()
		if n := len(r.pages()); n != 3 {
			t.Fatalf("%d pages are saved", n)
		}
		upstream.Intercept(nil)
		three := newInstanceOf(t, upstream, r.share)
		three.expect("a", firstPage, cache.Miss)
		three.expect("a", shortPage, cache.Miss)
		three.expect("b", firstPage, cache.Redis)
	})
}

// TestRefusalWithoutRedis holds that they do not answer this instance any more,
// although Redis still has them.
func TestRefusalWithoutRedis(t *testing.T) {
	t.Run("pages that Redis does not give up do not answer", func(t *testing.T) {
		r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
		newInstanceOf(t, upstream, r.share).save("a", firstPage)
		if err := r.client.Do(t.Context(), "ACL", "SETUSER", "default", "-del").Err(); err != nil {
			t.Fatal(err)
		}
		var errs <-chan error
		i := newInstanceOf(t, upstream, r.share, func(o *cache.Options) { errs = reports(o) })
		i.answer(http.StatusForbidden)
		i.refuse("a", shortPage)
		if err := <-errs; err.Error() != "refused: NOPERM" {
			t.Errorf("the report is %v", err)
		}
		upstream.Intercept(nil)
		i.RetryRedis()
		i.save("a", firstPage)
		if len(errs) != 0 {
			t.Errorf("Redis failed again: %v", <-errs)
		}
		newInstanceOf(t, upstream, r.share).expect("a", firstPage, cache.Redis)
	})
}

// TestOldPagesInRedis holds that the age of a page counts from when Texter was
// asked, whichever instance asked.
func TestOldPagesInRedis(t *testing.T) {
	impatient := func(o *cache.Options) { o.TTL, o.StaleIfError = 1, time.Hour }
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
	newInstanceOf(t, upstream, r.share).save("a", firstPage)
	for name, test := range map[string]struct {
		search texter.SearchOptions
		change func(*cache.Options)
	}{
		"an old page answers if Texter fails":                      {firstPage, impatient},
		"a page answers a search for a fresh page if Texter fails": {texter.SearchOptions{Fresh: true}, func(*cache.Options) {}},
	} {
		t.Run(name, func(t *testing.T) {
			i := newInstanceOf(t, upstream, r.share, test.change)
			i.answer(http.StatusBadGateway)
			defer upstream.Intercept(nil)
			i.expect("a", test.search, cache.Stale)
		})
	}
	t.Run("a page of an instance whose clock is ahead is no younger than one of now", func(t *testing.T) {
		one := newInstanceOf(t, upstream, r.share)
		one.SaveBody(t.Context(), "b", shortPage.Query(), one.save("b", shortPage).Body(), -time.Hour)
		newInstanceOf(t, upstream, r.share, impatient).expect("b", shortPage, cache.Miss)
	})
	t.Run("an old page does not answer if Texter works", func(t *testing.T) {
		newInstanceOf(t, upstream, r.share, impatient).expect("a", firstPage, cache.Miss)
	})
}

// TestSavedBodies holds which bodies are saved in Redis, and what becomes of those
// that can't be decoded.
func TestSavedBodies(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
	for name, test := range map[string]struct{ size, pages int }{
		"a body of 1 MiB is":               {1 << 20, 1},
		"a body of more than 1 MiB is not": {1<<20 + 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r.client.FlushAll(t.Context())
			newInstanceOf(t, upstream, r.share).SaveBody(t.Context(), "a", firstPage.Query(), make([]byte, test.size), 0)
			if n := len(r.pages()); n != test.pages {
				t.Errorf("there are %d pages", n)
			}
		})
	}
	t.Run("a page that is too old when it comes is not saved", func(t *testing.T) {
		r.client.FlushAll(t.Context())
		newInstanceOf(t, upstream, r.share, func(o *cache.Options) { o.TTL = 1 }).save("a", firstPage)
		if n := len(r.pages()); n != 0 {
			t.Errorf("there are %d pages", n)
		}
	})
	t.Run("a body that can't be decoded does not answer, and is replaced", func(t *testing.T) {
		i := newInstanceOf(t, upstream, r.share)
		i.SaveBody(t.Context(), "a", firstPage.Query(), []byte("not JSON"), 0)
		i.save("a", firstPage)
		newInstanceOf(t, upstream, r.share).expect("a", firstPage, cache.Redis)
	})
}

// TestSaveAfterFailure holds that nothing is saved that nobody can read.
func TestSaveAfterFailure(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
	t.Run("a page is not, if Redis failed before Texter was asked", func(t *testing.T) {
		allow := func(command string) {
			if err := r.client.Do(t.Context(), "ACL", "SETUSER", "default", command).Err(); err != nil {
				t.Error(err)
			}
		}
		allow("-get")
		i := newInstanceOf(t, upstream, r.share)
		i.upstream.Intercept(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				allow("+get")
				i.RetryRedis()
				next.ServeHTTP(w, req)
			})
		})
		defer upstream.Intercept(nil)
		i.save("a", firstPage)
		if n := len(r.pages()); n != 0 {
			t.Errorf("%d pages are saved that nobody can read", n)
		}
	})
}
