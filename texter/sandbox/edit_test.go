package sandbox_test

import (
	"encoding/json"
	"slices"
	"testing"

	"texter-graphql/texter/sandbox"
)

func TestAMessageMovesItsChatToTheTop(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 50})
	chats := u.Chats()
	last := *chats[0].LastMessageTimestamp
	// The clock stands still, and yet each message must be later. The last of all
	// chats has no messages yet.
	for _, c := range []sandbox.Chat{chats[40], chats[49], chats[0]} {
		if !u.Message(c.ID) {
			t.Fatal("Message did not find the chat")
		}
		top := u.Chats()[0]
		if top.ID != c.ID || *top.LastMessageTimestamp <= last {
			t.Errorf("top is %s at %d, want %s after %d", top.ID, *top.LastMessageTimestamp, c.ID, last)
		}
		if *top.LastIncomingMessageTimestamp != *top.LastMessageTimestamp || top.UnreadCount != c.UnreadCount+1 {
			t.Errorf("the message is not an incoming one: %+v", top)
		}
		last = *top.LastMessageTimestamp
		if got := u.find("limit", "1").ids(); got[0] != c.ID {
			t.Errorf("the search has %s on top, want %s", got[0], c.ID)
		}
	}
	if first := u.Chats()[2]; *first.LastMessageTimestamp != noon.UnixMilli() {
		t.Errorf("the first message came at %d, want now, %d", *first.LastMessageTimestamp, noon.UnixMilli())
	}
	if u.Message("nobody") {
		t.Error("Message found a chat that does not exist")
	}
}

func TestAMessageIsLaterThanThoseOfDeletedChats(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 3})
	future := noon.UnixMilli() + 1000
	u.Add(chatAt("future", future))
	u.Delete("future")
	u.Message(u.Chats()[2].ID)
	if got := *u.Chats()[0].LastMessageTimestamp; got != future+1 {
		t.Errorf("got %d, want %d", got, future+1)
	}
}

func TestChatsAreAddedEditedAndDeleted(t *testing.T) {
	u := start(t, sandbox.Options{Chats: -1})
	for id, at := range map[string]int64{"c": 20, "a": 30, "b": 20, "d": 10} {
		u.Add(chatAt(id, at))
	}
	expect := func(step string, want ...string) {
		t.Helper()
		if got := u.find().ids(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", step, got, want)
		}
	}
	expect("added", "a", "b", "c", "d")
	u.Add(chatAt("d", 25))
	expect("added again", "a", "d", "b", "c")
	edited := u.Edit("c", func(c *sandbox.Chat) {
		c.ID, c.Status, c.Labels, c.LastMessageTimestamp = "other", 3, []string{"VIP"}, new(int64(40))
	})
	expect("edited", "c", "a", "d", "b")
	if got := u.find("labels[]", "VIP", "statuses[]", "RESOLVED").ids(); !edited || !slices.Equal(got, []string{"c"}) {
		t.Errorf("edited %v, found %v", edited, got)
	}
	u.Edit("a", func(c *sandbox.Chat) { c.LastMessageTimestamp = nil })
	expect("emptied", "c", "d", "b")
	if !u.Delete("c") || u.Delete("c") || u.Edit("c", func(*sandbox.Chat) {}) {
		t.Error("c should be deleted once, and then be gone")
	}
	expect("deleted", "d", "b")
}

func TestChatsAreCopiedInAndOut(t *testing.T) {
	u := start(t, sandbox.Options{Chats: -1})
	mine := chatAt("a", 10)
	mine.Labels, mine.CRMData = []string{"VIP"}, json.RawMessage(`{"x":1}`)
	mine.Agent.UID, mine.DepartmentID = new("u"), new("d")
	u.Add(mine)
	before := u.find().body
	for _, c := range []sandbox.Chat{mine, u.Chats()[0]} {
		c.Labels[0], c.CRMData[2] = "changed", 'y'
		*c.Agent.UID, *c.DepartmentID, *c.LastMessageTimestamp = "changed", "changed", 99
	}
	u.Edit("a", func(*sandbox.Chat) {}) // encodes the chat anew
	if after := u.find("labels[]", "VIP").body; after != before {
		t.Errorf("the chat changed from outside:\n%s\n%s", before, after)
	}
}

func TestAnEditThatLeavesBadJSONChangesNothing(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 3})
	before := u.find().body
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		u.Edit(u.Chats()[0].ID, func(c *sandbox.Chat) { c.BotState = json.RawMessage("{") })
	}()
	if after := u.find().body; after != before {
		t.Errorf("got %s, want %s", after, before)
	}
}

func TestFieldsAreAbsentNullOrEmpty(t *testing.T) {
	u := start(t, sandbox.Options{Chats: -1})
	u.Add(sandbox.Chat{ID: "a", LastMessageTimestamp: new(int64(0)), Labels: []string{}, BotState: json.RawMessage("null"), CRMData: json.RawMessage("{}")})
	want := `{"data":[{"_id":"a","title":"","channelInfo":{"name":"","id":"","accountId":""},"agent":{"uid":null,"displayName":""},` +
		`"departmentId":null,"status":0,"unreadCount":0,"labels":[],"last_message_timestamp":0,"botState":null,"crmData":{},"externalBot":false}],"total":1}`
	if got := u.find().body; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
