package sandbox_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"texter-graphql/texter/sandbox"
)

// sample reads a sample of the reference. It refuses fields that Chat does not have.
func sample(t *testing.T, name string, into any) (raw []byte) {
	t.Helper()
	raw, err := os.ReadFile("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestTheSampleResponseIsSentAsItIs, once its chat is in the sandbox.
func TestTheSampleResponseIsSentAsItIs(t *testing.T) {
	var body struct {
		Data  []sandbox.Chat
		Total int
	}
	raw := sample(t, "search-response.json", &body)
	u := start(t, sandbox.Options{Chats: -1})
	u.Add(body.Data[0])
	same(t, []byte(u.find("search", "0521234567").body), raw)
}

// TestTheSampleChatIsSentAsItIs: it has every field, set or null.
func TestTheSampleChatIsSentAsItIs(t *testing.T) {
	var c sandbox.Chat
	raw := sample(t, "chat-object.json", &c)
	u := start(t, sandbox.Options{Chats: -1})
	u.Add(c)
	row, err := json.Marshal(u.find("search", "the gym").Data[0])
	if err != nil {
		t.Fatal(err)
	}
	same(t, row, raw)
}

func same(t *testing.T, got, want []byte) {
	t.Helper()
	var g, w any
	if json.Unmarshal(got, &g) != nil || json.Unmarshal(want, &w) != nil || !reflect.DeepEqual(g, w) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestRowsAreTheirChats: what is sent is decoded to an equal Chat.
func TestRowsAreTheirChats(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 300})
	var rows struct{ Data []sandbox.Chat }
	if err := json.Unmarshal([]byte(u.find("limit", "300", "showNoMessages", "1").body), &rows); err != nil {
		t.Fatal(err)
	}
	for i, want := range u.Chats() {
		if !reflect.DeepEqual(rows.Data[i], want) {
			t.Fatalf("row %d:\n got %+v\nwant %+v", i, rows.Data[i], want)
		}
	}
}
