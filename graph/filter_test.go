package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// filterCase is a filter in this test's own terms.
type filterCase struct {
	search   string
	channel  string // as GraphQL names it
	account  string
	labels   []string
	statuses []string
	noMsg    *bool
}

// variable is the case as a ChatFilter.
func (f filterCase) variable() map[string]any {
	v := map[string]any{}
	if f.search != "" {
		v["search"] = f.search
	}
	if f.channel != "" {
		v["channel"] = map[string]any{"name": f.channel, "accountId": f.account}
	}
	if f.labels != nil {
		v["labels"] = f.labels
	}
	if f.statuses != nil {
		v["statuses"] = f.statuses
	}
	if f.noMsg != nil {
		v["showNoMessages"] = *f.noMsg
	}
	return v
}

// matches says whether a chat should come back, by the words of Texter's API
// reference.
func (f filterCase) matches(c sandbox.Chat) bool {
	if c.LastMessageTimestamp == nil && (f.noMsg == nil || !*f.noMsg) {
		return false
	}
	if f.channel != "" && (strings.ToUpper(c.ChannelInfo.Name) != f.channel || c.ChannelInfo.AccountID != f.account) {
		return false
	}
	if f.labels != nil && !slices.ContainsFunc(c.Labels, func(l string) bool { return slices.Contains(f.labels, l) }) {
		return false
	}
	names := []string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK"}
	if f.statuses != nil && (c.Status >= len(names) || !slices.Contains(f.statuses, names[c.Status])) {
		return false
	}
	return f.search == "" || found(c, f.search)
}

func found(c sandbox.Chat, search string) bool {
	text := strings.ToLower(search)
	if strings.Contains(strings.ToLower(c.Title), text) || strings.Contains(strings.ToLower(c.DisplayName), text) {
		return true
	}
	phones := c.ClientPhone + " " + c.ClientPhoneE164
	if digits, local := strings.CutPrefix(search, "0"); local && strings.Contains(phones, "+972"+digits) {
		return true
	}
	return strings.Contains(phones, search)
}

// filterCases is every combination of some of each part.
func filterCases() []filterCase {
	yes, no := true, false
	var cases []filterCase
	for _, search := range []string{"", "LEVI", "לוי", "058000", "O'"} {
		for _, account := range [][2]string{{}, {"WHATSAPP", "97230000001"}, {"EMAIL", "shop+orders@example.com"}} {
			for _, labels := range [][]string{nil, {"VIP"}, {"R&D+beta", "לקוח_חוזר", "VIP", "VIP"}} {
				for _, statuses := range [][]string{nil, {"PENDING"}, {"BOT", "ASSIGNED", "RESOLVED", "BULK", "BOT"}} {
					for _, noMsg := range []*bool{nil, &yes, &no} {
						cases = append(cases, filterCase{search, account[0], account[1], labels, statuses, noMsg})
					}
				}
			}
		}
	}
	return cases
}

// TestEveryFilter drives every combination through GraphQL, the client and the
// sandbox, and compares with a filter written apart.
func TestEveryFilter(t *testing.T) {
	s, chats := sandboxed(t, sandbox.Options{Chats: manyChats()})
	all := chats.Chats()
	const document = `query($f: ChatFilter) { searchChats(filter: $f, first: 10000) { totalCount nodes { id } } }`
	type data struct {
		SearchChats struct {
			TotalCount int
			Nodes      []struct{ ID string }
		}
	}
	cases, matched := filterCases(), 0
	for _, f := range cases {
		var want, got []string
		for _, c := range all {
			if f.matches(c) {
				want = append(want, c.ID)
			}
		}
		answer := query[data](t, s, document, map[string]any{"f": f.variable()}).SearchChats
		for _, node := range answer.Nodes {
			got = append(got, node.ID)
		}
		if !slices.Equal(got, want) || answer.TotalCount != len(want) {
			t.Errorf("%v: got %d chats of %d, want %d", f.variable(), len(got), answer.TotalCount, len(want))
		}
		if len(want) > 0 {
			matched++
		}
	}
	t.Logf("%d filters, %d of them with matches", len(cases), matched)
	if len(cases) < 200 || matched < 200 {
		t.Error(fmt.Errorf("%d filters with matches are too few to tell", matched))
	}
}
