package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph"
	"texter-graphql/graph/transport"
	"texter-graphql/internal/refusal"
	"texter-graphql/texter"
)

const (
	graphQLType = "application/graphql-response+json"
	jsonType    = "application/json"
)

// searches counts the searches and finds nothing.
type searches int

func (s *searches) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	*s++
	return texter.NewSearchPage([]*texter.Chat{}, 3), nil
}

// serve answers one request and counts the searches that it took.
func serve(r *http.Request, change ...func(*graph.Options)) (*httptest.ResponseRecorder, int) {
	var done searches
	options := graph.Options{Searcher: &done, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, f := range change {
		f(&options)
	}
	w := httptest.NewRecorder()
	graph.NewHandler(options).ServeHTTP(w, r)
	return w, int(done)
}

// newRequest makes a request with these headers, which are "Name: value".
func newRequest(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	return r
}

// post makes a POST request of JSON.
func post(body string, headers ...string) *http.Request {
	return newRequest(http.MethodPost, "/graphql", body, append(headers, "Content-Type: application/json")...)
}

// operation is the body of a request for a document.
func operation(document string) string { return fmt.Sprintf(`{"query":%q}`, document) }

// assertAnswer fails unless the answer has this status and the headers that
// every answer has, and is a well-formed response of GraphQL: only one of 200
// may have data, and any other has one error with a code.
func assertAnswer(t *testing.T, name string, w *httptest.ResponseRecorder, status int, mediaType string) {
	t.Helper()
	for header, want := range map[string]string{
		"Content-Type": mediaType + "; charset=utf-8", "Content-Length": fmt.Sprint(w.Body.Len()),
		"Vary": "Accept, Authorization", "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s: %s is %q, want %q", name, header, got, want)
		}
	}
	var response map[string]json.RawMessage
	if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil {
		t.Fatalf("%s: %v: %s", name, err, w.Body)
	}
	if w.Code != status {
		t.Errorf("%s: status %d, want %d: %s", name, w.Code, status, w.Body)
	}
	if _, hasData := response["data"]; status == http.StatusOK || !hasData && len(codes(t, w)) == 1 && len(response) == 1 {
		return
	}
	t.Errorf("%s: got %s", name, w.Body)
}

// codes are the values of extensions.code.
func codes(t *testing.T, w *httptest.ResponseRecorder) []string {
	t.Helper()
	var response struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, RequestID string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range response.Errors {
		if e.Message == "" || e.Extensions.Code == "" || e.Extensions.RequestID == "" {
			t.Errorf("an incomplete error: %s", w.Body)
		}
		all = append(all, e.Extensions.Code)
	}
	return all
}

