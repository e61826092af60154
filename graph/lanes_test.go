package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	gqlgen "github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/generated"
	"texter-graphql/texter"
)

// post posts an operation to a handler and returns the body of the response.
func post(tb testing.TB, h http.Handler, document string) string {
	tb.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		tb.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

// dataOf returns the data of a response, which must not be null.
func dataOf(t *testing.T, response string) string {
	t.Helper()
	var r struct{ Data json.RawMessage }
	if err := json.Unmarshal([]byte(response), &r); err != nil || r.Data == nil {
		t.Fatalf("%v: %s", err, response)
	}
	return string(r.Data)
}

// TestResolverUnderGqlgensExecutor: the resolver needs nothing from this package's
// executor, so gqlgen's own executor gets the same data from it.
func TestResolverUnderGqlgensExecutor(t *testing.T) {
	lanes := newBothLanes(t)
	lanes.body = newRandomPage(rand.New(rand.NewPCG(1, 2)))
	other := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{Searcher: lanes.client, LabelSource: lanes}}))
	other.AddTransport(gqlgen.POST{})
	for name, document := range map[string]string{
		"rows":             `{ searchChats(first: 5) { totalCount nodes { id name raw } edges { cursor node { labelIds labels { id name } } } pageInfo { endCursor } } }`,
		"counts":           `{ searchChats { totalCount pageInfo { hasNextPage } } }`,
		"several searches": `{ a: searchChats(first: 1) { nodes { id } } b: searchChats(first: 1) { nodes { id } } __typename }`,
	} {
		t.Run(name+" are the same", func(t *testing.T) {
			if got, want := dataOf(t, post(t, lanes.handlers[0], document)), dataOf(t, post(t, other, document)); got != want {
				t.Errorf("this executor: %s\ngqlgen's: %s", got, want)
			}
		})
	}
}

// countingSchema has a subscription with the responses 1, 2 and 3. The second one
// has an error. Only Exec is called.
type countingSchema struct{ graphql.ExecutableSchema }

func (countingSchema) Exec(context.Context) graphql.ResponseHandler {
	n := 0
	return func(ctx context.Context) *graphql.Response {
		if n++; n > 3 {
			return nil
		}
		if n == 2 {
			graphql.AddErrorf(ctx, "canary")
		}
		return &graphql.Response{Data: fmt.Appendf(nil, `{"count":%d}`, n)}
	}
}

// subscribe executes a subscription of countingSchema, and reads at most a number
// of its responses.
func subscribe(t *testing.T, atMost int) (responses []string) {
	t.Helper()
	for response := range newSubscription(t).Execute(t.Context()) {
		responses = append(responses, fmt.Sprintf("%s %d errors", response.Data.AppendJSON(nil, math.MaxInt, nil), len(response.Errors)))
		if len(responses) == atMost {
			break
		}
	}
	return responses
}

// newSubscription prepares a subscription to countingSchema.
func newSubscription(t *testing.T) *operation {
	t.Helper()
	e := newExecutor(Options{Searcher: pages{}, Logger: slog.New(slog.DiscardHandler)})
	e.schema = countingSchema{e.schema}
	prepared, errs := e.Prepare(t.Context(), &graphql.RawParams{Query: `{ __typename }`})
	if errs != nil {
		t.Fatal(errs)
	}
	o := prepared.(*operation)
	definition := *o.prepared.Definition
	definition.Operation = ast.Subscription // the service's schema has none
	o.prepared.Definition, o.context.Operation = &definition, &definition
	return o
}

