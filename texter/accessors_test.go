package texter

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// fullRow is a chat with every documented field. Texts are of the letter,
// numbers of the digit.
const fullRow = `{
	"_id": "aaaa", "title": "aaaa", "displayName": "aaaa", "personId": "aaaa", "image": "aaaa", "channel": "whatsapp",
	"channelInfo": {"name": "whatsapp", "id": "aaaa", "accountId": "aaaa", "metadata": {"a": "a"}},
	"entityPhone": "aaaa", "clientPhone": "aaaa", "clientPhoneE164": "aaaa", "departmentId": "aaaa", "status": 1, "unreadCount": 1, "labels": ["aaaa", "aaaa"],
	"agent": {"uid": "aaaa", "displayName": "aaaa"},
	"last_message_timestamp": 1111, "lastIncomingMessageTimestamp": 1111, "created": "2011-01-01T11:11:11.111Z", "updatedAt": "2011-01-01T11:11:11.111Z",
	"pendingMessageTime": 1111, "pendingUpdateTime": 1111, "resolvedUpdateTime": 1111, "unsubscribed": {"date": "2011-01-01T11:11:11.111Z"},
	"botState": {"id": "aaaa", "flowVersion": {"identifier": "aaaa", "version": 1}, "node": "aaaa", "userState": {"a": "a"}},
	"previousBotSession": {"id": "aaaa", "flowVersion": {"identifier": "aaaa", "version": 1}, "node": "aaaa", "userState": {"a": "a"}},
	"replyAction": {
		"created": 1111, "expirationTime": 1111, "chatStatus": 1, "setBotNode": "aaaa", "bot": "aaaa", "replyText": "aaaa", "responsibleAgent": {"a": "a"},
		"responsibleDepartment": "aaaa", "replyToTemplateFile": {"url": "aaaa", "name": "aaaa"}, "resolveTime": 1111
	},
	"sendingBulkAgent": "aaaa", "crmData": {"a": "a"}, "crmDeepLink": "aaaa", "externalBot": true
}`

// otherRow has other texts and numbers in the same places.
var otherRow = strings.NewReplacer(`"aaaa"`, `"bbbb"`, `{"a": "a"}`, `{"b": "b"}`, "whatsapp", "telegram", "2011", "2022", "E164", "E164", "1", "2").Replace(fullRow)

// accessed is what one accessor has returned.
type accessed struct {
	accessor string // such as Chat.BotState.Flow.Identifier
	value    any
	text     string // of value, when it was returned
}

// access calls every accessor of an object, which is a chat or a part of one,
// and of the parts that those return. Accessors are all exported methods
// without arguments and all exported fields. Each must return a value: what is
// null would prove nothing.
func access(t *testing.T, object reflect.Value, path string) (all []accessed) {
	t.Helper()
	add := func(name string, value any) { all = append(all, accessed{name, value, textOf(value)}) }
	for i := range object.NumMethod() {
		name, method := path+"."+object.Type().Method(i).Name, object.Method(i)
		if method.Type().NumIn() > 0 || method.Type().NumOut() == 0 {
			continue
		}
		results := method.Call(nil)
		if len(results) == 2 && !results[1].Bool() {
			t.Errorf("%s returns nothing of the full row", name)
		} else if isPart(results[0].Type()) {
			all = append(all, access(t, results[0], name)...)
		} else {
			add(name, results[0].Interface())
		}
	}
	for _, field := range reflect.VisibleFields(reflect.Indirect(object).Type()) {
		if field.IsExported() {
			add(path+"."+field.Name, reflect.Indirect(object).FieldByIndex(field.Index).Interface())
		}
	}
	return all
}

// isPart reports whether a type is that of an object within a chat.
func isPart(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	_, ok := t.FieldByName("part")
	return ok
}

// textOf is a copy of the value, for comparison.
func textOf(value any) string {
	switch v := value.(type) {
	case json.RawMessage:
		return string(v)
	case *Timestamp:
		return fmt.Sprint(*v)
	}
	return fmt.Sprint(value)
}

// TestAllThatIsReachedThroughChatsStaysGood: the values that every accessor
// returned before the page was released, and those that it returns afterwards.
func TestAllThatIsReachedThroughChatsStaysGood(t *testing.T) {
	page := readBodyOf(t, inPage(fullRow))
	chat := reflect.ValueOf(page.Chats()[0])
	before := access(t, chat, "Chat")
	page.Release()
	readOthers(t, inPage(otherRow))
	after := access(t, chat, "Chat")
	for i, a := range before {
		t.Run(a.accessor, func(t *testing.T) {
			if a.text == "" || a.text == "[]" || a.text == "<nil>" {
				t.Fatal("it has no value to look at: fullRow needs one")
			}
			if got := textOf(a.value); got != a.text {
				t.Errorf("the value that it returned was %s and is %s", a.text, got)
			}
			if after[i].text != a.text {
				t.Errorf("it returned %s and returns %s", a.text, after[i].text)
			}
		})
	}
	if len(before) < 50 {
		t.Errorf("only %d accessors", len(before))
	}
}

// TestViewsChangeWithTheNextPage shows that the test above can fail: what is
// reached through ChatViews is in memory that is used again.
func TestViewsChangeWithTheNextPage(t *testing.T) {
	page := readBodyOf(t, inPage(fullRow))
	b := page.buffer
	before := access(t, reflect.ValueOf(page.ChatViews()[0]), "Chat")
	page.Release()
	b.body = append(b.body[:0], inPage(otherRow)...)
	if _, err := b.decode(b.body); err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, a := range before {
		switch a.value.(type) {
		case Text, json.RawMessage, []string, *Timestamp, ChannelName:
			if changed++; textOf(a.value) == a.text {
				t.Errorf("%s is still %s", a.accessor, a.text)
			}
		}
	}
	if changed < 30 {
		t.Errorf("only %d values are views", changed)
	}
}
