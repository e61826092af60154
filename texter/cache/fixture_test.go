package cache_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// instance is a cache in front of a client of a sandbox. It has no sockets, so
// that it runs in the bubbles of testing/synctest.
type instance struct {
	*cache.Cache
	t        testing.TB
	upstream *sandbox.Server
	outcomes *tally
}

// newInstance makes a cache that keeps pages for 10 seconds.
func newInstance(t testing.TB, change ...func(*cache.Options)) *instance {
	t.Helper()
	return newInstanceOf(t, sandbox.New(sandbox.Options{Chats: 40}), change...)
}

// newInstanceOf makes a cache in front of a sandbox that others may use too.
func newInstanceOf(t testing.TB, upstream *sandbox.Server, change ...func(*cache.Options)) *instance {
	t.Helper()
	i := &instance{t: t, upstream: upstream, outcomes: &tally{byOutcome: map[cache.Outcome]int{}}}
	o := cache.Options{
		Searcher: newClient(t, upstream, false), Credential: token, Observe: i.outcomes.add, TTL: 10 * time.Second, MaxBytes: 64 << 20,
	}
	for _, f := range change {
		f(&o)
	}
	i.Cache = newCache(t, o)
	return i
}

// newCache makes a cache that is closed when the test ends.
func newCache(t testing.TB, o cache.Options) *cache.Cache {
	t.Helper()
	c, err := cache.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// newClient makes a client of a sandbox without a socket between them.
func newClient(t testing.TB, upstream *sandbox.Server, reuse bool) *texter.Client {
	t.Helper()
	client, err := texter.NewClient(texter.Options{
		BaseURL: "https://sandbox.example" + sandbox.BasePath, Token: token, Transport: roundTripper{upstream}, Reuse: reuse,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// roundTripper calls a handler in place of a network.
type roundTripper struct{ http.Handler }

func (h roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// searcherFunc is a Searcher.
type searcherFunc func(context.Context, texter.SearchOptions) (*texter.SearchPage, error)

func (f searcherFunc) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	return f(ctx, o)
}

// searches makes a cache ask a function in place of Texter.
func searches(f searcherFunc) func(*cache.Options) {
	return func(o *cache.Options) { o.Searcher = f }
}

type tokenKey struct{}

// as returns the context of a caller with a token.
func as(t testing.TB, token string) context.Context {
	return context.WithValue(t.Context(), tokenKey{}, token)
}

// token returns the token of a caller, or "".
func token(ctx context.Context) (string, error) {
	token, _ := ctx.Value(tokenKey{}).(string)
	return token, nil
}

// tally counts outcomes.
type tally struct {
	mu        sync.Mutex
	byOutcome map[cache.Outcome]int
}

func (t *tally) add(_ context.Context, o cache.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byOutcome[o]++
}

// count returns how many searches had an outcome.
func (t *tally) count(o cache.Outcome) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byOutcome[o]
}

// page searches, and fails the test unless it gets a page.
func (i *instance) page(token string, o texter.SearchOptions) *texter.SearchPage {
	i.t.Helper()
	page, err := i.SearchChats(as(i.t, token), o)
	if err != nil {
		i.t.Fatal(err)
	}
	return page
}

// refuse searches, and fails the test unless it gets an error.
func (i *instance) refuse(token string, o texter.SearchOptions) {
	i.t.Helper()
	if _, err := i.SearchChats(as(i.t, token), o); err == nil {
		i.t.Fatal("the search did not fail")
	}
}

// expect searches, and fails the test if it gets an error or another outcome. It
// returns the page.
func (i *instance) expect(token string, o texter.SearchOptions, want cache.Outcome) *texter.SearchPage {
	i.t.Helper()
	had := i.outcomes.count(want)
	page := i.page(token, o)
	if i.outcomes.count(want) != had+1 {
		i.t.Fatalf("the search was not a %s", want)
	}
	return page
}

// expectRequests fails the test unless Texter has had n requests.
func (i *instance) expectRequests(n int) {
	i.t.Helper()
	if got := i.upstream.Requests(); got != n {
		i.t.Errorf("Texter had %d requests, want %d", got, n)
	}
}

// result is what a search returned.
type result struct {
	page *texter.SearchPage
	err  error
}

// start searches on another goroutine.
func (i *instance) start(ctx context.Context, o texter.SearchOptions) <-chan result {
	results := make(chan result, 1)
	go func() {
		page, err := i.SearchChats(ctx, o)
		results <- result{page, err}
	}()
	return results
}

// hold makes requests wait at Texter until release is called, or until they are
// canceled.
func (i *instance) hold() (release func()) {
	free := make(chan struct{})
	i.upstream.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-free:
				next.ServeHTTP(w, r)
			case <-r.Context().Done():
			}
		})
	})
	release = sync.OnceFunc(func() { close(free) })
	i.t.Cleanup(release)
	return release
}

// delay makes Texter wait before it answers a request.
func (i *instance) delay(d time.Duration) {
	i.upstream.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			<-time.After(d)
		})
	})
}

// answer makes Texter answer all requests with a status.
func (i *instance) answer(status int) {
	i.upstream.Intercept(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	})
}

// addChat adds a chat at Texter.
func (i *instance) addChat() {
	now := time.Now().UnixMilli()
	i.upstream.Add(sandbox.Chat{ID: rand.Text(), LastMessageTimestamp: &now})
}

// bubble runs a test with a clock of its own, which moves when all goroutines
// wait for it.
func bubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// advance moves the clock of a bubble forward, and lets what is due run.
func advance(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
