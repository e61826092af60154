package graph_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/texter/cache"
)

// TestKeptAnswers: a kept answer, and its outcome, are those of the first response.
// Only the id of the request differs.
func TestKeptAnswers(t *testing.T) {
	for name, request := range map[string][2]string{
		"a POST":                          {"/", inbox},
		"a GET":                           {"/?query=" + inboxQuery, ""},
		"two aliases of one search":       {"/", `{"query":"query Inbox { a: searchChats { totalCount nodes { id } } b: searchChats { nodes { id } } }"}`},
		"a request with variables":        {"/", `{"query":"query Inbox($n: Int) { searchChats(first: $n) { nodes { id } } }","variables":{"n":3},"extensions":{"x":1}}`},
		"a search that asks for no chats": {"/", `{"query":"query Inbox { searchChats(first: 0) { totalCount } }"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newKeepingService(t)
			var first *httptest.ResponseRecorder
			for i := range 5 {
				w := s.send(request[0], request[1], fmt.Sprintf("X-Request-Id: r-%d", i))
				if got := w.Header().Get("X-Request-Id"); w.Code != http.StatusOK || got != fmt.Sprintf("r-%d", i) {
					t.Errorf("status %d for %s", w.Code, got)
				}
				w.Header().Del("X-Request-Id")
				if first == nil {
					first = w
				}
				if w.Body.String() != first.Body.String() || !reflect.DeepEqual(w.Header(), first.Header()) {
					t.Errorf("response %d differs:\n%v\n%v", i, w, first)
				}
				if !reflect.DeepEqual(s.outcomes[i], s.outcomes[0]) || s.outcomes[i].Operation != "Inbox" || s.outcomes[i].Cost == 0 {
					t.Errorf("the outcomes are %+v, then %+v", s.outcomes[0], s.outcomes[i])
				}
			}
			want := []cache.Outcome{cache.Miss, cache.Hit, cache.Hit, cache.Hit, cache.Hit}
			if s.recalled.Load() != 3 || len(s.outcomes) != 5 || !reflect.DeepEqual(s.cacheOutcomes, want) {
				t.Errorf("%d kept answers, %d outcomes, cache: %v", s.recalled.Load(), len(s.outcomes), s.cacheOutcomes)
			}
		})
	}
}

// TestNotKept has requests that are executed each time.
func TestNotKept(t *testing.T) {
	for name, body := range map[string]string{
		"two searches":                 `{"query":"{ a: searchChats { totalCount } b: searchChats(first: 2) { nodes { id } } }"}`,
		"no search":                    `{"query":"{ __typename }"}`,
		"a search that @skip removes":  `{"query":"{ searchChats @skip(if: true) { totalCount } }"}`,
		"an error":                     `{"query":"{ a: searchChats(first: -1) { totalCount } b: searchChats { totalCount } }"}`,
		"a document that is not valid": `{"query":"{ canary }"}`,
		"a document with its hash":     `{"query":"{ __typename searchChats { totalCount } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + fmt.Sprintf("%x", sha256.Sum256([]byte("{ __typename searchChats { totalCount } }"))) + `"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newKeepingService(t)
			for range 5 {
				s.send("/", body)
			}
			if n := s.recalled.Load(); n > 0 {
				t.Errorf("%d kept answers", n)
			}
		})
	}
	t.Run("a cache that keeps no pages", func(t *testing.T) {
		s := newKeepingService(t, func(o *cache.Options) { o.TTL = 0 })
		for range 5 {
			s.sendInbox()
		}
		if s.recalled.Load() > 0 || s.requests.Load() != 5 {
			t.Errorf("%d kept answers, %d requests", s.recalled.Load(), s.requests.Load())
		}
	})
}

const scopeA = `Scope: {"labels":["a"]}`

