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

func many(n int, value string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = strings.ReplaceAll(value, "%", fmt.Sprint(i))
	}
	return "[" + strings.Join(items, ",") + "]"
}

// TestBadInput looks at the code and the argument that each bad input gets,
// and that the upstream never hears of it.
func TestBadInput(t *testing.T) {
	s, chats := sandboxed(t, sandbox.Options{Chats: 50})
	cursor := *query[page](t, s, `{ searchChats(first: 1) `+pageFields+`}`, nil).SearchChats.PageInfo.EndCursor
	before := chats.Requests()
	for arguments, want := range map[string]string{
		`filter: {search: "a"}`:                              "BAD_USER_INPUT filter.search",
		`filter: {search: ""}`:                               "BAD_USER_INPUT filter.search",
		`filter: {search: "א"}`:                              "BAD_USER_INPUT filter.search",
		`filter: {labels: [""]}`:                             "BAD_USER_INPUT filter.labels",
		`filter: {channel: {name: EMAIL, accountId: ""}}`:    "BAD_USER_INPUT filter.channel.accountId",
		`filter: {labels: ` + many(101, `"label %"`) + `}`:   "BAD_USER_INPUT filter.labels",
		`filter: {statuses: ` + many(6, "BOT") + `}`:         "BAD_USER_INPUT filter.statuses",
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
	} {
		e := s.fail(t, `{ searchChats(`+arguments+`) { totalCount } }`, nil)
		if got := fmt.Sprint(e.Extensions["code"], " ", e.Extensions["argument"]); got != want {
			t.Errorf("%.80s: got %s (%s), want %s", arguments, got, e.Message, want)
		}
		if id, _ := e.Extensions["requestId"].(string); id == "" {
			t.Errorf("%.80s: no requestId", arguments)
		}
	}
	if n := chats.Requests() - before; n != 0 {
		t.Errorf("the upstream saw %d requests", n)
	}
}

// TestInputAtTheLimits shows that the limits themselves are allowed.
func TestInputAtTheLimits(t *testing.T) {
	s, _ := sandboxed(t, sandbox.Options{Chats: 50})
	for _, arguments := range []string{
		`filter: {search: "אב"}`,
		`filter: {labels: ` + many(100, `"label %"`) + `}`,
		`filter: {labels: ` + many(300, `"one label"`) + `}`,
		`filter: {labels: [], statuses: []}`,
		`filter: {statuses: ` + many(5, "BOT") + `}`,
		`first: 10000`, `last: 10000`, `first: 0`, `last: 0`, `page: {skip: 2147483647}`,
		`first: 5, after: null, last: null, before: null, page: null, filter: null`,
		`filter: {search: null, channel: null, labels: null, statuses: null, showNoMessages: null}`,
	} {
		query[any](t, s, `{ searchChats(`+arguments+`) { totalCount nodes { id } } }`, nil)
	}
}

// asked is a searcher that takes note of what it is asked for.
type asked struct{ queries []string }

func (a *asked) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	a.queries = append(a.queries, o.Query())
	return &texter.SearchPage{}, nil
}

// TestDefaults of variables are what is searched for, unless there are values.
func TestDefaults(t *testing.T) {
	var searcher asked
	server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: &searcher}))
	t.Cleanup(server.Close)
	const (
		objects = `query ($filter: ChatFilter = {labels: "a", channel: {name: EMAIL, accountId: 5}}, $first: Int = 7) { searchChats(filter: $filter, first: $first) { nodes { id } } }`
		within  = `query ($statuses: [ChatStatus!] = BOT, $yes: Boolean! = true) { searchChats(filter: {statuses: $statuses}) { nodes @include(if: $yes) { id } } }`
	)
	for _, test := range []struct{ document, variables, want string }{
		{objects, `{}`, "channel%5BaccountId%5D=5&channel%5Bname%5D=email&labels%5B%5D=a&limit=7"},
		{objects, `{"filter":null,"first":null}`, "limit=30"},
		{objects, `{"filter":{"search":"ab"},"first":2.0}`, "limit=2&search=ab"},
		{within, `{}`, "limit=30&statuses%5B%5D=BOT"},
		{within, `{"yes":false}`, "limit=1&statuses%5B%5D=BOT"},
		{within, `{"statuses":"BULK"}`, "limit=30&statuses%5B%5D=BULK"},
	} {
		searcher.queries = nil
		answer := service{url: server.URL}.post(t, test.document, decoded(t, []byte(test.variables)).(map[string]any))
		if !slices.Equal(searcher.queries, []string{test.want}) {
			t.Errorf("%s %s: asked for %q, want %s: %s", test.document, test.variables, searcher.queries, test.want, answer)
		}
	}
}

// TestAFailureSparesItsSiblings shows why searchChats can be null.
func TestAFailureSparesItsSiblings(t *testing.T) {
	s, _ := sandboxed(t, sandbox.Options{Chats: 50})
	body := decoded(t, s.post(t, `{ good: searchChats { totalCount } bad: searchChats(first: -1) { totalCount } }`, nil)).(map[string]any)
	data := body["data"].(map[string]any)
	if data["good"] == nil || data["bad"] != nil || len(body["errors"].([]any)) != 1 {
		t.Errorf("got %v", body)
	}
}
