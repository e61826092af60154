package cache_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// local is a service without sockets, so that it can run on a clock of its
// own: see testing/synctest.
type local struct {
	*service
	t testing.TB
}

// newLocal starts one that keeps pages for 10 s.
func newLocal(t testing.TB, change ...func(*cache.Options)) local {
	t.Helper()
	return newInstance(t, sandbox.New(sandbox.Options{Chats: 300}), change...)
}

// newInstance starts one on an upstream that others may have, too.
func newInstance(t testing.TB, upstream *sandbox.Server, change ...func(*cache.Options)) local {
	t.Helper()
	s := &service{upstream: upstream, outcomes: &tally{byOutcome: map[cache.Outcome]int{}}}
	client, err := texter.NewClient(texter.Options{
		BaseURL: "https://sandbox.example" + sandbox.BasePath, Token: auth.Token, Transport: roundTripper{s.upstream},
	})
	if err != nil {
		t.Fatal(err)
	}
	o := cache.Options{Searcher: client, Credential: auth.Token, TTL: 10 * time.Second, MaxBytes: 64 << 20, Observe: s.outcomes.add}
	for _, f := range change {
		f(&o)
	}
	s.cache = newCache(t, o)
	return local{s, t}
}

// roundTripper serves a client without a socket.
type roundTripper struct{ http.Handler }

func (h roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// total searches and returns the page's total, or -1 for an error.
func (l local) total(token string, o texter.SearchOptions) int {
	l.t.Helper()
	page, err := l.cache.SearchChats(as(l.t, token), o)
	if err != nil {
		return -1
	}
	return page.Total
}

// expect searches, and looks at the outcome and at how many requests that made.
func (l local) expect(token string, outcome cache.Outcome, requests int) int {
	l.t.Helper()
	had, saw := l.outcomes.of(outcome), l.upstream.Requests()
	total := l.total(token, texter.SearchOptions{})
	synctest.Wait()
	if l.outcomes.of(outcome) != had+1 || l.upstream.Requests() != saw+requests {
		l.t.Errorf("not a %s with %d requests, which were %d", outcome, requests, l.upstream.Requests()-saw)
	}
	return total
}

// answer has the upstream answer each request with a status, from now on.
func (l local) answer(status int) {
	l.upstream.Intercept(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	})
}

// addChat adds a chat to the upstream.
func (l local) addChat() {
	now := time.Now().UnixMilli()
	l.upstream.Add(sandbox.Chat{ID: rand.Text(), LastMessageTimestamp: &now})
}

// TestTTL: a page is answered again until it is too old, counted from when it
// was asked for.
func TestTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t)
		l.upstream.Intercept(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r)
				time.Sleep(4 * time.Second) // on the way back
			})
		})
		total := l.expect("a", cache.Miss, 1)
		l.addChat()
		time.Sleep(5 * time.Second)
		if got := l.expect("a", cache.Hit, 0); got != total {
			t.Errorf("a hit of %d chats, want %d", got, total)
		}
		time.Sleep(time.Second) // ten since it was asked for
		if got := l.expect("a", cache.Miss, 1); got != total+1 {
			t.Errorf("after TTL: %d chats, want %d", got, total+1)
		}
	})
}

// TestOff: without a TTL nothing is kept.
func TestOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t, func(o *cache.Options) { o.TTL, o.StaleIfError, o.StaleWhileRevalidate = 0, time.Hour, time.Hour })
		l.expect("a", cache.Miss, 1)
		l.expect("a", cache.Miss, 1)
		if l.cache.Bytes() != 0 {
			t.Errorf("it keeps %d bytes", l.cache.Bytes())
		}
	})
}

// TestFresh: a search for a fresh page gets one, which others then get.
func TestFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t)
		total := l.expect("a", cache.Miss, 1)
		l.addChat()
		if got := l.total("a", texter.SearchOptions{Fresh: true}); got != total+1 {
			t.Errorf("fresh: %d chats, want %d", got, total+1)
		}
		if got := l.expect("a", cache.Hit, 0); got != total+1 {
			t.Errorf("a hit of %d chats, want %d", got, total+1)
		}
	})
}

