package texter

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// addCorpus adds the samples of Texter's API reference and a few more.
func addCorpus(f *testing.F) {
	f.Helper()
	samples, err := filepath.Glob("testdata/*.json")
	if err != nil || len(samples) == 0 {
		f.Fatalf("no samples: %v", err)
	}
	for _, sample := range samples {
		text, err := os.ReadFile(sample)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add([]byte(inPage(string(text))))
	}
	for _, text := range []string{
		"", `{"data":[],"total":0}`, inPage(`{"_id":"x","title":"a","title":null,"status":1.0}`), inPage(`{"_id" : "x" , "status" : -0 , "labels" : [ ] }`),
		inPage(`{"\u005fid":"\ud83d\ude00","labels":["é",""],"unreadCount":7,"last_message_timestamp":1762012091000.5}`),
	} {
		f.Add([]byte(text))
	}
}

// facts are the fields that are compared with those that encoding/json decodes.
// They are looked up in maps, since encoding/json ignores the case of the keys of
// a struct.
type facts struct {
	title       *string
	status      *int
	labels      []string
	unreadCount *int
	lastMessage *float64
}

// factsOf decodes a body by encoding/json; ok is false if that fails.
func factsOf(body []byte) (all []facts, ok bool) {
	var page map[string]json.RawMessage
	var rows []map[string]json.RawMessage
	if json.Unmarshal(body, &page) != nil || json.Unmarshal(page["data"], &rows) != nil {
		return nil, false
	}
	for _, row := range rows {
		var f facts
		for key, into := range map[string]any{
			"title": &f.title, "status": &f.status, "labels": &f.labels, "unreadCount": &f.unreadCount, "last_message_timestamp": &f.lastMessage,
		} {
			if value := row[key]; value != nil && json.Unmarshal(value, into) != nil {
				return nil, false
			}
		}
		all = append(all, f)
	}
	return all, true
}

// FuzzDecodeSearchPage checks what every decoded page promises, and compares it
// with what encoding/json decodes. Its rows, sent again in another order, are the
// same.
func FuzzDecodeSearchPage(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := decodeSearchPage(body)
		if err != nil {
			if page != nil {
				t.Errorf("a page beside %v", err)
			}
			return
		}
		for i, c := range page.chats {
			if c.ID == "" || !json.Valid(c.Raw()) {
				t.Errorf("row %d has id %q, raw %q", i, c.ID, c.Raw())
			}
		}
		rows := []string{`{"_id":"new"}`}
		for _, c := range slices.Backward(page.chats) {
			rows = append(rows, string(c.Raw()))
		}
		turned := []byte(inPage(strings.Join(rows, ", ")))
		if again, err := new(buffer).decode(turned, page.chats...); err != nil {
			t.Errorf("its rows, again: %v", err)
		} else if plain, err := decodeSearchPage(turned); err != nil {
			t.Error(err)
		} else {
			samePage(t, again, plain)
		}
		all, ok := factsOf(bytes.ToValidUTF8(body, []byte("\uFFFD")))
		if !ok {
			return
		}
		if len(all) != len(page.chats) {
			t.Fatalf("got %d rows, want %d", len(page.chats), len(all))
		}
		for i, want := range all {
			compare(t, page.chats[i], want)
		}
	})
}

func compare(t *testing.T, c *Chat, want facts) {
	t.Helper()
	if !equal(str(c.Title()), want.title) || !equal(ptr(c.StatusCode()), want.status) || !equal(ptr(c.UnreadCount()), want.unreadCount) || !slices.Equal(c.LabelIDs, want.labels) {
		t.Errorf("got %+v, want %+v", c, want)
	}
	switch {
	case (c.LastMessageAt == nil) != (want.lastMessage == nil):
		t.Errorf("the time is %v, want %v", c.LastMessageAt, want.lastMessage)
	case c.LastMessageAt != nil && float64(*c.LastMessageAt) != math.Round(*want.lastMessage):
		t.Errorf("the time is %v, want %v", *c.LastMessageAt, *want.lastMessage)
	}
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
