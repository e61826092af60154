package fast

import (
	"fmt"
	"slices"
	"sync"

	"texter-graphql/texter"
)

// bound says how large a chat can be in a response, by the size of its row alone, without
// a look at its fields.
type bound struct {
	copies int // of the row that it may have; -1 if there is no bound
	rest   int // bytes that are no copy
}

// apart are the fields of a chat whose texts stand in its row, each at a place of its
// own: what selects each of them once copies a row once at most.
var apart = []string{
	"id", "title", "displayName", "personId", "image", "channel", "entityPhone", "clientPhone", "clientPhoneE164", "agent", "departmentId",
	"status", "statusCode", "unreadCount", "labelIds", "lastMessageAt", "lastIncomingMessageAt", "createdAt", "updatedAt",
	"pendingMessageAt", "pendingAt", "resolvedAt", "unsubscribedAt", "replyAction", "sendingBulkAgent", "crmData", "crmDeepLink", "externalBot",
}

// unbounded is a field of a chat whose texts do not stand in its row.
const unbounded = "labels"

// newBound returns the bound of a selection of a chat.
func newBound(fields []field, sizeFields sizeFunc[texter.Chat]) bound {
	names := fieldsOf("Chat")
	leaves, others, all := map[string]int{}, 0, 0
	for _, f := range fields {
		if f.number == typename {
			continue
		}
		name := names[f.number]
		if name == unbounded {
			return bound{copies: -1}
		}
		n := countLeaves(f, "", leaves)
		if all += n; !slices.Contains(apart, name) {
			others += n
		}
	}
	once := 0
	for _, n := range leaves {
		once = max(once, n)
	}
	return bound{once + others, sizeFields(fields, largestRow(), whole()) + all*len(longNumber)}
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
	return e.bound.rest + e.bound.copies*row, true
}
