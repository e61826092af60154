package graph_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/scope"
)

// keepingService is a handler over a cache that keeps pages for 10 s, without a
// network. It is its own upstream. The id of each chat has the token, the query and
// the number of the request to the upstream.
type keepingService struct {
	handler  http.Handler
	cache    *cache.Cache
	status   atomic.Int64 // of the upstream's responses
	requests atomic.Int64 // to the upstream
	recalled atomic.Int64 // responses that were kept answers

	mu            sync.Mutex
	outcomes      []graph.Outcome
	cacheOutcomes []cache.Outcome
}

// countingAnswers counts the answers that are recalled.
type countingAnswers struct {
	texter.Answers
	recalled *atomic.Int64
}

func (c countingAnswers) Recall(ctx context.Context, request ...string) any {
	answer := c.Answers.Recall(ctx, request...)
	if answer != nil {
		c.recalled.Add(1)
	}
	return answer
}

func newKeepingService(t testing.TB, change ...func(*cache.Options)) *keepingService {
	t.Helper()
	s := &keepingService{}
	s.status.Store(http.StatusOK)
	client, err := texter.NewClient(texter.Options{BaseURL: "https://texter.example", Token: auth.Token, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	o := cache.Options{
		Searcher: client, Credential: auth.Token, TTL: 10 * time.Second, MaxBytes: 64 << 20,
		Observe: func(_ context.Context, o cache.Outcome) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.cacheOutcomes = append(s.cacheOutcomes, o)
		},
	}
	for _, f := range change {
		f(&o)
	}
	if s.cache, err = cache.New(o); err != nil {
		t.Fatal(err)
	}
	s.handler = graph.NewHandler(graph.Options{
		Searcher: scope.Searcher{Next: s.cache}, Answers: countingAnswers{scope.Answers{Next: s.cache}, &s.recalled},
		Logger: slog.New(slog.DiscardHandler), Authenticate: authenticateWithScope,
		Observe: func(_ context.Context, o graph.Outcome) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.outcomes = append(s.outcomes, o)
		},
	})
	return s
}

// authenticateWithScope takes the bearer token of a request, and the scope in its
// header Scope.
func authenticateWithScope(r *http.Request) (context.Context, error) {
	ctx, err := auth.Bearer(r)
	if err != nil {
		return nil, err
	}
	s, err := scope.Parse([]byte(r.Header.Get("Scope")))
	return scope.NewContext(ctx, s), err
}

// RoundTrip is the upstream.
func (s *keepingService) RoundTrip(r *http.Request) (*http.Response, error) {
	n := s.requests.Add(1)
	query := r.URL.Query()
	labels := `["` + strings.Join(query["labels[]"], `","`) + `"]`
	skip, _ := strconv.Atoi(query.Get("skip"))
	body := fmt.Sprintf(`{"data":[{"_id":"%s %s %d","labels":%s}],"total":%d}`, r.Header.Get("Authorization"), url.QueryEscape(r.URL.RawQuery), n, labels, skip+1)
	return &http.Response{StatusCode: int(s.status.Load()), Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}, nil
}

// inbox is the body of a POST with one search, and inboxQuery the query of a GET with
// the same operation.
const (
	inbox      = `{"query":"query Inbox { searchChats { nodes { id } } }"}`
	inboxQuery = "query+Inbox+%7BsearchChats%7Bnodes%7Bid%7D%7D%7D"
)

// send sends a request: a POST, or a GET if there is no body. Without other headers
// it is a request with the token "a".
func (s *keepingService) send(target, body string, headers ...string) *httptest.ResponseRecorder {
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, header := range append([]string{"Authorization: Bearer a", "Scope: {}", "Content-Type: application/json"}, headers...) {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// sendInbox sends the inbox and returns the body of the response.
func (s *keepingService) sendInbox(headers ...string) string {
	return s.send("/", inbox, headers...).Body.String()
}

// keep sends a request until its answer is recalled, and returns the body.
func (s *keepingService) keep(t testing.TB, target, body string, headers ...string) string {
	t.Helper()
	before := s.recalled.Load()
	for range 3 {
		if w := s.send(target, body, headers...); s.recalled.Load() > before {
			return w.Body.String()
		}
	}
	t.Fatalf("none of three equal responses is a kept answer: %s %q", body, headers)
	return ""
}

// contextWithToken returns the context of a caller with a bearer token.
func contextWithToken(t *testing.T, token string) context.Context {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	ctx, err := auth.Bearer(r)
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}
