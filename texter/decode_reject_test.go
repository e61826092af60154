package texter

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"texter-graphql/internal/jsonscan"
	"texter-graphql/internal/rule"
)

func TestFieldsOfAnotherTypeBreakTheContract(t *testing.T) {
	for _, key := range append(textKeys(), "_id", "created", "updatedAt") {
		t.Run(key, func(t *testing.T) {
			for _, value := range []string{"1", "true", "{}", `["canary"]`} {
				assertContract(t, fmt.Sprintf("%q:%s", key, value), key)
			}
		})
	}
	for _, key := range append(numberKeys(), "externalBot") {
		t.Run(key, func(t *testing.T) {
			for _, value := range []string{`"canary"`, `"1"`, "{}", "[]"} {
				assertContract(t, fmt.Sprintf("%q:%s", key, value), key)
			}
		})
	}
	for _, value := range []string{"[1]", `["canary",null]`, "[[]]", "[{}]"} {
		t.Run("elements of labels: "+value, func(t *testing.T) {
			assertContract(t, `"labels":`+value, "labels")
		})
	}
	for _, key := range append(objectKeys(), "labels") {
		t.Run(key+" that is not an object or array", func(t *testing.T) {
			for _, value := range []string{`"canary"`, "1", "true"} {
				assertContract(t, fmt.Sprintf("%q:%s", key, value), key)
			}
		})
	}
}

func TestNestedFieldsOfAnotherTypeBreakTheContract(t *testing.T) {
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
		t.Run(object, func(t *testing.T) {
			for _, key := range keys {
				assertContract(t, fmt.Sprintf(object, fmt.Sprintf(`%q:["canary"]`, key)), key)
			}
		})
	}
}

// TestPagesWithoutDataOrTotalBreakTheContract: no row is to blame.
func TestPagesWithoutDataOrTotalBreakTheContract(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"data":[]}`, `{"total":0}`, `{"data":[],"total":null}`, `{"data":[],"total":-1}`, `{"data":[],"total":0.5}`,
		`{"data":[],"total":"canary"}`, `{"data":[],"total":3000000000}`, `{"data":[],"total":1,"total":null}`,
	} {
		t.Run(body, func(t *testing.T) {
			page, err := decodeSearchPage([]byte(body))
			if contract, ok := errors.AsType[*rule.Error](err); !ok || page != nil || contract.Name != "total" {
				t.Errorf("got %+v, %v", page, err)
			}
		})
	}
}

func TestRowsWithoutAnIDBreakTheContract(t *testing.T) {
	for _, row := range []string{`{}`, `{"_id":null}`, `{"_id":""}`, `{"title":"canary"}`, `{"_ID":"canary"}`} {
		t.Run(row, func(t *testing.T) {
			_, err := decodeSearchPage([]byte(inPage(row)))
			if contract, ok := errors.AsType[*rule.Error](err); !ok || contract.Name != "data[0]._id" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestBodiesThatAreNotAnObjectAreRefused: every part of a valid body, and other
// texts.
func TestBodiesThatAreNotAnObjectAreRefused(t *testing.T) {
	valid := inPage(`{"_id":"x","status":12,"title":"a\n\u00e9","labels":["a"],"externalBot":true,"crmData":{"k":[1.5e3,null]},` +
		`"agent":{"uid":"u"},"channelInfo":{"name":"n"},"botState":{"id":"i","flowVersion":{"identifier":"f"}},"replyAction":{"replyToTemplateFile":{"url":"u"}},"unsubscribed":{"date":"2025-02-26"}}`)
	if _, err := decodeSearchPage([]byte(valid)); err != nil {
		t.Fatal(err)
	}
	for i := range len(valid) {
		if page, err := decodeSearchPage([]byte(valid[:i])); err == nil || page != nil {
			t.Errorf("%s: got %+v, %v", valid[:i], page, err)
		}
	}
	for _, body := range []string{
		"null", "[]", `"canary"`, "1", valid + "x", valid + "{}", valid + "\x00", "\ufeff" + valid, strings.ReplaceAll(valid, `"`, "'"),
		inPage(`{"_id":"x",}`), inPage(`{"_id":"x"},`), inPage(`{"_id" "x"}`), inPage(`{_id:"x"}`), inPage(`{"_id":"x" "title":"y"}`),
		inPage("{\"_id\":\"x\ny\"}"), inPage(`{"_id":"\x"}`), inPage(`{"_id":"\u12g4"}`), inPage(`{"_id":"x","canary":01}`),
		inPage(`{"_id":"x","canary":1.}`), inPage(`{"_id":"x","canary":.5}`), inPage(`{"_id":"x","canary":1e}`), inPage(`{"_id":"x","canary":+1}`),
		inPage(`{"_id":"x","canary":-}`), inPage(`{"_id":"x","canary":NaN}`), inPage(`{"_id":"x","canary":tru}`), inPage(`{"_id":"x","canary":nulL}`),
		inPage(`{"_id":"x","canary":"\q"}`), inPage(`{"_id":"x","\q":1}`), inPage(`{"_id":"x","status":00}`), inPage("null"), inPage("1"),
		inPage("{\"_id\":\"x\"}\u00a0"), inPage(`{"_id":"x","canary":[1,]}`), inPage(`{"_id":"x","canary":[,1]}`), inPage(`{"_id":"x","canary":[1}`),
	} {
		t.Run(fmt.Sprintf("%.80s", body), func(t *testing.T) {
			page, err := decodeSearchPage([]byte(body))
			if _, ok := errors.AsType[*jsonscan.SyntaxError](err); !ok || page != nil || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %+v, %v", page, err)
			}
		})
	}
}

// TestDepthIsBounded, in documented fields and in others.
func TestDepthIsBounded(t *testing.T) {
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
