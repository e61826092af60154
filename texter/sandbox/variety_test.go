package sandbox_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"texter-graphql/texter/sandbox"
)

func TestMadeUpChatsAreVaried(t *testing.T) {
	chats := sandbox.New(sandbox.Options{Seed: 3, Now: stopped}).Chats()
	channels, statuses, accounts := map[string]int{}, map[int]int{}, map[string]bool{}
	seen, people, states := map[string]bool{}, map[string]int{}, map[string]int{}
	for _, c := range chats {
		channels[c.ChannelInfo.Name]++
		statuses[c.Status]++
		accounts[c.ChannelInfo.Name+" "+c.ChannelInfo.AccountID] = true
		seen[c.ID] = true
		people[c.PersonID]++
		states[string(c.BotState[:min(4, len(c.BotState))])]++
	}
	for _, name := range []string{"whatsapp", "messenger", "instagram", "website_chat", "email"} {
		if channels[name] < 200 {
			t.Errorf("%d chats on %s", channels[name], name)
		}
	}
	for status := range 5 {
		if statuses[status] < 100 {
			t.Errorf("%d chats of status %d", statuses[status], status)
		}
	}
	if channels["telegram"] != 10 || statuses[7] != 10 || channels["sms"] == 0 {
		t.Errorf("the rare chats: %v, %v", channels, statuses)
	}
	if len(seen) != 5000 || len(accounts) != 13 || states["{}"] == 0 || states["null"] == 0 || states[`{"id`] == 0 {
		t.Errorf("%d ids, %d accounts, bot states %v", len(seen), len(accounts), states)
	}
	delete(people, "")
	if most := slices.Max(slices.Collect(maps.Values(people))); most < 2 || most > 20 {
		t.Errorf("a person has up to %d chats", most)
	}
}

func TestMostChatsAreRecent(t *testing.T) {
	week, rest := 0, 0
	for _, c := range sandbox.New(sandbox.Options{Now: stopped}).Chats() {
		if c.LastMessageTimestamp == nil {
			continue
		}
		if age := noon.UnixMilli() - *c.LastMessageTimestamp; age < 7*24*3600*1000 {
			week++
		} else if age > 300*24*3600*1000 {
			rest++
		}
	}
	if week < 500 || rest < 50 || week < 2*rest {
		t.Errorf("%d chats within a week, %d older than 300 days", week, rest)
	}
}

func TestFieldsOfOneChatAgree(t *testing.T) {
	silent := 0
	for _, c := range sandbox.New(sandbox.Options{Seed: 3, Now: stopped}).Chats() {
		if (c.Agent.UID == nil) != (c.Agent.DisplayName == "") || c.Status == 2 && c.Agent.UID == nil {
			t.Errorf("%s: status %d, agent %+v", c.ID, c.Status, c.Agent)
		}
		if c.Status == 3 && c.ResolvedUpdateTime == nil {
			t.Errorf("%s is resolved, but when?", c.ID)
		}
		if l := slices.Sorted(slices.Values(c.Labels)); len(slices.Compact(l)) != len(c.Labels) {
			t.Errorf("%s has a label twice: %v", c.ID, c.Labels)
		}
		switch last, in := c.LastMessageTimestamp, c.LastIncomingMessageTimestamp; {
		case in == nil && last != nil:
			silent++
		case in != nil && (last == nil || *in > *last):
			t.Errorf("%s: the contact wrote after the last message", c.ID)
		}
	}
	if silent == 0 {
		t.Error("every contact wrote; after a bulk send some should not have")
	}
}

// TestTheFirstPageReachesBackMinutes: a demo needs more than a second, and less than
// a day.
func TestTheFirstPageReachesBackMinutes(t *testing.T) {
	chats := sandbox.New(sandbox.Options{Now: stopped}).Chats()
	span := time.Duration(*chats[0].LastMessageTimestamp-*chats[29].LastMessageTimestamp) * time.Millisecond
	if span < 10*time.Minute || span > 12*time.Hour {
		t.Errorf("the first 30 chats span %v", span)
	}
}
