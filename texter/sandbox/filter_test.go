package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

func named(text string) func(sandbox.Chat) bool {
	return func(c sandbox.Chat) bool {
		return strings.Contains(strings.ToLower(c.Title), text) || strings.Contains(strings.ToLower(c.DisplayName), text)
	}
}

func on(name, account string) func(sandbox.Chat) bool {
	return func(c sandbox.Chat) bool {
		return c.ChannelInfo.Name == name && c.ChannelInfo.AccountID == account
	}
}

func labelled(any ...string) func(sandbox.Chat) bool {
	return func(c sandbox.Chat) bool {
		return slices.ContainsFunc(c.Labels, func(l string) bool { return slices.Contains(any, l) })
	}
}

func status(any ...int) func(sandbox.Chat) bool {
	return func(c sandbox.Chat) bool { return slices.Contains(any, c.Status) }
}

func both(a, b func(sandbox.Chat) bool) func(sandbox.Chat) bool {
	return func(c sandbox.Chat) bool { return a(c) && b(c) }
}

type filter struct {
	query []string // name, value, …
	want  func(sandbox.Chat) bool
}

func filters() []filter {
	return []filter{
		{[]string{"search", "DANA"}, named("dana")},
		{[]string{"search", "דנה"}, named("דנה")},
		{[]string{"search", "MÜLLER"}, named("müller")},
		{[]string{"search", "żÓŁĆ"}, named("żółć")},
		{[]string{"search", "анна ива"}, named("анна ива")},
		{[]string{"search", `"bobby" o'n`}, named(`"bobby" o'n`)},
		{[]string{"search", `k\s`}, named(`k\s`)},
		{[]string{"search", "100% + more"}, named("100% + more")},
		{[]string{"search", "(vIp)"}, named("(vip)")},
		{[]string{"search", "from the gym"}, named("from the gym")},
		{[]string{"search", "🍕🍕"}, named("🍕🍕")},
		{[]string{"search", "أحمد"}, named("أحمد")},
		{[]string{"channel[name]", "whatsapp", "channel[accountId]", "442079460123"}, on("whatsapp", "442079460123")},
		{[]string{"channel[name]", "email", "channel[accountId]", "shop+orders@example.com"}, on("email", "shop+orders@example.com")},
		{[]string{"channel[name]", "website_chat", "channel[accountId]", "shop"}, on("website_chat", "shop")},
		{[]string{"channel[name]", "messenger", "channel[accountId]", "shop"}, on("messenger", "shop")},
		{[]string{"labels[]", "VIP"}, labelled("VIP")},
		{[]string{"labels[]", "VIP", "labels[]", "R&D+beta", "labels[]", "לקוח_חוזר", "labels[]", "none"}, labelled("VIP", "R&D+beta", "לקוח_חוזר")},
		{[]string{"labels[]", "vip"}, labelled("vip")},
		{[]string{"statuses[]", "BOT"}, status(0)},
		{[]string{"statuses[]", "PENDING"}, status(1)},
		{[]string{"statuses[]", "ASSIGNED"}, status(2)},
		{[]string{"statuses[]", "RESOLVED"}, status(3)},
		{[]string{"statuses[]", "BULK", "statuses[]", "BOT"}, status(4, 0)},
		{[]string{"labels[]", "VIP", "statuses[]", "RESOLVED"}, both(labelled("VIP"), status(3))},
		{[]string{"search", "da", "labels[]", "refund"}, both(named("da"), labelled("refund"))},
	}
}

func TestASearchReturnsTheChatsOfItsFilter(t *testing.T) {
	u := start(t, sandbox.Options{Seed: 4, Chats: manyChats()})
	chats := u.Chats()
	nothing := []string{"messenger", "vip"} // these find no chat
	for _, c := range filters() {
		t.Run(strings.Join(c.query, " "), func(t *testing.T) {
			a := u.find(append(c.query, "limit", "10000")...)
			want := ids(chats, both(hasMessages, c.want))
			if !slices.Equal(a.ids(), want) || a.Total != len(want) {
				t.Errorf("got %d rows of %d, want %d", len(a.Data), a.Total, len(want))
			}
			if (len(want) == 0) != slices.Contains(nothing, c.query[1]) {
				t.Errorf("%d chats match, which makes it a poor test", len(want))
			}
		})
	}
}

func TestUnknownStatusesMatchNoName(t *testing.T) {
	u := start(t, sandbox.Options{Chats: -1})
	for i, status := range []int{0, 4, 5, 7, -1, 64, 1000} {
		c := chatAt(number(i), 1)
		c.Status = status
		u.Add(c)
	}
	a := u.find("statuses[]", "BOT", "statuses[]", "PENDING", "statuses[]", "ASSIGNED", "statuses[]", "RESOLVED", "statuses[]", "BULK")
	if !slices.Equal(a.ids(), []string{"0", "1"}) {
		t.Errorf("got %v, want the statuses 0 and 4", a.ids())
	}
	if a := u.find(); a.Total != 7 {
		t.Errorf("without statuses[]: total %d, want 7", a.Total)
	}
}