// differentRequests are requests that each differ from others in one thing: their
// targets, bodies and headers, and how the id of the chat in the response begins.
var differentRequests = map[string]struct {
	target, body string
	headers      []string
	want         string
}{
	"no difference":               {"/", inbox, nil, "Bearer a limit"},
	"a space":                     {"/", inbox + " ", nil, "Bearer a limit"},
	"an operation's name":         {"/", strings.Replace(inbox, "Inbox", "Other", 1), nil, "Bearer a limit"},
	"a GET":                       {"/?query=" + inboxQuery, "", nil, "Bearer a limit"},
	"a GET that contains a body":  {"/?query=" + inboxQuery + "&x=" + url.QueryEscape(inbox), "", nil, "Bearer a limit"},
	"another token":               {"/", inbox, []string{"Authorization: Bearer b"}, "Bearer b limit"},
	"a longer token":              {"/", inbox, []string{"Authorization: Bearer ab"}, "Bearer ab limit"},
	"a token in capital letters":  {"/", inbox, []string{"Authorization: Bearer A"}, "Bearer A limit"},
	"the media type":              {"/", inbox, []string{"Accept: application/graphql-response+json"}, "Bearer a limit"},
	"a scope":                     {"/", inbox, []string{scopeA}, "Bearer a labels%5B%5D=a&limit"},
	"a larger scope":              {"/", inbox, []string{`Scope: {"labels":["a","b"]}`}, "Bearer a labels%5B%5D=a&labels%5B%5D=b&limit"},
	"a scope that looks larger":   {"/", inbox, []string{`Scope: {"labels":["a&labels[]=b"]}`}, "Bearer a labels%5B%5D=a%26labels%5B%5D%3Db&limit"},
	"a scope and a token":         {"/", inbox, []string{scopeA, "Authorization: Bearer b"}, "Bearer b labels%5B%5D=a&limit"},
	"a scope, a token and a type": {"/", inbox, []string{scopeA, "Authorization: Bearer b", "Accept: application/graphql-response+json"}, "Bearer b labels%5B%5D=a&limit"},
}

// TestDifferentRequests: no request gets the answer of another one.
func TestDifferentRequests(t *testing.T) {
	s := newKeepingService(t)
	first := map[string]*httptest.ResponseRecorder{}
	for name, r := range differentRequests {
		first[name] = s.send(r.target, r.body, r.headers...)
	}
	for name, r := range differentRequests {
		t.Run(name, func(t *testing.T) {
			want := first[name]
			if id, _ := url.QueryUnescape(want.Body.String()); !strings.Contains(id, `"id":"`+r.want) {
				t.Errorf("got %s, want an id with %s", id, r.want)
			}
			for range 4 {
				w := s.send(r.target, r.body, r.headers...)
				if w.Body.String() != want.Body.String() || w.Header().Get("Content-Type") != want.Header().Get("Content-Type") {
					t.Errorf("got %s, want %s", w.Body, want.Body)
				}
			}
		})
	}
	t.Run("some of the responses are kept answers", func(t *testing.T) {
		if s.keep(t, "/", inbox) != first["no difference"].Body.String() {
			t.Error("the kept answer is another one")
		}
	})
}

// TestChangedScope: a caller whose scope changes gets no answer of the previous one.
func TestChangedScope(t *testing.T) {
	s := newKeepingService(t)
	const narrow = `Scope: {"labels":["a"]}`
	all := s.keep(t, "/", inbox)
	narrowed := s.sendInbox(narrow)
	if narrowed == all || s.requests.Load() != 2 {
		t.Errorf("with the narrow scope: %s", narrowed)
	}
	if got := s.keep(t, "/", inbox, narrow); got != narrowed {
		t.Errorf("with the narrow scope again: %s", got)
	}
	if got := s.sendInbox(); got != all {
		t.Errorf("with the first scope again: %s", got)
	}
}

// TestRefusedBeforeRecall: a request that is refused gets no kept answer.
func TestRefusedBeforeRecall(t *testing.T) {
	s := newKeepingService(t)
	query := "/?query=" + inboxQuery
	s.keep(t, "/", inbox)
	s.keep(t, query, "")
	before := s.recalled.Load()
	for _, test := range []struct {
		name         string
		status       int
		target, body string
		headers      []string
	}{
		{"a caller without a token", http.StatusUnauthorized, "/", inbox, []string{"Authorization: Basic a"}},
		{"a GET that another site may send", http.StatusBadRequest, query, "", []string{"Authorization: Basic a", "Content-Type: text/plain", "Sec-Fetch-Site: cross-site"}},
		{"a POST of another media type", http.StatusUnsupportedMediaType, "/", inbox, []string{"Content-Type: text/plain"}},
		{"a caller who accepts no JSON", http.StatusNotAcceptable, "/", inbox, []string{"Accept: text/html"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if w := s.send(test.target, test.body, test.headers...); w.Code != test.status || s.recalled.Load() != before {
				t.Errorf("status %d, %d kept answers more", w.Code, s.recalled.Load()-before)
			}
		})
	}
}
