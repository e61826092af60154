package graph_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// list returns a list literal of n values, with the index of the value for %.
func list(n int, value string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = strings.ReplaceAll(value, "%", fmt.Sprint(i))
	}
	return "[" + strings.Join(items, ",") + "]"
}

// badInputs returns arguments that break a rule, each with the code and the argument
// of its error. The cursor is a valid one for searches without a filter.
func badInputs(cursor string) map[string]string {
	return map[string]string{
		`filter: {search: "a"}`:                              "BAD_USER_INPUT filter.search",
		`filter: {search: ""}`:                               "BAD_USER_INPUT filter.search",
		`filter: {search: "א"}`:                              "BAD_USER_INPUT filter.search",
		`filter: {labels: [""]}`:                             "BAD_USER_INPUT filter.labels",
		`filter: {channel: {name: EMAIL, accountId: ""}}`:    "BAD_USER_INPUT filter.channel.accountId",
		`filter: {labels: ` + list(101, `"label %"`) + `}`:   "BAD_USER_INPUT filter.labels",
		`filter: {statuses: ` + list(6, "BOT") + `}`:         "BAD_USER_INPUT filter.statuses",
		`filter: {channel: {name: EMAIL}}`:                   "GRAPHQL_VALIDATION_FAILED <nil>",
		`filter: {channel: {accountId: "1"}}`:                "GRAPHQL_VALIDATION_FAILED <nil>",
		`filter: {channel: {name: SMS, accountId: "1"}}`:     "GRAPHQL_VALIDATION_FAILED <nil>",
		`filter: {statuses: [TAKEN]}`:                        "GRAPHQL_VALIDATION_FAILED <nil>",
		`first: -1`:                                          "BAD_USER_INPUT first",
		`first: 10001`:                                       "BAD_USER_INPUT first",
		`last: -1`:                                           "BAD_USER_INPUT last",
		`last: 10001`:                                        "BAD_USER_INPUT last",
		`page: {first: -1}`:                                  "BAD_USER_INPUT page.first",
		`page: {last: 10001}`:                                "BAD_USER_INPUT page.last",
		`page: {first: 5, skip: -1}`:                         "BAD_USER_INPUT page.skip",
		`page: {first: 1, last: 1}`:                          "BAD_USER_INPUT page.last",
		`first: 1, last: 1`:                                  "BAD_USER_INPUT last",
		`page: {first: 1}, first: 1`:                         "BAD_USER_INPUT page",
		`page: {}, after: "x"`:                               "BAD_USER_INPUT page",
		`page: {skip: 1, last: 1}`:                           "BAD_USER_INPUT page.skip",
		`page: {skip: 1, after: "x"}`:                        "BAD_USER_INPUT page.skip",
		`last: 1, after: "x"`:                                "BAD_USER_INPUT after",
		`first: 1, before: "x"`:                              "BAD_USER_INPUT before",
		`after: "garbage"`:                                   "CURSOR_INVALID after",
		`page: {last: 1, before: "%%%"}`:                     "CURSOR_INVALID page.before",
		`after: ""`:                                          "CURSOR_INVALID after",
		`after: "` + strings.Repeat("A", 2000) + `"`:         "CURSOR_INVALID after",
		`after: "Ag` + cursor[2:] + `"`:                      "CURSOR_INVALID after",
		`after: "` + cursor[:len(cursor)-2] + `"`:            "CURSOR_INVALID after",
		`after: "` + cursor + `AAA"`:                         "CURSOR_INVALID after",
		`after: "` + cursor + `", filter: {statuses: [BOT]}`: "CURSOR_INVALID after",
		`last: 1, before: "` + cursor + `", filter: {showNoMessages: true}`: "CURSOR_INVALID before",
	}
}