// TestCallerThatIsGone has nobody wait for the answer.
func TestCallerThatIsGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var log strings.Builder
	w, done := serve(post(operation("{ searchChats { totalCount } }")).WithContext(ctx), func(o *graph.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	if w.Code == 500 || done != 0 || log.Len() > 0 {
		t.Errorf("got %d after %d searches, and the log %s", w.Code, done, &log)
	}
}

// TestMethods looks at what each method gets.
func TestMethods(t *testing.T) {
	for method, want := range map[string]int{
		"POST": 200, "GET": 200, "HEAD": 405, "PUT": 405, "PATCH": 405, "DELETE": 405, "QUERY": 405, "post": 405,
	} {
		w, done := serve(newRequest(method, "/graphql?query={searchChats{totalCount}}", operation("{ searchChats { totalCount } }"), "Content-Type: application/json"))
		assertAnswer(t, method, w, want, jsonType)
		if allow := w.Header().Get("Allow"); want == 405 && (allow != "GET, POST, OPTIONS" || done != 0) || want == 200 && (allow != "" || done != 1) {
			t.Errorf("%s: Allow is %q after %d searches", method, allow, done)
		}
	}
}

// TestOPTIONS says what is allowed, and needs no token for it.
func TestOPTIONS(t *testing.T) {
	w, done := serve(newRequest("OPTIONS", "/graphql?query={searchChats{totalCount}}", ""), func(o *graph.Options) {
		o.Authenticate = func(*http.Request) (context.Context, error) { return nil, errors.New("bring a token") }
	})
	if w.Code != 204 || w.Header().Get("Allow") != "GET, POST, OPTIONS" || w.Body.Len() > 0 || done != 0 {
		t.Errorf("got %d %v %s after %d searches", w.Code, w.Header(), w.Body, done)
	}
}

// TestAuthentication answers 401 before anything of the request is read.
func TestAuthentication(t *testing.T) {
	refuse := func(o *graph.Options) {
		o.Authenticate = func(*http.Request) (context.Context, error) { return nil, errors.New("bring a token") }
	}
	for name, r := range map[string]*http.Request{
		"a query":     post(operation("{ searchChats { totalCount } }")),
		"no query":    post("nonsense"),
		"GET":         newRequest("GET", "/graphql?query={searchChats{totalCount}}", ""),
		"a bad media": newRequest("POST", "/graphql", "nonsense", "Content-Type: text/plain"),
		"a method":    newRequest("DELETE", "/graphql", ""),
	} {
		w, done := serve(r, refuse)
		assertAnswer(t, name, w, 401, jsonType)
		if got := w.Header().Get("WWW-Authenticate"); got != `Bearer realm="texter-graphql"` || codes(t, w)[0] != "UNAUTHENTICATED" || !strings.Contains(w.Body.String(), "bring a token") {
			t.Errorf("%s: WWW-Authenticate is %q: %s", name, got, w.Body)
		}
		if rest, err := io.ReadAll(r.Body); err != nil || name == "a query" && len(rest) == 0 || done != 0 {
			t.Errorf("%s: %d searches, %d bytes left unread, %v", name, done, len(rest), err)
		}
	}
	w, done := serve(post(operation("{ searchChats { totalCount } }")), func(o *graph.Options) {
		o.Authenticate = func(r *http.Request) (context.Context, error) { return r.Context(), nil }
	})
	assertAnswer(t, "let in", w, 200, jsonType)
	if done != 1 || w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("let in: %d searches, headers %v", done, w.Header())
	}
}

// TestRefusals looks at how each refusal of a caller is answered.
func TestRefusals(t *testing.T) {
	const realm = `Bearer realm="texter-graphql"`
	for _, test := range []struct {
		err                         error
		status                      int
		code, challenge, retryAfter string
	}{
		{errors.New("no"), 401, "UNAUTHENTICATED", realm, ""},
		{&refusal.Error{Status: 401, Message: "no"}, 401, "UNAUTHENTICATED", realm, ""},
		{&refusal.Error{Status: 401, Message: "no", InvalidToken: true}, 401, "UNAUTHENTICATED", realm + `, error="invalid_token"`, ""},
		{&refusal.Error{Status: 429, Message: "no", RetryAfter: 1500 * time.Millisecond}, 429, "RATE_LIMITED", "", "2"},
		{&refusal.Error{Status: 503, Message: "no"}, 503, "UPSTREAM_UNAVAILABLE", "", ""},
	} {
		w, done := serve(post("nonsense"), func(o *graph.Options) {
			o.Authenticate = func(*http.Request) (context.Context, error) { return nil, test.err }
		})
		assertAnswer(t, fmt.Sprint(test.err), w, test.status, jsonType)
		header := w.Header()
		if codes(t, w)[0] != test.code || header.Get("WWW-Authenticate") != test.challenge || header.Get("Retry-After") != test.retryAfter || done != 0 {
			t.Errorf("%+v: got %v %s after %d searches", test, header, w.Body, done)
		}
		if inBody := strings.Contains(w.Body.String(), `"retryAfter":2}`); inBody != (test.retryAfter == "2") {
			t.Errorf("%+v: got %s", test, w.Body)
		}
	}
}

