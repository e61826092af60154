package texter

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"texter-graphql/internal/jsonscan"
	"texter-graphql/internal/rule"
)

// TestMistypedFields has every documented field be of another type.
func TestMistypedFields(t *testing.T) {
	for _, key := range append(textKeys(), "_id", "created", "updatedAt") {
		for _, value := range []string{"1", "true", "{}", `["canary"]`} {
			assertContract(t, fmt.Sprintf("%q:%s", key, value), key)
		}
	}
	for _, key := range append(numberKeys(), "externalBot") {
		for _, value := range []string{`"canary"`, `"1"`, "{}", "[]"} {
			assertContract(t, fmt.Sprintf("%q:%s", key, value), key)
		}
	}
	for _, value := range []string{"[1]", `["canary",null]`, "[[]]", "[{}]"} {
		assertContract(t, `"labels":`+value, "labels")
	}
	for _, key := range append(objectKeys(), "labels") {
		for _, value := range []string{`"canary"`, "1", "true"} {
			assertContract(t, fmt.Sprintf("%q:%s", key, value), key)
		}
	}
}

// TestMistypedNestedFields has the fields of objects be of another type.
func TestMistypedNestedFields(t *testing.T) {
	for object, keys := range map[string][]string{
		`"channelInfo":{%s}`:                         {"name", "id", "accountId"},
		`"agent":{%s}`:                               {"uid", "displayName"},
		`"botState":{%s}`:                            {"id", "node"},
		`"botState":{"flowVersion":{%s}}`:            {"identifier", "version"},
		`"previousBotSession":{%s}`:                  {"id", "node"},
		`"unsubscribed":{%s}`:                        {"date"},
		`"replyAction":{"replyToTemplateFile":{%s}}`: {"url", "name"},
		`"replyAction":{%s}`: {
			"created", "expirationTime", "chatStatus", "setBotNode", "bot", "replyText", "responsibleDepartment", "resolveTime",
		},
	} {
		for _, key := range keys {
			assertContract(t, fmt.Sprintf(object, fmt.Sprintf(`%q:["canary"]`, key)), key)
		}
	}
}

// TestPagesThatBreakTheContract have no row that is to blame.
func TestPagesThatBreakTheContract(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"data":[]}`, `{"total":0}`, `{"data":[],"total":null}`, `{"data":[],"total":-1}`, `{"data":[],"total":0.5}`,
		`{"data":[],"total":"canary"}`, `{"data":[],"total":3000000000}`, `{"data":[],"total":1,"total":null}`,
	} {
		page, err := decodeSearchPage([]byte(body))
		if contract, ok := errors.AsType[*rule.Error](err); !ok || page != nil || contract.Name != "total" {
			t.Errorf("%s: got %+v, %v", body, page, err)
		}
	}
}

// TestRowsWithoutAnID are refused: nothing could be told apart.
func TestRowsWithoutAnID(t *testing.T) {
	for _, row := range []string{`{}`, `{"_id":null}`, `{"_id":""}`, `{"title":"canary"}`, `{"_ID":"canary"}`} {
		_, err := decodeSearchPage([]byte(inPage(row)))
		if contract, ok := errors.AsType[*rule.Error](err); !ok || contract.Name != "data[0]._id" {
			t.Errorf("%s: got %v", row, err)
		}
	}
}

// TestBrokenJSON has bodies that are no JSON, or none of an object.
func TestBrokenJSON(t *testing.T) {
	whole := inPage(`{"_id":"x","status":12,"title":"a\n\u00e9","labels":["a"],"externalBot":true,"crmData":{"k":[1.5e3,null]},` +
		`"agent":{"uid":"u"},"channelInfo":{"name":"n"},"botState":{"id":"i","flowVersion":{"identifier":"f"}},"replyAction":{"replyToTemplateFile":{"url":"u"}},"unsubscribed":{"date":"2025-02-26"}}`)
	if _, err := decodeSearchPage([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for i := range len(whole) {
		if page, err := decodeSearchPage([]byte(whole[:i])); err == nil || page != nil {
			t.Errorf("%s: got %+v, %v", whole[:i], page, err)
		}
	}
	for _, body := range []string{
		"null", "[]", `"canary"`, "1", whole + "x", whole + "{}", whole + "\x00", "\ufeff" + whole, strings.ReplaceAll(whole, `"`, "'"),
		inPage(`{"_id":"x",}`), inPage(`{"_id":"x"},`), inPage(`{"_id" "x"}`), inPage(`{_id:"x"}`), inPage(`{"_id":"x" "title":"y"}`),
		inPage("{\"_id\":\"x\ny\"}"), inPage(`{"_id":"\x"}`), inPage(`{"_id":"\u12g4"}`), inPage(`{"_id":"x","canary":01}`),
		inPage(`{"_id":"x","canary":1.}`), inPage(`{"_id":"x","canary":.5}`), inPage(`{"_id":"x","canary":1e}`), inPage(`{"_id":"x","canary":+1}`),
		inPage(`{"_id":"x","canary":-}`), inPage(`{"_id":"x","canary":NaN}`), inPage(`{"_id":"x","canary":tru}`), inPage(`{"_id":"x","canary":nulL}`),
		inPage(`{"_id":"x","canary":"\q"}`), inPage(`{"_id":"x","\q":1}`), inPage(`{"_id":"x","status":00}`), inPage("null"), inPage("1"),
		inPage("{\"_id\":\"x\"}\u00a0"), inPage(`{"_id":"x","canary":[1,]}`), inPage(`{"_id":"x","canary":[,1]}`), inPage(`{"_id":"x","canary":[1}`),
	} {
		page, err := decodeSearchPage([]byte(body))
		if _, ok := errors.AsType[*jsonscan.SyntaxError](err); !ok || page != nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%.80s: got %+v, %v", body, page, err)
		}
	}
}

// TestDepth bounds how deep a value may nest, in fields that are kept and in
// those that are passed over.
func TestDepth(t *testing.T) {
	const around = 3 // the page, its data, the row
	for _, key := range []string{"crmData", "unknown"} {
		for _, brackets := range [][2]string{{"[", "]"}, {`{"k":`, "}"}} {
			for depth, fits := range map[int]bool{jsonscan.MaxDepth - around: true, jsonscan.MaxDepth - around + 1: false, 1 << 20: false} {
				inner := "1"
				value := strings.Repeat(brackets[0], depth) + inner + strings.Repeat(brackets[1], depth)
				_, err := decodeSearchPage([]byte(inPage(fmt.Sprintf(`{"_id":"x",%q:%s}`, key, value))))
				if (err == nil) != fits {
					t.Errorf("%s, %d times %s: got %v", key, depth, brackets[0], err)
				}
			}
		}
	}
}
