package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
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

	"texter-graphql/graph/generated"
	"texter-graphql/texter"
)

// ask posts an operation to a handler and returns the body of its answer.
func ask(tb testing.TB, h http.Handler, document string) string {
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

// TestResolverUnderAnyExecutor: the resolver needs nothing of this package's
// executor. gqlgen's own executor gets the same data from it.
func TestResolverUnderAnyExecutor(t *testing.T) {
	twins := newTwins(t)
	twins.body = newAnswer(rand.New(rand.NewPCG(1, 2)))
	other := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{twins.client}}))
	other.AddTransport(gqlgen.POST{})
	for name, document := range map[string]string{
		"rows":             `{ searchChats(first: 5) { totalCount nodes { id name raw } edges { cursor node { labels } } pageInfo { endCursor } } }`,
		"counts":           `{ searchChats { totalCount pageInfo { hasNextPage } } }`,
		"several searches": `{ a: searchChats(first: 1) { nodes { id } } b: searchChats(first: 1) { nodes { id } } __typename }`,
	} {
		t.Run(name, func(t *testing.T) {
			data := func(answer string) string {
				var r struct{ Data json.RawMessage }
				if err := json.Unmarshal([]byte(answer), &r); err != nil || r.Data == nil {
					t.Fatalf("%v: %s", err, answer)
				}
				return string(r.Data)
			}
			if got, want := data(ask(t, twins.handlers[0], document)), data(ask(t, other, document)); got != want {
				t.Errorf("this executor: %s\ngqlgen's: %s", got, want)
			}
		})
	}
}

// counter is a schema with a subscription that counts to three, and with an error
// behind the second number. Only Exec and Schema are called.
type counter struct{ graphql.ExecutableSchema }

func (counter) Exec(context.Context) graphql.ResponseHandler {
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

// TestStreamOfResponses: a subscription has a response for each event, each with
// its own errors, and none once nobody asks.
func TestStreamOfResponses(t *testing.T) {
	e := newExecutor(Options{Searcher: pages{}, Logger: slog.New(slog.DiscardHandler)})
	e.schema = counter{}
	var got []string
	subscribe := func(atMost int) []string {
		prepared, errs := e.Prepare(t.Context(), &graphql.RawParams{Query: `{ __typename }`})
		if errs != nil {
			t.Fatal(errs)
		}
		o := prepared.(*operation)
		definition := *o.prepared.Definition
		definition.Operation = ast.Subscription // which the schema does not have
		o.prepared.Definition, o.context.Operation = &definition, &definition
		got = nil
		for response := range o.Execute(t.Context()) {
			got = append(got, fmt.Sprintf("%s %d errors", response.Data.AppendJSON(nil), len(response.Errors)))
			if len(got) == atMost {
				break
			}
		}
		return got
	}
	if got, want := subscribe(10), []string{`{"count":1} 0 errors`, `{"count":2} 1 errors`, `{"count":3} 0 errors`}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := subscribe(2); len(got) != 2 {
		t.Errorf("got %q", got)
	}
}

// TestDefer: nothing here defers, so introspection does not announce it, and
// documents that use it are not valid.
func TestDefer(t *testing.T) {
	h := NewHandler(Options{Searcher: pages{}, Logger: slog.New(slog.DiscardHandler)})
	if answer := ask(t, h, `{ __schema { directives { name } } }`); strings.Contains(answer, `"defer"`) || !strings.Contains(answer, `"skip"`) {
		t.Errorf("introspection says %s", answer)
	}
	if answer := ask(t, h, `{ ... @defer { __typename } }`); !strings.Contains(answer, "GRAPHQL_VALIDATION_FAILED") {
		t.Errorf("it answers %s", answer)
	}
}

// kept is a Searcher and Answers that keeps every answer.
type kept struct {
	pages
	answers map[string]any
}

func (k kept) Recall(_ context.Context, request ...string) any {
	return k.answers[strings.Join(request, "\x00")]
}

func (k kept) Remember(_ context.Context, _ *texter.SearchPage, _ int, answer func() any, request ...string) {
	k.answers[strings.Join(request, "\x00")] = answer()
}

// TestProvenance: an answer is kept only if it was made of one page and of plain
// fields.
func TestProvenance(t *testing.T) {
	for document, keepable := range map[string]bool{
		`{ searchChats { totalCount nodes { id } } }`:                                  true,
		`{ a: searchChats { nodes { id } } b: searchChats { nodes { id name } } }`:     true, // one page
		`{ __typename searchChats { nodes { __typename id } } }`:                       true,
		`{ searchChats { nodes { id } } other: searchChats(first: 1) { totalCount } }`: false,
		`{ searchChats { nodes { id } } __schema { queryType { name } } }`:             false,
		`{ searchChats { nodes { id } } __type(name: "Chat") { name } }`:               false,
		`{ __typename }`: false,
		`{ searchChats(first: -1) { totalCount } }`: false,
	} {
		t.Run(document, func(t *testing.T) {
			k := kept{answers: map[string]any{}}
			h := NewHandler(Options{Searcher: k, Answers: k, Logger: slog.New(slog.DiscardHandler)})
			first := ask(t, h, document)
			if (len(k.answers) == 1) != keepable {
				t.Errorf("%d answers are kept", len(k.answers))
			}
			if second := ask(t, h, document); keepable && second != first {
				t.Errorf("the second answer is %s, the first %s", second, first)
			}
		})
	}
}

// TestProvenanceWithoutTheFastLane: what the ordinary lane made is never kept,
// since its fields may depend on anything.
func TestProvenanceWithoutTheFastLane(t *testing.T) {
	k := kept{answers: map[string]any{}}
	o := Options{Searcher: k, Answers: k, Logger: slog.New(slog.DiscardHandler)}
	ask(t, newServer(o, newExecutor(o)), `{ searchChats { totalCount } }`)
	if len(k.answers) > 0 {
		t.Error("it is kept")
	}
}
