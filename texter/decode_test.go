package texter

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// at is a time in the form of RFC 3339.
func at(text string) *Timestamp {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return new(Timestamp(t.UnixMilli()))
}

// decodeSearchPage decodes a body.
func decodeSearchPage(body []byte) (*SearchPage, error) { return new(buffer).decode(body) }

// inPage is the body of a page with one row.
func inPage(row string) string { return `{"data":[` + row + `],"total":1}` }

// rowOf decodes a row with these fields and an id.
func rowOf(t *testing.T, fields string) *Chat {
	t.Helper()
	row := `{"_id":"x",` + fields + `}`
	page, err := decodeSearchPage([]byte(inPage(row)))
	if err != nil {
		t.Fatalf("%s: %v", fields, err)
	}
	if len(page.chats) != 1 || page.Total != 1 || string(page.chats[0].Raw()) != row {
		t.Fatalf("%s: got %d chats, the first of %s", fields, len(page.chats), page.chats[0].Raw())
	}
	return page.chats[0]
}

// assertRow fails unless a row with these fields is the wanted chat. The id and
// empty labels can be left out.
func assertRow(t *testing.T, fields string, want chatValues) {
	t.Helper()
	got := valuesOf(rowOf(t, fields))
	want.ID = "x"
	if want.Labels == nil {
		want.Labels = []string{}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %s, want %s", fields, inJSON(t, got), inJSON(t, want))
	}
}

func inJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestEveryDocumentedFieldIsDecoded has rows of one field, or two that belong
// together.
func TestEveryDocumentedFieldIsDecoded(t *testing.T) {
	for fields, want := range map[string]chatValues{
		`"title":"Dana"`:                               {Title: new("Dana")},
		`"title":""`:                                   {Title: new("")},
		`"displayName":"דנה"`:                          {DisplayName: new("דנה")},
		`"personId":"p"`:                               {PersonID: new("p")},
		`"image":"i"`:                                  {Image: new("i")},
		`"entityPhone":"+1"`:                           {EntityPhone: new("+1")},
		`"clientPhone":"05"`:                           {ClientPhone: new("05")},
		`"clientPhoneE164":"+9725"`:                    {ClientPhoneE164: new("+9725")},
		`"departmentId":"d"`:                           {DepartmentID: new("d")},
		`"status":4`:                                   {StatusCode: new(4)},
		`"status":99`:                                  {StatusCode: new(99)},
		`"unreadCount":0`:                              {UnreadCount: new(0)},
		`"labels":["b","a","b",""]`:                    {Labels: []string{"b", "a", "b", ""}},
		`"sendingBulkAgent":"s"`:                       {SendingBulkAgent: new("s")},
		`"crmDeepLink":"https://c"`:                    {CRMDeepLink: new("https://c")},
		`"externalBot":true`:                           {ExternalBot: new(true)},
		`"externalBot":false`:                          {ExternalBot: new(false)},
		`"crmData":{"a":[1, 2]}`:                       {CRMData: json.RawMessage(`{"a":[1, 2]}`)},
		`"crmData":"text"`:                             {CRMData: json.RawMessage(`"text"`)},
		`"agent":{"uid":"u","displayName":"T"}`:        {Agent: &agentValues{UID: "u", DisplayName: new("T")}},
		`"agent":{"uid":"u"}`:                          {Agent: &agentValues{UID: "u"}},
		`"agent":{"uid":null,"displayName":""}`:        {},
		`"agent":{"uid":"","displayName":"T"}`:         {},
		`"agent":{}`:                                   {},
		`"last_message_timestamp":1762012091001`:       {LastMessageAt: at("2025-11-01T15:48:11.001Z")},
		`"lastIncomingMessageTimestamp":1762012091002`: {LastIncomingMessageAt: at("2025-11-01T15:48:11.002Z")},
		`"created":"2025-02-26T13:02:58.353Z"`:         {CreatedAt: at("2025-02-26T13:02:58.353Z")},
		`"updatedAt":"2025-02-26T13:02:58.354Z"`:       {UpdatedAt: at("2025-02-26T13:02:58.354Z")},
		`"pendingMessageTime":1762012093`:              {PendingMessageAt: at("2025-11-01T15:48:13Z")},
		`"pendingUpdateTime":1762012094`:               {PendingAt: at("2025-11-01T15:48:14Z")},
		`"resolvedUpdateTime":1762012095`:              {ResolvedAt: at("2025-11-01T15:48:15Z")},
		`"unsubscribed":{"date":"2025-02-26","by":1}`:  {UnsubscribedAt: at("2025-02-26T00:00:00Z")},
		`"unsubscribed":{}`:                            {},
		`"unknown":{"_id":"y","title":["z"]}`:          {},
		`"channel":"whatsapp"`:                         {Channel: &channelValues{RawName: new("whatsapp")}},
		`"channelInfo":{"name":"email","id":"i","accountId":"a","metadata":{"m":1},"more":2}`: {
			Channel: &channelValues{RawName: new("email"), ID: new("i"), AccountID: new("a"), Metadata: json.RawMessage(`{"m":1}`)},
		},
		`"channelInfo":{"name":"email"},"channel":"sms"`: {Channel: &channelValues{RawName: new("email")}},
		`"channel":"sms","channelInfo":{"name":"email"}`: {Channel: &channelValues{RawName: new("email")}},
		`"channel":"sms","channelInfo":{"id":"i"}`:       {Channel: &channelValues{RawName: new("sms"), ID: new("i")}},
		`"channel":"sms","channelInfo":null`:             {Channel: &channelValues{RawName: new("sms")}},
		`"channel":null,"channelInfo":{}`:                {Channel: &channelValues{}},
	} {
		t.Run(fields, func(t *testing.T) {
			assertRow(t, fields, want)
		})
	}
}

