package sandbox_test

import (
	"fmt"
	"slices"
	"testing"

	"texter-graphql/texter/sandbox"
)

func TestRowsAreOrderedAndCounted(t *testing.T) {
	u := start(t, sandbox.Options{})
	a := u.find("limit", "10000")
	if want := 5000 - 5000/33; a.Total != want || len(a.Data) != want {
		t.Fatalf("got %d rows of %d, want %d", len(a.Data), a.Total, want)
	}
	equal := 0
	for i, row := range a.Data[1:] {
		before, after := a.Data[i]["last_message_timestamp"].(float64), row["last_message_timestamp"].(float64)
		if before < after {
			t.Fatalf("row %d: %.0f before %.0f", i, before, after)
		}
		if before == after {
			equal++
			if a.Data[i]["_id"].(string) >= row["_id"].(string) {
				t.Errorf("row %d: equal times not in order of id", i)
			}
		}
	}
	if equal < 100 {
		t.Errorf("only %d neighbours share a time; bulk sends should", equal)
	}
	if !slices.Equal(a.ids(), ids(u.Chats(), hasMessages)) {
		t.Error("the search and Chats differ")
	}
}

func TestTheDefaultLimitIs30(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 100})
	if a := u.find(); len(a.Data) != 30 || a.Total != 97 {
		t.Errorf("got %d rows of %d, want 30 of 97", len(a.Data), a.Total)
	}
}

func TestAWalkSeesEachChatOnce(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 1000})
	var walked []string
	for {
		a := u.find("limit", "77", "skip", number(len(walked)), "showNoMessages", "1")
		if a.Total != 1000 {
			t.Fatalf("total %d, want 1000", a.Total)
		}
		if len(a.Data) == 0 {
			break
		}
		walked = append(walked, a.ids()...)
	}
	all := ids(u.Chats(), func(sandbox.Chat) bool { return true })
	if !slices.Equal(walked, all) {
		t.Errorf("walked %d chats, not the %d there are in their order", len(walked), len(all))
	}
}

func TestPagesPastTheEndAreEmpty(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 10})
	for _, skip := range []string{"10", "11", "99999999999999999999999"} {
		if a := u.find("skip", skip); a.body != `{"data":[],"total":10}` {
			t.Errorf("skip %s: got %s", skip, a.body)
		}
	}
	if a := u.find("skip", "9"); len(a.Data) != 1 {
		t.Errorf("skip 9: got %d rows, want 1", len(a.Data))
	}
}

func TestASandboxCanBeEmpty(t *testing.T) {
	u := start(t, sandbox.Options{Chats: -1})
	if a := u.find("showNoMessages", "true"); a.body != `{"data":[],"total":0}` {
		t.Errorf("got %s", a.body)
	}
}

func TestContentLengthIsTheLengthOfTheBody(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 500})
	// 500 rows are more than one buffer.
	for _, limit := range []string{"1", "30", "500"} {
		t.Run("limit "+limit, func(t *testing.T) {
			a := u.find("limit", limit)
			if got := a.header.Get("Content-Length"); got != number(len(a.body)) {
				t.Errorf("Content-Length %q for %d bytes", got, len(a.body))
			}
		})
	}
}

func TestChatsWithoutMessagesAreShownOnlyIfAskedFor(t *testing.T) {
	for _, first := range []bool{false, true} {
		t.Run(fmt.Sprintf("first=%t", first), func(t *testing.T) {
			u := start(t, sandbox.Options{Chats: 100, MessagelessFirst: first})
			if a := u.find("limit", "100", "showNoMessages", "0"); a.Total != 97 {
				t.Errorf("hidden: total %d, want 97", a.Total)
			}
			a := u.find("limit", "100", "showNoMessages", "true")
			if a.Total != 100 {
				t.Fatalf("shown: total %d, want 100", a.Total)
			}
			for i, row := range a.Data {
				_, has := row["last_message_timestamp"]
				_, wrote := row["lastIncomingMessageTimestamp"]
				want := i < 97
				if first {
					want = i >= 3
				}
				if has != want || wrote && !has {
					t.Errorf("row %d: has messages %v, contact wrote %v", i, has, wrote)
				}
			}
		})
	}
}
