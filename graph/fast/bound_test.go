package fast

import (
	"fmt"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// text is longer than all of a chat that has a bound of its own.
var text = `"` + strings.Repeat("x", 4000) + `"`

// rowsOfOneText are rows in which one text is long, by where it stands.
func rowsOfOneText() (rows []string) {
	for _, place := range []string{
		`"title":%s`, `"displayName":%s`, `"personId":%s`, `"image":%s`, `"channel":%s`, `"entityPhone":%s`, `"clientPhone":%s`, `"clientPhoneE164":%s`,
		`"departmentId":%s`, `"labels":[%s]`, `"sendingBulkAgent":%s`, `"crmData":%s`, `"crmDeepLink":%s`,
		`"channelInfo":{"name":%s}`, `"channelInfo":{"id":%s}`, `"channelInfo":{"accountId":%s}`, `"channelInfo":{"metadata":%s}`,
		`"agent":{"uid":%s}`, `"agent":{"uid":"a","displayName":%s}`,
		`"botState":{"id":%s}`, `"botState":{"node":%s}`, `"botState":{"userState":%s}`, `"botState":{"flowVersion":{"identifier":%s}}`,
		`"previousBotSession":{"id":%s}`, `"previousBotSession":{"userState":%s}`,
		`"replyAction":{"setBotNode":%s}`, `"replyAction":{"bot":%s}`, `"replyAction":{"replyText":%s}`, `"replyAction":{"responsibleAgent":%s}`,
		`"replyAction":{"responsibleDepartment":%s}`, `"replyAction":{"replyToTemplateFile":{"url":%s}}`, `"replyAction":{"replyToTemplateFile":{"name":%s}}`,
	} {
		rows = append(rows, `{"_id":"a",`+fmt.Sprintf(place, text)+`}`)
	}
	return append(rows, `{"_id":`+text+`}`)
}

// TestBound: whichever two fields of a chat are selected, and whichever text of it is
// long, the bound is no less than the size. Where a text stands in two fields, the bound
// must count it twice.
func TestBound(t *testing.T) {
	var chats []*texter.Chat
	for _, row := range rowsOfOneText() {
		page, err := texter.SearchOptions{}.Decode([]byte(`{"total":1,"data":[` + row + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		chats = append(chats, page.Chats()...)
	}
	var leaves []string
	for _, f := range schema.Types["Chat"].Fields {
		if nested := schema.Types[f.Type.Name()]; len(nested.Fields) > 0 {
			for _, below := range nested.Fields {
				selection := ""
				if deeper := schema.Types[below.Type.Name()]; len(deeper.Fields) > 0 {
					selection = "{" + deeper.Fields[0].Name + "}"
				}
				leaves = append(leaves, fmt.Sprintf("%s{%s%s}", f.Name, below.Name, selection))
			}
			continue
		}
		leaves = append(leaves, f.Name)
	}
	bounded := 0
	for i, a := range leaves {
		for _, b := range leaves[i:] {
			plan, ok := compilePlan(parse(t, "{searchChats{nodes{a:"+a+" b:"+b+"}}}"))
			if !ok {
				t.Fatalf("%s and %s: not covered", a, b)
			}
			nodes := plan.fields[0].fields
			for _, chat := range chats {
				e := &encoding{bounds: true}
				bound := sizeFieldsOfChat(nodes, chat, e)
				if size := sizeFieldsOfChat(nodes, chat, &encoding{}); bound < size {
					t.Errorf("%s and %s of %.40s: the bound is %d, the size %d", a, b, chat.Raw(), bound, size)
				}
				if e.estimated {
					bounded++
				}
			}
		}
	}
	if all := len(leaves) * (len(leaves) + 1) / 2 * len(chats); bounded < all*8/10 {
		t.Errorf("%d of %d have a bound", bounded, all)
	}
}