// TestStaleWhileRevalidate: an old page is answered at once, while a new one
// is asked for, once.
func TestStaleWhileRevalidate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t, func(o *cache.Options) { o.StaleWhileRevalidate = 20 * time.Second })
		total := l.expect("a", cache.Miss, 1)
		l.addChat()
		l.upstream.Intercept(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(time.Second)
				next.ServeHTTP(w, r)
			})
		})
		time.Sleep(15 * time.Second)
		for i, requests := range []int{1, 0, 0} {
			if got := l.expect("a", cache.Stale, requests); got != total {
				t.Errorf("stale answer %d: %d chats, want %d", i, got, total)
			}
		}
		time.Sleep(2 * time.Second)
		if got := l.expect("a", cache.Hit, 0); got != total+1 {
			t.Errorf("revalidated: %d chats, want %d", got, total+1)
		}
		time.Sleep(29 * time.Second)
		l.expect("a", cache.Miss, 1)
	})
}

// TestStaleIfError: an old page is answered where Texter fails, but not where
// it refuses.
func TestStaleIfError(t *testing.T) {
	for status, excused := range map[int]bool{
		500: true, 502: true, 503: true, 504: true, 429: true, 204: true, 400: false, 401: false, 403: false,
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLocal(t, func(o *cache.Options) { o.StaleIfError = time.Minute })
			total := l.expect("a", cache.Miss, 1)
			l.answer(status)
			time.Sleep(69 * time.Second)
			outcome, want := cache.Stale, total
			if !excused {
				outcome, want = cache.Miss, -1
			}
			if got := l.expect("a", outcome, 1); got != want {
				t.Errorf("%d: got %d, want %d", status, got, want)
			}
			time.Sleep(time.Second)
			if got := l.expect("a", cache.Miss, 1); got != -1 {
				t.Errorf("%d: got %d after its time", status, got)
			}
		})
	}
}

// TestErrorsAreNotKept: the next search asks again.
func TestErrorsAreNotKept(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 429, 500, 503} {
		synctest.Test(t, func(t *testing.T) {
			l := newLocal(t)
			l.answer(status)
			for range 2 {
				if l.expect("a", cache.Miss, 1) != -1 {
					t.Errorf("%d: no error", status)
				}
			}
			l.upstream.Intercept(nil)
			if l.expect("a", cache.Miss, 1) == -1 || l.cache.Bytes() == 0 {
				t.Errorf("%d: it is kept", status)
			}
		})
	}
}

// TestPurge: a refused credential's pages go, all and only those.
func TestPurge(t *testing.T) {
	for _, status := range []int{401, 403} {
		synctest.Test(t, func(t *testing.T) {
			l := newLocal(t, func(o *cache.Options) { o.StaleIfError = time.Hour })
			l.expect("b", cache.Miss, 1)
			others := l.cache.Bytes()
			l.expect("a", cache.Miss, 1)
			l.total("a", texter.SearchOptions{Limit: 5})
			l.answer(status)
			l.total("a", texter.SearchOptions{Limit: 6})
			if l.cache.Bytes() != others {
				t.Errorf("%d: %d bytes are kept, %d of them others'", status, l.cache.Bytes(), others)
			}
			l.expect("b", cache.Hit, 0)
			l.answer(500)
			if got := l.expect("a", cache.Miss, 1); got != -1 {
				t.Errorf("%d: a purged page was answered", status)
			}
		})
	}
}

