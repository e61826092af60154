package graph_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
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

// desk is the whole path without sockets, over a cache that keeps pages for
// 10 s. Its upstream says in each chat who asked for what, and how often it
// was asked.
type desk struct {
	handler  http.Handler
	cache    *cache.Cache
	status   atomic.Int64 // of the upstream's answers
	asked    atomic.Int64
	recalled atomic.Int64 // answers that were sent without executing
	mu       sync.Mutex
	told     []graph.Outcome
	outcomes []cache.Outcome
}

// countingAnswers counts the answers that are recalled.
type countingAnswers struct {
	texter.Answers
	recalled *atomic.Int64
}

func (c countingAnswers) Recall(ctx context.Context, request ...string) any {
	found := c.Answers.Recall(ctx, request...)
	if found != nil {
		c.recalled.Add(1)
	}
	return found
}

func newDesk(t testing.TB, change ...func(*cache.Options)) *desk {
	t.Helper()
	d := &desk{}
	d.status.Store(http.StatusOK)
	client, err := texter.NewClient(texter.Options{BaseURL: "https://texter.example", Token: auth.Token, Transport: d})
	if err != nil {
		t.Fatal(err)
	}
	o := cache.Options{
		Searcher: client, Credential: auth.Token, TTL: 10 * time.Second, MaxBytes: 64 << 20,
		Observe: func(_ context.Context, o cache.Outcome) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.outcomes = append(d.outcomes, o)
		},
	}
	for _, f := range change {
		f(&o)
	}
	if d.cache, err = cache.New(o); err != nil {
		t.Fatal(err)
	}
	d.handler = graph.NewHandler(graph.Options{
		Searcher: scope.Searcher{Next: d.cache}, Answers: countingAnswers{scope.Answers{Next: d.cache}, &d.recalled},
		Logger: slog.New(slog.DiscardHandler), Authenticate: authenticateScoped,
		Observe: func(_ context.Context, o graph.Outcome) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.told = append(d.told, o)
		},
	})
	return d
}

// authenticateScoped takes the caller's own token, and the scope from a header
// of this test's own.
func authenticateScoped(r *http.Request) (context.Context, error) {
	ctx, err := auth.Bearer(r)
	if err != nil {
		return nil, err
	}
	s, err := scope.Parse([]byte(r.Header.Get("Scope")))
	return scope.NewContext(ctx, s), err
}

// RoundTrip answers as the upstream.
func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	n := d.asked.Add(1)
	query := r.URL.Query()
	labels := `["` + strings.Join(query["labels[]"], `","`) + `"]`
	body := fmt.Sprintf(`{"data":[{"_id":"%s %s %d","labels":%s}],"total":1}`, r.Header.Get("Authorization"), url.QueryEscape(r.URL.RawQuery), n, labels)
	return &http.Response{StatusCode: int(d.status.Load()), Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}, nil
}

// inbox is an operation with one search.
const inbox = `{"query":"query Inbox { searchChats { nodes { id } } }"}`

// send sends a request, by POST unless there is no body. Headers replace those
// of a caller with the token "a".
func (d *desk) send(target, body string, headers ...string) *httptest.ResponseRecorder {
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
	d.handler.ServeHTTP(w, r)
	return w
}

// ask sends the inbox and returns the answer.
func (d *desk) ask(headers ...string) string { return d.send("/", inbox, headers...).Body.String() }

// remember sends a request until its answer is recalled, and returns it.
func (d *desk) remember(t testing.TB, target, body string, headers ...string) string {
	t.Helper()
	before := d.recalled.Load()
	for range 3 {
		if w := d.send(target, body, headers...); d.recalled.Load() > before {
			return w.Body.String()
		}
	}
	t.Fatalf("none of three equal answers was recalled: %s %q", body, headers)
	return ""
}

