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

// threeChats answers every search by the same chats.
type threeChats struct{}

func (threeChats) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return texter.NewSearchPage([]*texter.Chat{{ID: "1"}, {ID: "2"}, {ID: "3"}}, 3), nil
}

// TestOutcome looks at what is told of each answer.
func TestOutcome(t *testing.T) {
	const query, chats = "query", "searchChats"
	for document, want := range map[string]graph.Outcome{
		`{ __typename searchChats { nodes { id } } }`:                                                               {Type: query, RootFields: []string{"__typename", chats}, Rows: 3, Cost: 63},
		`query Tiles { a: searchChats { totalCount } b: searchChats { totalCount } }`:                               {Operation: "Tiles", Type: query, RootFields: []string{chats}, Cost: 4},
		`query Q { a: searchChats { nodes { id } } ...F } fragment F on Query { searchChats { edges { cursor } } }`: {Operation: "Q", Type: query, RootFields: []string{chats}, Rows: 6, Cost: 124},
		`{ a: searchChats(first: -1) { totalCount } b: searchChats(last: -1) { totalCount } c: searchChats(after: "x") { totalCount } }`: {
			Type: query, RootFields: []string{chats}, Cost: 6, Codes: []string{"BAD_USER_INPUT", "CURSOR_INVALID"},
		},
		`query Q($id: Int!) { searchChats(first: $id) @skip(if: true) { totalCount } }`: {Operation: "Q", Codes: []string{"GRAPHQL_VALIDATION_FAILED"}},
		`query Q { canary }`: {Codes: []string{"GRAPHQL_VALIDATION_FAILED"}},
		`{`:                  {Codes: []string{"GRAPHQL_PARSE_FAILED"}},
	} {
		var told []graph.Outcome
		h := graph.NewHandler(graph.Options{
			Searcher: threeChats{}, Logger: slog.New(slog.DiscardHandler),
			Observe: func(_ context.Context, o graph.Outcome) { told = append(told, o) },
		})
		r := httptest.NewRequest("POST", "/", strings.NewReader(`{"query":`+quote(document)+`}`))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(httptest.NewRecorder(), r)
		if !reflect.DeepEqual(told, []graph.Outcome{want}) {
			t.Errorf("%s: told %+v", document, told)
		}
	}
}

// TestOutcomeOfARefusal has the code alone.
func TestOutcomeOfARefusal(t *testing.T) {
	var told []graph.Outcome
	h := graph.NewHandler(graph.Options{Logger: slog.New(slog.DiscardHandler), Observe: func(_ context.Context, o graph.Outcome) { told = append(told, o) }})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/", io.NopCloser(nil)))
	if want := []graph.Outcome{{Codes: []string{"BAD_REQUEST"}}}; !reflect.DeepEqual(told, want) {
		t.Errorf("told %+v", told)
	}
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }
