package graph

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// randomRows writes random rows of Texter's search. Most of them keep the contract.
type randomRows struct{ *rand.Rand }

// newRandomPage writes a page of up to three rows, as Texter sends it. Most totals are
// right.
func newRandomPage(random *rand.Rand) []byte {
	r := randomRows{random}
	list := make([]string, r.IntN(4))
	for i := range list {
		list[i] = r.row()
	}
	total := len(list)
	if r.IntN(8) == 0 {
		total = r.IntN(1000)
	}
	return fmt.Appendf(nil, `{"total":%d,"data":[%s]}`, total, strings.Join(list, ","))
}

// row writes a chat with some of its fields.
func (r randomRows) row() string {
	fields := map[string]func() string{
		"title": r.text, "displayName": r.text, "personId": r.text, "image": r.text, "channel": r.text,
		"entityPhone": r.text, "clientPhone": r.text, "clientPhoneE164": r.text, "departmentId": r.text,
		"sendingBulkAgent": r.text, "crmDeepLink": r.text, "status": r.small, "unreadCount": r.small,
		"last_message_timestamp": r.number, "lastIncomingMessageTimestamp": r.number, "pendingMessageTime": r.small,
		"pendingUpdateTime": r.small, "resolvedUpdateTime": r.small, "created": r.iso, "updatedAt": r.iso,
		"crmData": r.any, "externalBot": r.bool, "labels": r.labels, "unknown": r.any,
		"channelInfo":        r.object(map[string]func() string{"name": r.text, "id": r.text, "accountId": r.text, "metadata": r.any}),
		"agent":              r.object(map[string]func() string{"uid": r.text, "displayName": r.text}),
		"botState":           r.session,
		"previousBotSession": r.session,
		"unsubscribed":       r.object(map[string]func() string{"date": r.iso}),
		"replyAction": r.object(map[string]func() string{
			"created": r.small, "expirationTime": r.small, "chatStatus": r.small, "setBotNode": r.text, "responsibleAgent": r.any,
			"replyToTemplateFile": r.object(map[string]func() string{"url": r.text, "name": r.text}), "resolveTime": r.small,
		}),
	}
	row := r.object(fields)()
	if !strings.HasPrefix(row, "{") {
		row = "{}"
	}
	return fmt.Sprintf(`{"_id":"%x"%s`, r.Uint32(), strings.Replace(","+row[1:], ",}", "}", 1))
}

func (r randomRows) session() string {
	return r.object(map[string]func() string{"id": r.text, "node": r.text, "userState": r.any, "own": r.any,
		"flowVersion": r.object(map[string]func() string{"identifier": r.text, "version": r.small})})()
}

// object returns a function that writes an object with some of the fields, or null.
func (r randomRows) object(fields map[string]func() string) func() string {
	return func() string {
		if r.IntN(8) == 0 {
			return "null"
		}
		var members []string
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			switch r.IntN(6) {
			case 0:
			case 1:
				members = append(members, fmt.Sprintf("%q: null", name))
			default:
				members = append(members, fmt.Sprintf("%q:%s", name, fields[name]()))
			}
		}
		return "{" + strings.Join(members, ",") + "}"
	}
}

// text writes a string, or a value that breaks the contract.
func (r randomRows) text() string {
	return r.one(`"plain"`, `"דנה לוי"`, `""`, `"tab\tand\nline"`, `"\u0000\u001f\u007f"`, `"\"quoted\" and \\"`, `"\/slash"`, `"whatsapp"`,
		`"😀"`, `"\ud83d\ude00"`, `"\ud800 alone"`, `"a long text without any escape at all in it"`, "\"\xff\xfe broken\"",
		"\"<script>&\u2028\"", `"email"`, r.violation("7"))
}

func (r randomRows) small() string {
	return r.one("0", "1", "2", "3", "4", "7", "-1", "1e2", "3.0", "2147483647", r.violation("1.5"))
}

func (r randomRows) number() string {
	return r.one("0", "1762012091000", "1762012091123", "-1", "1e12", "253402300799999", "1.5", "-62167219200000", r.violation("1e300"))
}

func (r randomRows) iso() string {
	return r.one(`"2025-02-26T13:02:58.353Z"`, `"2025-02-26T13:02:58+02:00"`, `"2025-02-26"`, `"0000-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999Z"`)
}

func (r randomRows) bool() string { return r.one("true", "false") }

func (r randomRows) labels() string {
	return r.one(`[]`, `["VIP"]`, `["a","b\n","א"]`)
}

func (r randomRows) any() string {
	return r.one(`{}`, `[]`, `{"a":[1,2.50,{"b":null}]}`, ` { "spaced" : [ 1 , 2 ] } `, `"text\ud800"`, `12345678901234567890`, `1E-7`, `true`, "\"\xff\"")
}

// one returns one of the choices.
func (r randomRows) one(choices ...string) string { return choices[r.IntN(len(choices))] }

// violation returns a value that breaks the contract, but 29 times of 30 it returns
// null, which does not break it.
func (r randomRows) violation(value string) string {
	if r.IntN(30) == 0 {
		return value
	}
	return "null"
}
