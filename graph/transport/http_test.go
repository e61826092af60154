package transport_test

import (
	"context"
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
)

// TestCanceledRequest: nothing is searched for a caller who hung up.
func TestCanceledRequest(t *testing.T) {
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

func TestHTTPMethods(t *testing.T) {
	for method, want := range map[string]int{
		"POST": 200, "GET": 200, "HEAD": 405, "PUT": 405, "PATCH": 405, "DELETE": 405, "QUERY": 405, "post": 405,
	} {
		t.Run(fmt.Sprintf("%s gets %d", method, want), func(t *testing.T) {
			w, done := serve(newRequest(method, "/graphql?query={searchChats{totalCount}}", operation("{ searchChats { totalCount } }"), "Content-Type: application/json"))
			assertResponse(t, w, want, jsonType)
			if allow := w.Header().Get("Allow"); want == 405 && (allow != "GET, POST, OPTIONS" || done != 0) || want == 200 && (allow != "" || done != 1) {
				t.Errorf("Allow is %q after %d searches", allow, done)
			}
		})
	}
}

// TestOptionsNeedsNoToken: OPTIONS says which methods are allowed, to anybody.
func TestOptionsNeedsNoToken(t *testing.T) {
	w, done := serve(newRequest("OPTIONS", "/graphql?query={searchChats{totalCount}}", ""), func(o *graph.Options) {
		o.Authenticate = func(*http.Request) (context.Context, error) { return nil, errors.New("bring a token") }
	})
	if w.Code != 204 || w.Header().Get("Allow") != "GET, POST, OPTIONS" || w.Body.Len() > 0 || done != 0 {
		t.Errorf("got %d %v %s after %d searches", w.Code, w.Header(), w.Body, done)
	}
}

func TestAuthentication(t *testing.T) {
	refuse := func(o *graph.Options) {
		o.Authenticate = func(*http.Request) (context.Context, error) { return nil, errors.New("bring a token") }
	}
	for name, r := range map[string]*http.Request{
		"a query":                   post(operation("{ searchChats { totalCount } }")),
		"a body that is no request": post("nonsense"),
		"GET":                       newRequest("GET", "/graphql?query={searchChats{totalCount}}", ""),
		"another media type":        newRequest("POST", "/graphql", "nonsense", "Content-Type: text/plain"),
		"another method":            newRequest("DELETE", "/graphql", ""),
	} {
		t.Run(name+" gets 401 before anything of it is read", func(t *testing.T) {
			w, done := serve(r, refuse)
			assertResponse(t, w, 401, jsonType)
			if got := w.Header().Get("WWW-Authenticate"); got != `Bearer realm="texter-graphql"` || codes(t, w)[0] != "UNAUTHENTICATED" || !strings.Contains(w.Body.String(), "bring a token") {
				t.Errorf("WWW-Authenticate is %q: %s", got, w.Body)
			}
			if rest, err := io.ReadAll(r.Body); err != nil || name == "a query" && len(rest) == 0 || done != 0 {
				t.Errorf("%d searches, %d bytes left unread, %v", done, len(rest), err)
			}
		})
	}
	t.Run("a caller with a token is served", func(t *testing.T) {
		w, done := serve(post(operation("{ searchChats { totalCount } }")), func(o *graph.Options) {
			o.Authenticate = func(r *http.Request) (context.Context, error) { return r.Context(), nil }
		})
		assertResponse(t, w, 200, jsonType)
		if done != 1 || w.Header().Get("WWW-Authenticate") != "" {
			t.Errorf("%d searches, headers %v", done, w.Header())
		}
	})
}

func TestRefusals(t *testing.T) {
	const realm = `Bearer realm="texter-graphql"`
	for name, test := range map[string]struct {
		err                         error
		status                      int
		code, challenge, retryAfter string
	}{
		"any error gets 401":                  {errors.New("no"), 401, "UNAUTHENTICATED", realm, ""},
		"a missing token gets 401":            {&refusal.Error{Status: 401, Message: "no"}, 401, "UNAUTHENTICATED", realm, ""},
		"a bad token is named in a challenge": {&refusal.Error{Status: 401, Message: "no", InvalidToken: true}, 401, "UNAUTHENTICATED", realm + `, error="invalid_token"`, ""},
		"a wait is rounded up to seconds":     {&refusal.Error{Status: 429, Message: "no", RetryAfter: 1500 * time.Millisecond}, 429, "RATE_LIMITED", "", "2"},
		"keys that can't be had get 503":      {&refusal.Error{Status: 503, Message: "no"}, 503, "UPSTREAM_UNAVAILABLE", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, done := serve(post("nonsense"), func(o *graph.Options) {
				o.Authenticate = func(*http.Request) (context.Context, error) { return nil, test.err }
			})
			assertResponse(t, w, test.status, jsonType)
			header := w.Header()
			if codes(t, w)[0] != test.code || header.Get("WWW-Authenticate") != test.challenge || header.Get("Retry-After") != test.retryAfter || done != 0 {
				t.Errorf("got %v %s after %d searches", header, w.Body, done)
			}
			if inBody := strings.Contains(w.Body.String(), `"retryAfter":2}`); inBody != (test.retryAfter == "2") {
				t.Errorf("got %s", w.Body)
			}
		})
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

func (streams) Subscribe(context.Context, func()) transport.Stream { return nil }

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
				t.Errorf("got %s", w.Body)
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

func TestPanicsOfOperations(t *testing.T) {
	t.Run("a panic before the response has begun gets 500", func(t *testing.T) {
		w := httptest.NewRecorder()
		transport.HTTP{}.Do(w, post(operation("{x}")), panics{streams{operation: ast.Query}})
		assertResponse(t, w, 500, jsonType)
		if !strings.Contains(w.Body.String(), "recovered") {
			t.Errorf("got %s", w.Body)
		}
	})
	t.Run("a panic after the header breaks the response off", func(t *testing.T) {
		defer func() {
			if value := recover(); value != http.ErrAbortHandler {
				t.Errorf("got %v", value)
			}
		}()
		w := httptest.NewRecorder()
		transport.HTTP{}.Do(w, post(operation("{x}")), panics{streams{ast.Query, []*transport.Response{{Data: transport.JSON("{}")}}}})
	})
}
