package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// part is a scope or a filter, written independently of package scope. Empty
// fields do not narrow it.
type part struct {
	account  [2]string // network and account id
	labels   []string
	statuses []string
}

// json returns the part as a scope is written, which is also how a variable of
// GraphQL is.
func (p part) json() string {
	v := map[string]any{}
	if p.account[0] != "" {
		v["channel"] = map[string]string{"name": p.account[0], "accountId": p.account[1]}
	}
	if p.labels != nil {
		v["labels"] = p.labels
	}
	if p.statuses != nil {
		v["statuses"] = p.statuses
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// holds reports whether a chat belongs to the part, as Texter's API reference
// describes it.
func (p part) holds(c sandbox.Chat) bool {
	status := []string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK", "none"}[min(c.Status, 5)]
	account := [2]string{strings.ToUpper(c.ChannelInfo.Name), c.ChannelInfo.AccountID}
	return (p.account[0] == "" || p.account == account) &&
		(p.labels == nil || slices.ContainsFunc(c.Labels, func(l string) bool { return slices.Contains(p.labels, l) })) &&
		(p.statuses == nil || slices.Contains(p.statuses, status))
}

// refused returns the argument by which a filter leads out of the scope, or "".
func (p part) refused(filter part) string {
	subset := func(a, b []string) bool {
		for _, item := range a {
			if !slices.Contains(b, item) {
				return false
			}
		}
		return true
	}
	switch {
	case p.account[0] != "" && filter.account[0] != "" && p.account != filter.account:
		return "filter.channel"
	case p.labels != nil && filter.labels != nil && !subset(p.labels, filter.labels) && !subset(filter.labels, p.labels):
		return "filter.labels"
	case p.statuses != nil && filter.statuses != nil && !slices.ContainsFunc(p.statuses, func(s string) bool { return slices.Contains(filter.statuses, s) }):
		return "filter.statuses"
	}
	return ""
}

// parts returns all combinations of these.
func parts(accounts [][2]string, labels, statuses [][]string) (all []part) {
	for _, a := range accounts {
		for _, l := range labels {
			for _, s := range statuses {
				all = append(all, part{a, l, s})
			}
		}
	}
	return all
}

func scopes() []part {
	return parts([][2]string{{}, {"WHATSAPP", "97230000001"}},
		[][]string{nil, {"VIP"}, {"VIP", "R&D+beta"}}, [][]string{nil, {"PENDING"}, {"BOT", "RESOLVED"}})
}

func filters() []part {
	return parts([][2]string{{}, {"WHATSAPP", "97230000001"}, {"EMAIL", "shop+orders@example.com"}},
		[][]string{nil, {"VIP"}, {"R&D+beta", "VIP", "VIP"}, {"VIP", "לקוח_חוזר"}, {"VIP", "R&D+beta", "לקוח_חוזר"}},
		[][]string{nil, {"PENDING"}, {"RESOLVED", "PENDING"}, {"BULK"}})
}

// scoped starts a service with a key for each scope.
func scoped(t *testing.T, scopes []part, args ...string) (s *instance, keys []string, chats *sandbox.Server) {
	t.Helper()
	chats = sandbox.New(sandbox.Options{Chats: 400})
	var lines []string
	for i, scope := range scopes {
		key, line := makeKey(t, fmt.Sprint("key", i), scope.json())
		keys, lines = append(keys, key), append(lines, line)
	}
	args = append(args, "-texter-url", serveTexter(t, chats.ServeHTTP)+sandbox.BasePath, "-access-keys", keyFile(t, lines...))
	s = start(t, environment{"TEXTER_API_TOKEN": "service"}, args...)
	return s, keys, chats
}

// page is the answer to a search.
type page struct {
	Data struct {
		SearchChats *struct {
			TotalCount int
			Nodes      []struct{ ID string }
			PageInfo   struct {
				HasPreviousPage, HasNextPage bool
				StartCursor, EndCursor       string
			}
		}
	}
	Errors []struct{ Extensions map[string]any }
}

// page asks for a page by a key.
func (s *instance) page(t *testing.T, key string, filter part, arguments string) page {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"query": `query($f: ChatFilter) { searchChats(filter: $f, ` + arguments + `) {
			totalCount nodes { id } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } }`,
		"variables": map[string]any{"f": json.RawMessage(filter.json())},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, answer := s.send(t, http.MethodPost, "/graphql", string(body), "Authorization: Bearer "+key, "Content-Type: application/json")
	var p page
	if err := json.Unmarshal([]byte(answer), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestEveryScope searches by every filter in every scope, and compares with
// filters that are written independently.
func TestEveryScope(t *testing.T) {
	s, keys, chats := scoped(t, scopes())
	refused, matched := 0, 0
	for i, scope := range scopes() {
		t.Run("the scope "+scope.json()+" narrows or refuses each filter", func(t *testing.T) {
			for _, filter := range filters() {
				before := chats.Requests()
				p := s.page(t, keys[i], filter, "first: 10000")
				if argument := scope.refused(filter); argument != "" {
					refused++
					if len(p.Errors) != 1 || p.Errors[0].Extensions["code"] != "FORBIDDEN" || p.Errors[0].Extensions["argument"] != argument || chats.Requests() != before {
						t.Errorf("%s: got %+v, want %s refused", filter.json(), p, argument)
					}
					continue
				}
				if assertChats(t, p, chats, scope, filter) > 0 {
					matched++
				}
			}
		})
	}
	t.Run("there are enough cases of both kinds", func(t *testing.T) {
		if refused < 100 || matched < 300 {
			t.Errorf("%d refused, %d with matches", refused, matched)
		}
	})
}

// assertChats fails unless a page has the chats that are in both a scope and a
// filter. It returns how many these are.
func assertChats(t *testing.T, p page, chats *sandbox.Server, scope, filter part) int {
	t.Helper()
	want, got := []string{}, []string{}
	for _, c := range chats.Chats() {
		if c.LastMessageTimestamp != nil && scope.holds(c) && filter.holds(c) {
			want = append(want, c.ID)
		}
	}
	if p.Data.SearchChats == nil {
		t.Errorf("%s: got %v", filter.json(), p.Errors)
		return 0
	}
	for _, node := range p.Data.SearchChats.Nodes {
		got = append(got, node.ID)
	}
	if !reflect.DeepEqual(got, want) || p.Data.SearchChats.TotalCount != len(want) {
		t.Errorf("%s: got %d of %d, want %d", filter.json(), len(got), p.Data.SearchChats.TotalCount, len(want))
	}
	return len(want)
}

// TestCursorsOfAnotherCaller uses the cursors of a caller who sees all chats:
// whatever they point to, only chats of the own scope are found.
func TestCursorsOfAnotherCaller(t *testing.T) {
	pinned := part{labels: []string{"VIP"}, statuses: []string{"PENDING", "ASSIGNED"}}
	s, keys, chats := scoped(t, []part{{}, pinned})
	inside := map[string]bool{}
	for _, c := range chats.Chats() {
		if c.LastMessageTimestamp != nil && pinned.holds(c) {
			inside[c.ID] = true
		}
	}
	for cursor, more := "", true; more; {
		after := ""
		if cursor != "" {
			after = fmt.Sprintf(", after: %q", cursor)
		}
		info := s.page(t, keys[0], part{}, "first: 40"+after).Data.SearchChats.PageInfo
		cursor, more = info.EndCursor, info.HasNextPage
		for _, arguments := range []string{fmt.Sprintf("first: 10000, after: %q", cursor), fmt.Sprintf("last: 10000, before: %q", cursor)} {
			p := s.page(t, keys[1], part{}, arguments)
			if p.Data.SearchChats == nil || p.Data.SearchChats.TotalCount != len(inside) {
				t.Fatalf("%s: got %+v", arguments, p)
			}
			for _, node := range p.Data.SearchChats.Nodes {
				if !inside[node.ID] {
					t.Errorf("%s: %s is not in the scope", arguments, node.ID)
				}
			}
		}
	}
}

// TestSharedPageHasEachCallersCursors has two callers ask for the same chats by
// different filters: they share the page that is kept, but the cursors of each
// fit the own filter.
func TestSharedPageHasEachCallersCursors(t *testing.T) {
	vip := part{labels: []string{"VIP"}}
	s, keys, chats := scoped(t, []part{{}, vip}, "-cache-ttl", "1h")
	for i, filter := range []part{vip, {}} {
		before := chats.Requests()
		first := s.page(t, keys[i], filter, "first: 5").Data.SearchChats
		if n := chats.Requests() - before; first == nil || n != 1-i {
			t.Fatalf("caller %d: got %v after %d requests", i, first, n)
		}
		if next := s.page(t, keys[i], filter, fmt.Sprintf("first: 5, after: %q", first.PageInfo.EndCursor)); next.Data.SearchChats == nil {
			t.Errorf("caller %d: the next page is %v", i, next.Errors)
		}
	}
}

func TestAChatOutsideOfTheScopeFailsTheSearch(t *testing.T) {
	texterURL := serveTexter(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"_id":"canary","labels":["other"]}],"total":4711}`)
	})
	key, line := makeKey(t, "vip", `{"labels":["VIP"]}`)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", texterURL, "-access-keys", keyFile(t, line))
	for _, fields := range []string{"totalCount", "nodes { id }"} {
		t.Run("neither the chat nor the count is shown by "+fields, func(t *testing.T) {
			_, body := s.query(t, "{ searchChats { "+fields+" } }", "Authorization: Bearer "+key)
			if !strings.Contains(body, `"code":"UPSTREAM_INVALID_RESPONSE"`) || strings.Contains(body, "canary") || strings.Contains(body, "4711") {
				t.Errorf("got %s", body)
			}
		})
	}
}