// TestBadInput has the code and the argument of the error for each bad input.
func TestBadInput(t *testing.T) {
	s, chats := newSandboxService(t, sandbox.Options{Chats: 50})
	cursor := *query[page](t, s, `{ searchChats(first: 1) `+pageFields+`}`, nil).SearchChats.PageInfo.EndCursor
	before := chats.Requests()
	for arguments, want := range badInputs(cursor) {
		t.Run(fmt.Sprintf("%.60s", arguments), func(t *testing.T) {
			e := s.fail(t, `{ searchChats(`+arguments+`) { totalCount } }`, nil)
			if got := fmt.Sprint(e.Extensions["code"], " ", e.Extensions["argument"]); got != want {
				t.Errorf("got %s (%s), want %s", got, e.Message, want)
			}
			if id, _ := e.Extensions["requestId"].(string); id == "" {
				t.Error("it has no requestId")
			}
		})
	}
	t.Run("no bad input reaches the upstream", func(t *testing.T) {
		if n := chats.Requests() - before; n != 0 {
			t.Errorf("it gets %d requests", n)
		}
	})
}

// TestGoodInput has inputs that are just allowed.
func TestGoodInput(t *testing.T) {
	s, _ := newSandboxService(t, sandbox.Options{Chats: 50})
	for _, arguments := range []string{
		`filter: {search: "אב"}`,
		`filter: {labels: ` + list(100, `"label %"`) + `}`,
		`filter: {labels: ` + list(300, `"one label"`) + `}`,
		`filter: {labels: [], statuses: []}`,
		`filter: {statuses: ` + list(5, "BOT") + `}`,
		`first: 10000`, `last: 10000`, `first: 0`, `last: 0`, `page: {skip: 2147483647}`,
		`first: 5, after: null, last: null, before: null, page: null, filter: null`,
		`filter: {search: null, channel: null, labels: null, statuses: null, showNoMessages: null}`,
	} {
		t.Run(fmt.Sprintf("%.60s", arguments), func(t *testing.T) {
			query[any](t, s, `{ searchChats(`+arguments+`) { totalCount nodes { id } } }`, nil)
		})
	}
}

// recordingSearcher is a Searcher that records the queries to Texter.
type recordingSearcher struct{ queries []string }

func (r *recordingSearcher) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	r.queries = append(r.queries, o.Query())
	return &texter.SearchPage{}, nil
}

func TestDefaultsOfVariables(t *testing.T) {
	var searcher recordingSearcher
	server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: &searcher}))
	t.Cleanup(server.Close)
	const (
		objects = `query ($filter: ChatFilter = {labels: "a", channel: {name: EMAIL, accountId: 5}}, $first: Int = 7) { searchChats(filter: $filter, first: $first) { nodes { id } } }`
		within  = `query ($statuses: [ChatStatus!] = BOT, $yes: Boolean! = true) { searchChats(filter: {statuses: $statuses}) { nodes @include(if: $yes) { id } } }`
	)
	for _, test := range []struct{ name, document, variables, want string }{
		{"variables without values have their defaults", objects, `{}`, "channel%5BaccountId%5D=5&channel%5Bname%5D=email&labels%5B%5D=a&limit=7"},
		{"null replaces a default", objects, `{"filter":null,"first":null}`, "limit=30"},
		{"a value replaces a default", objects, `{"filter":{"search":"ab"},"first":2.0}`, "limit=2&search=ab"},
		{"the default of an input field is a list of one value", within, `{}`, "limit=30&statuses%5B%5D=BOT"},
		{"false replaces the default of @include", within, `{"yes":false}`, "limit=1&statuses%5B%5D=BOT"},
		{"the value of an input field is a list of one value", within, `{"statuses":"BULK"}`, "limit=30&statuses%5B%5D=BULK"},
	} {
		t.Run(test.name, func(t *testing.T) {
			searcher.queries = nil
			response := service{url: server.URL}.post(t, test.document, decodeJSON(t, []byte(test.variables)).(map[string]any))
			if !slices.Equal(searcher.queries, []string{test.want}) {
				t.Errorf("the queries are %q, want %s: %s", searcher.queries, test.want, response)
			}
		})
	}
}

// TestOneSearchFails: searchChats can be null, so that other searches of the
// operation keep their data.
func TestOneSearchFails(t *testing.T) {
	s, _ := newSandboxService(t, sandbox.Options{Chats: 50})
	body := decodeJSON(t, s.post(t, `{ good: searchChats { totalCount } bad: searchChats(first: -1) { totalCount } }`, nil)).(map[string]any)
	data := body["data"].(map[string]any)
	if data["good"] == nil || data["bad"] != nil || len(body["errors"].([]any)) != 1 {
		t.Errorf("got %v", body)
	}
}