// TestRemembered: an answer that is recalled is the one that would be made, and
// what is told of it is too; but for the id of the request.
func TestRemembered(t *testing.T) {
	for name, request := range map[string][]string{
		"POST":        {"/", inbox},
		"GET":         {"/?query=" + url.QueryEscape("query Inbox { searchChats { nodes { id } } }"), ""},
		"two aliases": {"/", `{"query":"query Inbox { a: searchChats { totalCount nodes { id } } b: searchChats { nodes { id } } }"}`},
		"variables":   {"/", `{"query":"query Inbox($n: Int) { searchChats(first: $n) { nodes { id } } }","variables":{"n":3},"extensions":{"x":1}}`},
		"no page":     {"/", `{"query":"query Inbox { searchChats(first: 0) { totalCount } }"}`},
	} {
		d := newDesk(t)
		var first *httptest.ResponseRecorder
		for i := range 5 {
			w := d.send(request[0], request[1], fmt.Sprintf("X-Request-Id: r-%d", i))
			if got := w.Header().Get("X-Request-Id"); w.Code != http.StatusOK || got != fmt.Sprintf("r-%d", i) {
				t.Errorf("%s: status %d for %s", name, w.Code, got)
			}
			w.Header().Del("X-Request-Id")
			if first == nil {
				first = w
			}
			if w.Body.String() != first.Body.String() || !reflect.DeepEqual(w.Header(), first.Header()) {
				t.Errorf("%s: answer %d differs:\n%v\n%v", name, i, w, first)
			}
			if !reflect.DeepEqual(d.told[i], d.told[0]) || d.told[i].Operation != "Inbox" || d.told[i].Cost == 0 {
				t.Errorf("%s: told %+v, then %+v", name, d.told[0], d.told[i])
			}
		}
		want := []cache.Outcome{cache.Miss, cache.Hit, cache.Hit, cache.Hit, cache.Hit}
		if d.recalled.Load() != 3 || len(d.told) != 5 || !reflect.DeepEqual(d.outcomes, want) {
			t.Errorf("%s: %d recalled, %d told, %v", name, d.recalled.Load(), len(d.told), d.outcomes)
		}
	}
}

// TestNotRemembered are requests that are executed each time.
func TestNotRemembered(t *testing.T) {
	for name, body := range map[string]string{
		"two searches": `{"query":"{ a: searchChats { totalCount } b: searchChats(first: 2) { nodes { id } } }"}`,
		"no search":    `{"query":"{ __typename }"}`,
		"skipped":      `{"query":"{ searchChats @skip(if: true) { totalCount } }"}`,
		"an error":     `{"query":"{ a: searchChats(first: -1) { totalCount } b: searchChats { totalCount } }"}`,
		"all wrong":    `{"query":"{ canary }"}`,
		"registration": `{"query":"{ __typename searchChats { totalCount } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + fmt.Sprintf("%x", sha256.Sum256([]byte("{ __typename searchChats { totalCount } }"))) + `"}}}`,
	} {
		d := newDesk(t)
		for range 5 {
			d.send("/", body)
		}
		if n := d.recalled.Load(); n > 0 {
			t.Errorf("%s: %d answers were recalled", name, n)
		}
	}
	d := newDesk(t, func(o *cache.Options) { o.TTL = 0 })
	for range 5 {
		d.ask()
	}
	if d.recalled.Load() > 0 || d.asked.Load() != 5 {
		t.Errorf("no TTL: %d answers were recalled", d.recalled.Load())
	}
}