// TestPurgeAmidASearch: what was asked for before a refusal and comes after it
// is not kept.
func TestPurgeAmidASearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t)
		_, release := l.hold(t)
		slow := search(as(t, "a"), l.service)
		other := search(as(t, "b"), l.service)
		synctest.Wait()
		l.answer(401)
		l.total("a", texter.SearchOptions{Limit: 5})
		release()
		if err := <-slow; err != nil {
			t.Fatal(err)
		}
		if err := <-other; err != nil {
			t.Fatal(err)
		}
		l.upstream.Intercept(nil)
		l.expect("a", cache.Miss, 1)
		l.expect("b", cache.Hit, 0)
	})
}

// TestForeignPages: nobody gets another's page, be it kept or on its way.
func TestForeignPages(t *testing.T) {
	l := newLocal(t)
	l.upstream.Intercept(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"data":[{"_id":"of ` + r.Header.Get("Authorization") + `"}],"total":1}`))
		})
	})
	for range 3 {
		for _, token := range []string{"a", "b", "ab", "A"} {
			page, err := l.cache.SearchChats(as(t, token), texter.SearchOptions{})
			if err != nil || page.Chats[0].ID != "of Bearer "+token {
				t.Fatalf("%s gets %v, %v", token, page, err)
			}
		}
	}
	if l.upstream.Requests() != 4 {
		t.Errorf("%d requests", l.upstream.Requests())
	}
}

// TestLife: pages go when their time is over, also if nobody asks.
func TestLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t, func(o *cache.Options) { o.StaleIfError = 5 * time.Second })
		l.total("a", texter.SearchOptions{})
		time.Sleep(15*time.Second - time.Nanosecond)
		if l.cache.Bytes() == 0 {
			t.Error("it went early")
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if l.cache.Bytes() != 0 {
			t.Errorf("%d bytes are kept", l.cache.Bytes())
		}
	})
}

// TestBytes: pages stay within the bound, those that were used last, and the
// bound is one of memory.
func TestBytes(t *testing.T) {
	const bound = 8 << 20
	l := newLocal(t, func(o *cache.Options) { o.MaxBytes, o.TTL = bound, time.Hour })
	before := heap()
	for skip := range 200 {
		l.total("a", texter.SearchOptions{Skip: skip})
		l.total("a", texter.SearchOptions{Skip: skip, Limit: 1})
		if got := l.cache.Bytes(); got > bound {
			t.Fatalf("%d bytes are kept", got)
		}
		l.total("a", texter.SearchOptions{}) // is always one that was used last
	}
	if l.cache.Bytes() < bound*9/10 {
		t.Errorf("only %d bytes are kept", l.cache.Bytes())
	}
	if took := heap() - before; took > bound*6/5 {
		t.Errorf("%d bytes are kept in %d bytes of memory", l.cache.Bytes(), took)
	}
	if misses := l.outcomes.of(cache.Miss); misses != 400 {
		t.Errorf("%d misses", misses)
	}
	runtime.KeepAlive(l)

	small := newLocal(t, func(o *cache.Options) { o.MaxBytes = 10_000 })
	small.total("a", texter.SearchOptions{})
	if small.cache.Bytes() != 0 {
		t.Error("a page larger than the bound is kept")
	}
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools held
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// BenchmarkHit is what a kept page costs, all by this package.
func BenchmarkHit(b *testing.B) {
	text := "dana levi"
	for name, o := range map[string]texter.SearchOptions{
		"plain":  {Limit: 30},
		"filter": {Limit: 30, ChatFilter: texter.ChatFilter{Search: &text, Statuses: []texter.ChatStatus{1, 2}, Labels: []string{"vip", "new"}}},
	} {
		b.Run(name, func(b *testing.B) {
			l := newLocal(b, func(o *cache.Options) { o.TTL, o.Observe = time.Hour, func(context.Context, cache.Outcome) {} })
			ctx := as(b, "67bf11038b24880c67bf11038b24880c67bf11038b24880c")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.cache.SearchChats(ctx, o); err != nil {
					b.Fatal(err)
				}
			}
			if l.upstream.Requests() != 1 {
				b.Errorf("%d requests", l.upstream.Requests())
			}
		})
	}
}
