package graph_test

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
)

// threeChats is a Searcher that finds the same chats in every search.
type threeChats struct{}

func (threeChats) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return texter.NewSearchPage([]*texter.Chat{{ID: "1"}, {ID: "2"}, {ID: "3"}}, 3), nil
}

// outcomesOf returns what Options.Observe gets for a request.
func outcomesOf(method, body string) (outcomes []graph.Outcome) {
	h := graph.NewHandler(graph.Options{
		Searcher: threeChats{}, Logger: slog.New(slog.DiscardHandler),
		Observe: func(_ context.Context, o graph.Outcome) { outcomes = append(outcomes, o) },
	})
	r := httptest.NewRequest(method, "/", io.NopCloser(strings.NewReader(body)))
	r.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(httptest.NewRecorder(), r)
	return outcomes
}

func TestOutcome(t *testing.T) {
	const query, chats = "query", "searchChats"
	for _, test := range []struct {
		name, document string
		want           graph.Outcome
	}{
		{
			"root fields are sorted, and rows are counted", `{ searchChats { nodes { id } } __typename }`,
			graph.Outcome{Type: query, RootFields: []string{"__typename", chats}, Rows: 3, Cost: 63},
		},
		{
			"a root field with two aliases is one, and counts have no rows", `query Tiles { a: searchChats { totalCount } b: searchChats { totalCount } }`,
			graph.Outcome{Operation: "Tiles", Type: query, RootFields: []string{chats}, Cost: 4},
		},
		{
			"the rows of all connections count", `query Q { a: searchChats { nodes { id } } ...F } fragment F on Query { searchChats { edges { cursor } } }`,
			graph.Outcome{Operation: "Q", Type: query, RootFields: []string{chats}, Rows: 6, Cost: 124},
		},
		{
			"each code is there once", `{ a: searchChats(first: -1) { totalCount } b: searchChats(last: -1) { totalCount } }`,
			graph.Outcome{Type: query, RootFields: []string{chats}, Cost: 4, Codes: []string{"BAD_USER_INPUT"}, Arguments: []string{"first", "last"}},
		},
		{
			"an operation that fails was executed", `{ searchChats(after: "x") { totalCount } }`,
			graph.Outcome{Type: query, RootFields: []string{chats}, Cost: 2, Codes: []string{"CURSOR_INVALID"}, Arguments: []string{"after"}},
		},
		{
			"an operation whose variables are not valid has only a name", `query Q($id: Int!) { searchChats(first: $id) @skip(if: true) { totalCount } }`,
			graph.Outcome{Operation: "Q", Codes: []string{"GRAPHQL_VALIDATION_FAILED"}},
		},
		{"a document that is not valid has only a code", `query Q { canary }`, graph.Outcome{Codes: []string{"GRAPHQL_VALIDATION_FAILED"}}},
		{"a text that is not a document has only a code", `{`, graph.Outcome{Codes: []string{"GRAPHQL_PARSE_FAILED"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := outcomesOf("POST", `{"query":"`+strings.ReplaceAll(test.document, `"`, `\"`)+`"}`); !reflect.DeepEqual(got, []graph.Outcome{test.want}) {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("a request that HTTP refuses has only a code", func(t *testing.T) {
		if got := outcomesOf("PUT", ""); !reflect.DeepEqual(got, []graph.Outcome{{Codes: []string{"BAD_REQUEST"}}}) {
			t.Errorf("got %+v", got)
		}
	})
}