func TestSubscription(t *testing.T) {
	want := []string{`{"count":1} 0 errors`, `{"count":2} 1 errors`, `{"count":3} 0 errors`}
	t.Run("each response has its own errors", func(t *testing.T) {
		if got := subscribe(t, 10); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("it ends when its responses are not read", func(t *testing.T) {
		if got := subscribe(t, 2); !slices.Equal(got, want[:2]) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("as a stream, it has each response once", func(t *testing.T) {
		wake := make(chan struct{}, 10)
		stream := newSubscription(t).Subscribe(t.Context(), func() { wake <- struct{}{} })
		var bodies []string
		for ended := false; !ended; {
			<-wake
			var body []byte
			if body, ended = stream.Next(); body != nil {
				bodies = append(bodies, string(body))
			}
		}
		stream.Close()
		if len(bodies) != 3 || !strings.HasPrefix(bodies[0], `{"data":{"count":1}`) || !strings.Contains(bodies[1], `"errors"`) {
			t.Errorf("got %q", bodies)
		}
	})
}

func TestExecute(t *testing.T) {
	e := newExecutor(Options{Searcher: pages{}, Logger: slog.New(slog.DiscardHandler)})
	t.Run("an operation whose caller is gone has no response", func(t *testing.T) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		o, _ := e.Prepare(t.Context(), &graphql.RawParams{Query: `{ __typename }`})
		for response := range o.Execute(gone) {
			t.Errorf("got %s", response.Data.AppendJSON(nil, math.MaxInt, nil))
		}
		if o.(*operation).started {
			t.Error("it was started")
		}
	})
	t.Run("a response has at most 10 errors", func(t *testing.T) {
		o := &operation{executor: e}
		if n := len(o.respond(t.Context(), nil, make(gqlerror.List, 11)).Errors); n != 10 {
			t.Errorf("%d errors", n)
		}
	})
}

// TestDefer: the service does not implement @defer.
func TestDefer(t *testing.T) {
	h := NewHandler(Options{Searcher: pages{}, Logger: slog.New(slog.DiscardHandler)})
	t.Run("introspection does not have it", func(t *testing.T) {
		if response := post(t, h, `{ __schema { directives { name } } }`); strings.Contains(response, `"defer"`) || !strings.Contains(response, `"skip"`) {
			t.Errorf("got %s", response)
		}
	})
	t.Run("a document with it is not valid", func(t *testing.T) {
		if response := post(t, h, `{ ... @defer { __typename } }`); !strings.Contains(response, "GRAPHQL_VALIDATION_FAILED") {
			t.Errorf("got %s", response)
		}
	})
}

// answerMap is a Searcher, and Answers that keeps every answer.
type answerMap struct {
	pages
	answers map[string]any
}

func (m answerMap) Recall(_ context.Context, request ...string) any {
	return m.answers[strings.Join(request, "\x00")]
}

func (m answerMap) Remember(_ context.Context, _ *texter.SearchPage, _ int, answer func() any, request ...string) {
	m.answers[strings.Join(request, "\x00")] = answer()
}

func TestKeepable(t *testing.T) {
	for _, test := range []struct {
		name, document string
		isKept         bool
	}{
		{"an operation of one search is kept", `{ searchChats { totalCount nodes { id } } }`, true},
		{"an operation of two equal searches is kept", `{ a: searchChats { nodes { id } } b: searchChats { nodes { id name } } }`, true},
		{"an operation with __typename is kept", `{ __typename searchChats { nodes { __typename id } } }`, true},
		{"an operation of two searches is not kept", `{ searchChats { nodes { id } } other: searchChats(first: 1) { totalCount } }`, false},
		{"an operation with introspection is not kept", `{ searchChats { nodes { id } } __schema { queryType { name } } }`, false},
		{"an operation with introspection of a type is not kept", `{ searchChats { nodes { id } } __type(name: "Chat") { name } }`, false},
		{"an operation without a search is not kept", `{ __typename }`, false},
		{"an operation with an error is not kept", `{ searchChats(first: -1) { totalCount } }`, false},
		{"an operation with an error beside a search is not kept", `{ a: searchChats(first: -1) { totalCount } searchChats { totalCount } }`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := answerMap{answers: map[string]any{}}
			h := NewHandler(Options{Searcher: m, Answers: m, Logger: slog.New(slog.DiscardHandler)})
			first := post(t, h, test.document)
			if (len(m.answers) == 1) != test.isKept {
				t.Errorf("%d answers are kept", len(m.answers))
			}
			if second := post(t, h, test.document); test.isKept && second != first {
				t.Errorf("the second response is %s, the first %s", second, first)
			}
		})
	}
	t.Run("an operation in the ordinary lane is not kept", func(t *testing.T) {
		m := answerMap{answers: map[string]any{}}
		o := Options{Searcher: m, Answers: m, Logger: slog.New(slog.DiscardHandler)}
		if post(t, newServer(o, newExecutor(o)), `{ searchChats { totalCount } }`); len(m.answers) > 0 {
			t.Errorf("%d answers are kept", len(m.answers))
		}
	})
}
