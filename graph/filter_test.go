package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// filterCase is a filter, in terms that this test shares with no other code.
type filterCase struct {
	search         string
	channel        string // as in GraphQL
	account        string
	labels         []string
	statuses       []string
	showNoMessages *bool
}

// name returns the name of the case.
func (f filterCase) name() string {
	return fmt.Sprintf("%q %s %q %q %v", f.search, f.channel, f.labels, f.statuses, f.variable()["showNoMessages"])
}

// variable returns the filter as a value of ChatFilter.
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
	if f.showNoMessages != nil {
		v["showNoMessages"] = *f.showNoMessages
	}
	return v
}

// matches reports whether the filter finds a chat, by Texter's API reference.
func (f filterCase) matches(c sandbox.Chat) bool {
	if c.LastMessageTimestamp == nil && (f.showNoMessages == nil || !*f.showNoMessages) {
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
	return f.search == "" || matchesSearch(c, f.search)
}

func matchesSearch(c sandbox.Chat, search string) bool {
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

// filterCases returns every combination of some values of each part.
func filterCases() []filterCase {
	yes, no := true, false
	var cases []filterCase
	for _, search := range []string{"", "LEVI", "לוי", "058000", "O'"} {
		for _, account := range [][2]string{{}, {"WHATSAPP", "97230000001"}, {"EMAIL", "shop+orders@example.com"}} {
			for _, labels := range [][]string{nil, {"VIP"}, {"R&D+beta", "לקוח_חוזר", "VIP", "VIP"}} {
				for _, statuses := range [][]string{nil, {"PENDING"}, {"BOT", "ASSIGNED", "RESOLVED", "BULK", "BOT"}} {
					for _, showNoMessages := range []*bool{nil, &yes, &no} {
						cases = append(cases, filterCase{search, account[0], account[1], labels, statuses, showNoMessages})
					}
				}
			}
		}
	}
	return cases
}

// TestEveryFilter sends every combination through GraphQL, the client and the
// sandbox, and compares the result with that of matches.
func TestEveryFilter(t *testing.T) {
	s, chats := newSandboxService(t, sandbox.Options{Chats: manyChats()})
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
		var want []string
		for _, c := range all {
			if f.matches(c) {
				want = append(want, c.ID)
			}
		}
		if len(want) > 0 {
			matched++
		}
		t.Run(f.name(), func(t *testing.T) {
			found := query[data](t, s, document, map[string]any{"f": f.variable()}).SearchChats
			var got []string
			for _, node := range found.Nodes {
				got = append(got, node.ID)
			}
			if !slices.Equal(got, want) || found.TotalCount != len(want) {
				t.Errorf("got %d chats of %d, want %d", len(got), found.TotalCount, len(want))
			}
		})
	}
	t.Run("most filters find chats", func(t *testing.T) {
		t.Logf("%d of %d filters find chats", matched, len(cases))
		if matched < 200 {
			t.Error("these are too few")
		}
	})
}
