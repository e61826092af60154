package fast

import (
	"fmt"
	"slices"
	"sync"

	"texter-graphql/texter"
)

// bound says how large a chat can be in a response, by the size of its row and of the
// few parts that can be there beside it, without a look at the other fields.
type bound struct {
	copies   int    // of the row that it may have; -1 if there is no bound
	names    int    // how often its name is selected
	sessions [2]int // how often the raw of each of sessions is
	rest     int    // bytes that are none of these
}

// apart are the fields of a chat whose texts stand in its row, each at a place of its
// own: what selects each of them once copies a row once at most. So do bot sessions, but
// for their raw.
var apart = []string{
	"id", "title", "displayName", "personId", "image", "channel", "entityPhone", "clientPhone", "clientPhoneE164", "agent", "departmentId",
	"status", "statusCode", "unreadCount", "labelIds", "lastMessageAt", "lastIncomingMessageAt", "createdAt", "updatedAt",
	"pendingMessageAt", "pendingAt", "resolvedAt", "unsubscribedAt", "replyAction", "sendingBulkAgent", "crmData", "crmDeepLink", "externalBot",
}

// sessions are the fields of a chat whose raw is counted by bound.sessions.
var sessions = [2]string{"botState", "previousBotSession"}

// newBound returns the bound of a selection of a chat.
func newBound(fields []field, sizeFields sizeFunc[texter.Chat]) bound {
	var b bound
	names, inSession := fieldsOf("Chat"), fieldsOf("BotSession")
	leaves, all := map[string]int{}, 0
	for _, f := range fields {
		if f.number == typename {
			continue
		}
		name := names[f.number]
		n := 0
		switch session := slices.Index(sessions[:], name); {
		case name == "labels": // whose texts do not stand in the row
			return bound{copies: -1}
		case name == "name":
			n = 1
			b.names++
		case session >= 0:
			for _, below := range f.fields {
				if below.number != typename && inSession[below.number] == "raw" {
					b.sessions[session]++
				} else {
					n += countLeaves(below, name, leaves)
				}
			}
		case slices.Contains(apart, name):
			n = countLeaves(f, "", leaves)
		default:
			n = countLeaves(f, "", map[string]int{})
			b.copies += n
		}
		all += n
	}
	once := 0
	for _, n := range leaves {
		once = max(once, n)
	}
	b.copies += once
	b.rest = sizeFields(fields, largestRow(), whole()) + all*len(longNumber)
	return b
}

// countLeaves counts how often each leaf below a field is selected, by its path. It
// returns how many that are.
func countLeaves(f field, path string, leaves map[string]int) (all int) {
	path = fmt.Sprint(path, " ", f.number)
	if len(f.fields) == 0 {
		leaves[path]++
		return 1
	}
	for _, below := range f.fields {
		all += countLeaves(below, path, leaves)
	}
	return all
}

// longNumber is the longest number of a status, which largestRow does not have: there,
// the status has a long name.
const longNumber = "-2147483648"

// largestRow returns a chat without texts. All else of it is there, and is as large as
// it can be.
var largestRow = sync.OnceValue(func() *texter.Chat {
	const session = `{"id":"","flowVersion":{"version":-2147483648}}`
	page, err := texter.SearchOptions{}.Decode([]byte(`{"total":1,"data":[{"_id":"-","channelInfo":{"name":"website_chat"},"agent":{"uid":"-"},"status":3,
		"unreadCount":-2147483648,"last_message_timestamp":1,"lastIncomingMessageTimestamp":1,"created":"2026-01-01","updatedAt":"2026-01-01",
		"pendingMessageTime":1,"pendingUpdateTime":1,"resolvedUpdateTime":1,"unsubscribed":{"date":"2026-01-01"},"botState":` + session + `,
		"previousBotSession":` + session + `,"externalBot":false,"replyAction":{"created":1,"expirationTime":-2147483648,"chatStatus":3,
		"replyToTemplateFile":{},"resolveTime":1}}]}`))
	if err != nil {
		panic(err)
	}
	return page.Chats()[0]
})

// boundOf returns at least the size of a chat, if the encoding takes bounds and the chat
// has one.
func (e *encoding) boundOf(chat *texter.Chat, fields []field, sizeFields sizeFunc[texter.Chat]) (size int, ok bool) {
	if !e.bounds || len(fields) == 0 {
		return 0, false
	}
	if e.selection != &fields[0] {
		e.selection, e.bound = &fields[0], newBound(fields, sizeFields)
	}
	row, isVerbatim := chat.RowSize()
	if !isVerbatim || e.bound.copies < 0 {
		return 0, false
	}
	e.estimated = true
	size = e.bound.rest + e.bound.copies*row
	name, _ := chat.Name().JSON()
	now, _ := chat.BotState()
	before, _ := chat.PreviousBotSession()
	return size + e.bound.names*len(name) + e.bound.sessions[0]*len(now.Raw()) + e.bound.sessions[1]*len(before.Raw()), true
}
