package cache_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// service is the whole path, with HTTP at both ends: graph → cache → texter →
// sandbox. Callers bring their own tokens.
type service struct {
	url      string
	cache    *cache.Cache
	upstream *sandbox.Server
	outcomes *tally
}

// newService starts a service whose upstream knows the tokens "a" and "b".
func newService(t testing.TB, change ...func(*cache.Options)) *service {
	t.Helper()
	s := &service{
		upstream: sandbox.New(sandbox.Options{Chats: 300, Tokens: map[string]sandbox.Access{
			"a": sandbox.ListAllChats, "b": sandbox.ListAllChats, "unscoped": sandbox.NoScope,
		}}),
		outcomes: &tally{byOutcome: map[cache.Outcome]int{}},
	}
	upstream := httptest.NewServer(s.upstream)
	t.Cleanup(upstream.Close)
	client, err := texter.NewClient(texter.Options{BaseURL: upstream.URL + sandbox.BasePath, Token: auth.Token, Reuse: true})
	if err != nil {
		t.Fatal(err)
	}
	o := cache.Options{Searcher: client, BaseURL: upstream.URL, Credential: auth.Token, Observe: s.outcomes.add}
	for _, f := range change {
		f(&o)
	}
	s.cache = newCache(t, o)
	server := httptest.NewServer(graph.NewHandler(graph.Options{
		Searcher: s.cache, Authenticate: auth.Bearer, Logger: slog.New(slog.DiscardHandler),
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// answer is what a caller gets.
type answer struct {
	Data struct {
		SearchChats *struct{ TotalCount int }
	}
	Errors []struct{ Extensions struct{ Code string } }
}

// code is the error's code, or "" for none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

// ask sends one query by HTTP.
func (s *service) ask(t *testing.T, token string) (a answer) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url,
		bytes.NewReader([]byte(`{"query":"{ searchChats { totalCount nodes { id } } }"}`)))
	if err != nil {
		t.Error(err)
		return a
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return a
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		t.Error(err)
	}
	return a
}

// hold keeps requests waiting upstream until release is called, or they are
// canceled. The channel gets each request that arrives.
func (s *service) hold(t *testing.T) (arrived chan *http.Request, release func()) {
	t.Helper()
	arrived = make(chan *http.Request, 100)
	free := make(chan struct{})
	s.upstream.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			arrived <- r
			select {
			case <-free:
				next.ServeHTTP(w, r)
			case <-r.Context().Done():
			}
		})
	})
	release = sync.OnceFunc(func() { close(free) })
	t.Cleanup(release)
	return arrived, release
}

// untilWaiting returns when n callers wait.
func (s *service) untilWaiting(t *testing.T, n int) {
	t.Helper()
	for s.cache.Waiting() != n {
		select {
		case <-t.Context().Done():
			t.Fatalf("%d callers wait, want %d", s.cache.Waiting(), n)
		case <-time.After(time.Millisecond):
		}
	}
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

// of is how many searches had an outcome.
func (t *tally) of(o cache.Outcome) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byOutcome[o]
}

// as is a context of a caller with a token.
func as(t testing.TB, token string) context.Context {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	ctx, err := auth.Bearer(r)
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

func newCache(t testing.TB, o cache.Options) *cache.Cache {
	t.Helper()
	c, err := cache.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
