package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// part is a scope or a filter in this test's own terms; empty parts do not
// narrow.
type part struct {
	account  [2]string // network and account id
	labels   []string
	statuses []string
}

// json is the part as a scope is written, and as a variable of GraphQL.
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

// holds says whether a chat belongs, by the words of Texter's API reference.
func (p part) holds(c sandbox.Chat) bool {
	status := []string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK", "none"}[min(c.Status, 5)]
	account := [2]string{strings.ToUpper(c.ChannelInfo.Name), c.ChannelInfo.AccountID}
	return (p.account[0] == "" || p.account == account) &&
		(p.labels == nil || slices.ContainsFunc(c.Labels, func(l string) bool { return slices.Contains(p.labels, l) })) &&
		(p.statuses == nil || slices.Contains(p.statuses, status))
}

// refused is the argument for which a filter leads out of a scope, or empty.
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

// parts are all combinations of these.
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
func scoped(t *testing.T, scopes []part, args ...string) (s *service, keys []string, chats *sandbox.Server) {
	t.Helper()
	chats = sandbox.New(sandbox.Options{Chats: 400})
	server := httptest.NewServer(chats)
	t.Cleanup(server.Close)
	var lines []string
	for i, scope := range scopes {
		key, line := makeKey(t, fmt.Sprint("key", i), scope.json())
		keys, lines = append(keys, key), append(lines, line)
	}
	args = append(args, "-texter-url", server.URL+sandbox.BasePath, "-access-keys", keyFile(t, lines...))
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
func (s *service) page(t *testing.T, key string, filter part, arguments string) page {
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

// TestEveryScope drives every filter through every scope and compares with
// filters written apart: what comes back is in both, or the filter is refused
// before Texter is called.
func TestEveryScope(t *testing.T) {
	s, keys, chats := scoped(t, scopes())
	all := chats.Chats()
	refused, matched := 0, 0
	for i, scope := range scopes() {
		for _, filter := range filters() {
			name, before := scope.json()+" "+filter.json(), chats.Requests()
			p := s.page(t, keys[i], filter, "first: 10000")
			if argument := scope.refused(filter); argument != "" {
				refused++
				if len(p.Errors) != 1 || p.Errors[0].Extensions["code"] != "FORBIDDEN" || p.Errors[0].Extensions["argument"] != argument || chats.Requests() != before {
					t.Errorf("%s: got %+v, want %s refused", name, p, argument)
				}
				continue
			}
			want, got := []string{}, []string{}
			for _, c := range all {
				if c.LastMessageTimestamp != nil && scope.holds(c) && filter.holds(c) {
					want = append(want, c.ID)
				}
			}
			if p.Data.SearchChats == nil {
				t.Errorf("%s: got %v", name, p.Errors)
				continue
			}
			for _, node := range p.Data.SearchChats.Nodes {
				got = append(got, node.ID)
			}
			if !reflect.DeepEqual(got, want) || p.Data.SearchChats.TotalCount != len(want) {
				t.Errorf("%s: got %d of %d, want %d", name, len(got), p.Data.SearchChats.TotalCount, len(want))
			}
			if len(want) > 0 {
				matched++
			}
		}
	}
	t.Logf("%d refused, %d with matches", refused, matched)
	if refused < 100 || matched < 300 {
		t.Error("too few to tell")
	}
}

// TestCursorOfAnother pages by the cursors of a caller who sees everything:
// whatever they point to, only chats of the scope come back.
func TestCursorOfAnother(t *testing.T) {
	pinned := part{labels: []string{"VIP"}, statuses: []string{"PENDING", "ASSIGNED"}}
	s, keys, chats := scoped(t, []part{{}, pinned})
	inside := map[string]bool{}
	for _, c := range chats.Chats() {
		if c.LastMessageTimestamp != nil && pinned.holds(c) {
			inside[c.ID] = true
		}
	}
	for after := ""; ; {
		whole := s.page(t, keys[0], part{}, "first: 40"+after).Data.SearchChats
		after = fmt.Sprintf(", after: %q", whole.PageInfo.EndCursor)
		for _, arguments := range []string{"first: 10000" + after, "last: 10000, before" + after[len(", after"):]} {
			p := s.page(t, keys[1], part{}, arguments)
			if p.Data.SearchChats == nil || p.Data.SearchChats.TotalCount != len(inside) {
				t.Fatalf("got %+v", p)
			}
			for _, node := range p.Data.SearchChats.Nodes {
				if !inside[node.ID] {
					t.Errorf("%s is not in the scope", node.ID)
				}
			}
		}
		if !whole.PageInfo.HasNextPage {
			return
		}
	}
}

// TestKeptPageOfAnother has callers ask for the same chats by different filters:
// they share the page that is kept, but each gets cursors that go with its own.
func TestKeptPageOfAnother(t *testing.T) {
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

// TestTexterThatDoesNotFilter has an answer with a chat outside the scope:
// neither it nor the count is shown.
func TestTexterThatDoesNotFilter(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"_id":"canary","labels":["other"]}],"total":4711}`)
	}))
	t.Cleanup(server.Close)
	key, line := makeKey(t, "vip", `{"labels":["VIP"]}`)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", server.URL, "-access-keys", keyFile(t, line))
	for _, fields := range []string{"totalCount", "nodes { id }"} {
		_, body := s.send(t, http.MethodPost, "/graphql", `{"query":"{ searchChats { `+fields+` } }"}`, "Authorization: Bearer "+key, "Content-Type: application/json")
		if !strings.Contains(body, `"code":"UPSTREAM_INVALID_RESPONSE"`) || strings.Contains(body, "canary") || strings.Contains(body, "4711") {
			t.Errorf("%s: got %s", fields, body)
		}
	}
}