func TestBotSessionsAndReplyActionsAreDecoded(t *testing.T) {
	session := `{"id":"s","flowVersion":{"identifier":"bot","version":37,"more":1},"node":"n","userState":{"k":[]},"k":{}}`
	decoded := &sessionValues{
		ID: new("s"), Flow: &flowValues{new("bot"), new(37)}, Node: new("n"),
		UserState: json.RawMessage(`{"k":[]}`), Raw: json.RawMessage(session),
	}
	for fields, want := range map[string]chatValues{
		`"botState":` + session:                  {BotState: decoded},
		`"previousBotSession":` + session:        {PreviousBotSession: decoded},
		`"botState":{}`:                          {},
		`"botState":{ },"previousBotSession":{}`: {},
		`"botState":null`:                        {},
		`"botState":{"k":1}`:                     {BotState: &sessionValues{Raw: json.RawMessage(`{"k":1}`)}},
		`"botState":{"id":null,"flowVersion":null,"node":null,"userState":null}`: {
			BotState: &sessionValues{Raw: json.RawMessage(`{"id":null,"flowVersion":null,"node":null,"userState":null}`)},
		},
		`"replyAction":{}`:   {ReplyAction: &actionValues{}},
		`"replyAction":null`: {},
		`"replyAction":{"created":1756292100,"expirationTime":259200,"chatStatus":1,"setBotNode":"start","bot":"b","replyText":"Thanks",
			"responsibleAgent":{"uid":1},"responsibleDepartment":"d","replyToTemplateFile":{"url":"u","name":"n","x":0},"resolveTime":1756392100,"y":0}`: {
			ReplyAction: &actionValues{
				CreatedAt: at("2025-08-27T10:55:00Z"), ExpirationTime: new(259200), ChatStatusCode: new(1), SetBotNode: new("start"),
				Bot: new("b"), ReplyText: new("Thanks"), ResponsibleAgent: json.RawMessage(`{"uid":1}`), ResponsibleDepartment: new("d"),
				ReplyToTemplateFile: &fileValues{new("u"), new("n")}, ResolveAt: at("2025-08-28T14:41:40Z"),
			},
		},
		`"replyAction":{"responsibleAgent":null,"replyToTemplateFile":null}`: {ReplyAction: &actionValues{}},
	} {
		t.Run(fields, func(t *testing.T) {
			assertRow(t, fields, want)
		})
	}
}

func TestTheSamplesOfTheReferenceAreDecoded(t *testing.T) {
	search, err := os.ReadFile("testdata/search-response.json")
	if err != nil {
		t.Fatal(err)
	}
	object, err := os.ReadFile("testdata/chat-object.json")
	if err != nil {
		t.Fatal(err)
	}
	for id, body := range map[string]string{"67bf11038b24880cc966f799": string(search), "67bf11038b24880cc966f7aa": inPage(string(object))} {
		t.Run(id, func(t *testing.T) {
			page, err := decodeSearchPage([]byte(body))
			if err != nil || len(page.chats) != 1 || page.chats[0].ID != id {
				t.Errorf("got %+v, %v", page, err)
			}
		})
	}
}

// TestAllFieldsMayBeNullOrAbsent, except _id.
func TestAllFieldsMayBeNullOrAbsent(t *testing.T) {
	var nulls []string
	for _, key := range documentedKeys(t) {
		nulls = append(nulls, fmt.Sprintf("%q:null", key))
	}
	assertRow(t, strings.Join(nulls, ","), chatValues{})
	assertRow(t, `"unknown":null`, chatValues{})
}

// documentedKeys are the keys of a chat, without _id.
func documentedKeys(t *testing.T) []string {
	t.Helper()
	keys := append(append(textKeys(), numberKeys()...), objectKeys()...)
	return append(keys, "created", "updatedAt", "externalBot", "labels", "crmData")
}

func textKeys() []string {
	return []string{
		"title", "displayName", "personId", "image", "channel", "entityPhone", "clientPhone", "clientPhoneE164", "departmentId",
		"sendingBulkAgent", "crmDeepLink",
	}
}

func numberKeys() []string {
	return []string{
		"status", "unreadCount", "last_message_timestamp", "lastIncomingMessageTimestamp", "pendingMessageTime",
		"pendingUpdateTime", "resolvedUpdateTime",
	}
}

func objectKeys() []string {
	return []string{"channelInfo", "agent", "unsubscribed", "botState", "previousBotSession", "replyAction"}
}