// streams is an executor whose operations have a type and some responses.
type streams struct {
	operation ast.Operation
	responses []*transport.Response
}

func (s streams) Prepare(context.Context, *graphql.RawParams) (transport.Operation, gqlerror.List) {
	return s, nil
}

func (s streams) Type() ast.Operation { return s.operation }

func (s streams) Execute(context.Context) iter.Seq[*transport.Response] {
	return slices.Values(s.responses)
}

func (streams) Refuse(_ context.Context, _ transport.Operation, errs gqlerror.List) *transport.Response {
	return &transport.Response{Errors: errs}
}

func (s streams) Recover(context.Context, transport.Operation, any) *transport.Response {
	return s.Refuse(context.Background(), nil, gqlerror.List{{Message: "recovered", Extensions: map[string]any{"code": "INTERNAL_SERVER_ERROR", "requestId": "1"}}})
}

func (streams) Recall(context.Context, ...string) []byte { return nil }

// TestOperationTypes: queries go by POST and GET, mutations by POST alone, since a
// GET can come from a link, and subscriptions by neither.
func TestOperationTypes(t *testing.T) {
	get := func() *http.Request { return newRequest("GET", "/graphql?query={x}", "") }
	byPost := func() *http.Request { return post(operation("{x}")) }
	for name, test := range map[string]struct {
		operation ast.Operation
		request   func() *http.Request
		status    int
		allow     string
	}{
		"a query by GET":         {ast.Query, get, 200, ""},
		"a query by POST":        {ast.Query, byPost, 200, ""},
		"a mutation by GET":      {ast.Mutation, get, 405, "POST"},
		"a mutation by POST":     {ast.Mutation, byPost, 200, ""},
		"a subscription by GET":  {ast.Subscription, get, 406, ""},
		"a subscription by POST": {ast.Subscription, byPost, 406, ""},
	} {
		t.Run(name, func(t *testing.T) {
			executor := streams{test.operation, []*transport.Response{{Data: transport.JSON(`{"done":true}`), Extensions: []byte(`{"cost":1}`)}}}
			w := httptest.NewRecorder()
			transport.HTTP{}.Do(w, test.request(), executor)
			if w.Code != test.status || w.Header().Get("Allow") != test.allow {
				t.Errorf("status %d, Allow %q: %s", w.Code, w.Header().Get("Allow"), w.Body)
			}
			if executed := w.Body.String() == `{"data":{"done":true},"extensions":{"cost":1}}`; executed != (test.status == 200) {
				t.Errorf("it answers %s", w.Body)
			}
		})
	}
}

// panics is an operation that panics once it has yielded so many responses.
type panics struct{ streams }

func (p panics) Prepare(context.Context, *graphql.RawParams) (transport.Operation, gqlerror.List) {
	return p, nil
}

func (p panics) Execute(context.Context) iter.Seq[*transport.Response] {
	return func(yield func(*transport.Response) bool) {
		for _, response := range p.responses {
			yield(response)
		}
		panic("canary")
	}
}

func TestPanics(t *testing.T) {
	t.Run("a panic before the answer has begun is answered", func(t *testing.T) {
		w := httptest.NewRecorder()
		transport.HTTP{}.Do(w, post(operation("{x}")), panics{streams{operation: ast.Query}})
		assertAnswer(t, "a panic", w, 500, jsonType)
		if !strings.Contains(w.Body.String(), "recovered") {
			t.Errorf("got %s", w.Body)
		}
	})
	t.Run("a panic behind the head breaks the answer off", func(t *testing.T) {
		defer func() {
			if value := recover(); value != http.ErrAbortHandler {
				t.Errorf("got %v", value)
			}
		}()
		w := httptest.NewRecorder()
		transport.HTTP{}.Do(w, post(operation("{x}")), panics{streams{ast.Query, []*transport.Response{{Data: transport.JSON("{}")}}}})
	})
}