// TestRequestsDiffer by a single thing each, and none gets another's answer.
func TestRequestsDiffer(t *testing.T) {
	d := newDesk(t)
	requests := map[string][]string{
		"plain":              {"/", inbox},
		"by a space":         {"/", inbox + " "},
		"by an operation":    {"/", strings.Replace(inbox, "Inbox", "Other", 1)},
		"GET":                {"/?query=" + url.QueryEscape("{ searchChats { nodes { id } } }"), ""},
		"GET of a body":      {"/?query=" + url.QueryEscape("{ searchChats { nodes { id } } }") + "&x=" + url.QueryEscape(inbox), ""},
		"by another token":   {"/", inbox, "Authorization: Bearer b"},
		"by a longer token":  {"/", inbox, "Authorization: Bearer ab"},
		"by a token's case":  {"/", inbox, "Authorization: Bearer A"},
		"by the media type":  {"/", inbox, "Accept: application/graphql-response+json"},
		"by a scope":         {"/", inbox, `Scope: {"labels":["a"]}`},
		"by another scope":   {"/", inbox, `Scope: {"labels":["a","b"]}`},
		"by a scope's text":  {"/", inbox, `Scope: {"labels":["a&labels[]=b"]}`},
		"by all of them":     {"/", inbox, `Scope: {"labels":["a"]}`, "Authorization: Bearer b", "Accept: application/graphql-response+json"},
		"by token and scope": {"/", inbox, `Scope: {"labels":["a"]}`, "Authorization: Bearer b"},
	}
	made := map[string]*httptest.ResponseRecorder{}
	for name, r := range requests {
		made[name] = d.send(r[0], r[1], r[2:]...)
	}
	for range 4 {
		for name, r := range requests {
			w := d.send(r[0], r[1], r[2:]...)
			if w.Body.String() != made[name].Body.String() || w.Header().Get("Content-Type") != made[name].Header().Get("Content-Type") {
				t.Errorf("different %s: got %s, want %s", name, w.Body, made[name].Body)
			}
		}
	}
	if d.recalled.Load() == 0 {
		t.Error("nothing was recalled")
	}
	for name, r := range requests {
		token := "+a+"
		if name == "by another token" || name == "by all of them" || name == "by token and scope" {
			token = "+b+"
		}
		if id := url.QueryEscape(made[name].Body.String()); len(r) == 2 && !strings.Contains(id, token) {
			t.Errorf("different %s: the answer is another's: %s", name, made[name].Body)
		}
	}
}

// TestScopeThatChanges: a key whose scope is replaced gets nothing of before.
func TestScopeThatChanges(t *testing.T) {
	d := newDesk(t)
	whole := d.remember(t, "/", inbox)
	narrow := d.ask(`Scope: {"labels":["a"]}`)
	if narrow == whole || d.asked.Load() != 2 {
		t.Errorf("the narrow scope got %s", narrow)
	}
	if d.remember(t, "/", inbox, `Scope: {"labels":["a"]}`) != narrow || d.ask() != whole {
		t.Error("the scopes' answers got mixed up")
	}
}

// TestRefusedBeforeRecalled: who is not let in gets no answer, remembered or
// not; nor does what may be forged, or is no JSON.
func TestRefusedBeforeRecalled(t *testing.T) {
	d := newDesk(t)
	query := "/?query=" + url.QueryEscape("{ searchChats { nodes { id } } }")
	d.remember(t, "/", inbox)
	d.remember(t, query, "")
	before := d.recalled.Load()
	for status, w := range map[int]*httptest.ResponseRecorder{
		http.StatusUnauthorized:         d.send("/", inbox, "Authorization: Basic a"),
		http.StatusBadRequest:           d.send(query, "", "Authorization: Basic a", "Content-Type: text/plain", "Sec-Fetch-Site: cross-site"),
		http.StatusUnsupportedMediaType: d.send("/", inbox, "Content-Type: text/plain"),
		http.StatusNotAcceptable:        d.send("/", inbox, "Accept: text/html"),
	} {
		if w.Code != status {
			t.Errorf("status %d, want %d", w.Code, status)
		}
	}
	if d.recalled.Load() != before {
		t.Error("an answer was recalled")
	}
}

// bearer is the context of a caller with a token.
func bearer(token string) context.Context {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	ctx, err := auth.Bearer(r)
	if err != nil {
		panic(errors.New("no token"))
	}
	return ctx
}
