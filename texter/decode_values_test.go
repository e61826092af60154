package texter

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"texter-graphql/internal/rule"
)

// TestStringsAreDecoded, as ids, texts and labels.
func TestStringsAreDecoded(t *testing.T) {
	for literal, want := range map[string]string{
		`"\"\\\/\b\f\n\r\t"`:                "\"\\/\b\f\n\r\t",
		`"\u05d3\u05E0ה"`:                   "דנה",
		`"\ud83d\ude00"`:                    "😀",
		`"\ud83d"`:                          "\uFFFD",
		`"\ude00\ud83d"`:                    "\uFFFD\uFFFD",
		`"\ud83d\u0041"`:                    "\uFFFDA",
		`"\u0000"`:                          "\x00",
		`"<>&\u2028"`:                       "<>&\u2028",
		"\"a\xffb\"":                        "a\uFFFDb",
		"\"a\xc3\"":                         "a\uFFFD",
		"\"\xc3\xa9\x7f\"":                  "é\x7f",
		`"1234567\\"`:                       `1234567\`,
		`"12345678\""`:                      `12345678"`,
		`"` + strings.Repeat("é", 99) + `"`: strings.Repeat("é", 99),
	} {
		t.Run(literal, func(t *testing.T) {
			page, err := decodeSearchPage([]byte(inPage(`{"_id":` + literal + `,"title":` + literal + `,"labels":[` + literal + `]}`)))
			if err != nil {
				t.Error(err)
				return
			}
			if c := page.chats[0]; c.ID != want || c.Title().String() != want || c.LabelIDs[0] != want {
				t.Errorf("got %q, %q, %q, want %q", c.ID, c.Title(), c.LabelIDs[0], want)
			}
		})
	}
}

// TestKeysAreFoundHoweverTheyAreWritten: escaped, given twice, or in other
// capitals, which are other keys.
func TestKeysAreFoundHoweverTheyAreWritten(t *testing.T) {
	for fields, want := range map[string]chatValues{
		`"\u0074itle":"escaped"`:                                 {Title: new("escaped")},
		`"title":"first","title":"last"`:                         {Title: new("last")},
		`"title":"first","\u0074itle":null`:                      {},
		`"TITLE":1,"Title":2,"title ":3,"":4`:                    {},
		`"labels":["a"],"labels":["b"]`:                          {Labels: []string{"b"}},
		`"labels":["a"],"labels":null`:                           {},
		`"status":1,"status":2`:                                  {StatusCode: new(2)},
		`"agent":{"uid":"u"},"agent":{"uid":null}`:               {},
		`"agent":{"uid":"u","uid":"v"}`:                          {Agent: &agentValues{UID: "v"}},
		`"channelInfo":{"id":"i"},"channelInfo":{}`:              {Channel: &channelValues{}},
		`"channel":"sms","channel":"email"`:                      {Channel: &channelValues{RawName: new("email")}},
		`"created":"2025-02-26","created":null`:                  {},
		`"unsubscribed":{"date":"2025-02-26"},"unsubscribed":{}`: {},
	} {
		t.Run(fields, func(t *testing.T) {
			assertRow(t, fields, want)
		})
	}
	page, err := decodeSearchPage([]byte(`{"total":9,"data":[],"d\u0061ta":[{"_id":"a","\u005fid":"b"}],"total":3}`))
	if err != nil || page.Total != 3 || len(page.chats) != 1 || page.chats[0].ID != "b" {
		t.Errorf("got %+v, %v", page, err)
	}
}

// TestWhitespaceMayStandBetweenAnyTokens; it is not part of the raw row.
func TestWhitespaceMayStandBetweenAnyTokens(t *testing.T) {
	const w = " \t\r\n"
	tokens := []string{"{", `"data"`, ":", "[", "{", `"_id"`, ":", `"x"`, ",", `"labels"`, ":", "[", `"a"`, ",", `"b"`, "]", "}", "]", ",", `"total"`, ":", "1", "}"}
	page, err := decodeSearchPage([]byte(w + strings.Join(tokens, w) + w))
	if err != nil {
		t.Fatal(err)
	}
	row := strings.Join(tokens[4:17], w)
	if c := page.chats[0]; c.ID != "x" || len(c.LabelIDs) != 2 || string(c.Raw()) != row || page.Total != 1 {
		t.Errorf("got %+v of %d, raw %q", c, page.Total, c.Raw())
	}
}

// TestIntegersOf32BitsAreDecoded, in every spelling; others break the contract.
func TestIntegersOf32BitsAreDecoded(t *testing.T) {
	for literal, want := range map[string]int{
		"0": 0, "-0": 0, "1.0": 1, "1e3": 1000, "1E+3": 1000, "1500e-2": 15, "-7": -7, "0.0e9": 0, "2147483647": math.MaxInt32, "-2147483648": math.MinInt32,
		"1.00000000000000000000": 1, "0.000000000000000000001e21": 1,
	} {
		t.Run(literal, func(t *testing.T) {
			assertRow(t, `"status":`+literal+`,"unreadCount":`+literal, chatValues{StatusCode: &want, UnreadCount: &want})
		})
	}
	for _, literal := range []string{"0.5", "-1.5", "2147483648", "-2147483649", "1e10", "1e999", "-1e999", "999999999999999999999999", "18446744073709551617"} {
		t.Run(literal, func(t *testing.T) {
			assertContract(t, `"unreadCount":`+literal, "unreadCount")
		})
	}
}

// TestTimesAreDecodedToTheMillisecond, in both units and every form of ISO 8601.
func TestTimesAreDecodedToTheMillisecond(t *testing.T) {
	for literal, want := range map[string]string{
		"0": "1970-01-01T00:00:00Z", "-1": "1969-12-31T23:59:59.999Z", "1e3": "1970-01-01T00:00:01Z", "1.4": "1970-01-01T00:00:00.001Z",
		"1.5": "1970-01-01T00:00:00.002Z", "253402300799999": "9999-12-31T23:59:59.999Z", "-62167219200000": "0000-01-01T00:00:00Z",
	} {
		t.Run("last_message_timestamp "+literal, func(t *testing.T) {
			assertRow(t, `"last_message_timestamp":`+literal, chatValues{LastMessageAt: at(want)})
		})
	}
	for literal, want := range map[string]string{
		"1.5": "1970-01-01T00:00:01.5Z", "1762012093.354": "2025-11-01T15:48:13.354Z", "-0.001": "1969-12-31T23:59:59.999Z",
		"253402300799.999": "9999-12-31T23:59:59.999Z",
	} {
		t.Run("resolvedUpdateTime "+literal, func(t *testing.T) {
			assertRow(t, `"resolvedUpdateTime":`+literal, chatValues{ResolvedAt: at(want)})
		})
	}
	for literal, want := range map[string]string{
		"2025-02-26T13:02:58Z": "2025-02-26T13:02:58Z", "2025-02-26T13:02:58.3539Z": "2025-02-26T13:02:58.353Z",
		"2025-02-26T13:02:58+02:00": "2025-02-26T11:02:58Z", "2025-02-26T13:02:58.5-0330": "2025-02-26T16:32:58.5Z",
		"2025-02-26T13:02:58": "2025-02-26T13:02:58Z", "2025-02-26": "2025-02-26T00:00:00Z", "0000-01-01T00:00:00Z": "0000-01-01T00:00:00Z",
	} {
		t.Run("created "+literal, func(t *testing.T) {
			assertRow(t, fmt.Sprintf(`"created":%q`, literal), chatValues{CreatedAt: at(want)})
		})
	}
	for _, fields := range []string{
		`"last_message_timestamp":253402300800000`, `"last_message_timestamp":-62167219200001`, `"last_message_timestamp":1e999`,
		`"resolvedUpdateTime":253402300800`, `"resolvedUpdateTime":1762012093000`, `"created":"canary"`, `"created":"2025-02-30"`, `"created":""`,
		`"created":"0000-01-01T00:00:00+14:00"`, `"created":"9999-12-31T23:59:59-14:00"`, `"unsubscribed":{"date":"canary"}`,
	} {
		t.Run(fields, func(t *testing.T) {
			key := strings.Split(fields, `"`)[1]
			assertContract(t, fields, strings.Replace(key, "unsubscribed", "date", 1))
		})
	}
}

// assertContract fails unless a row with these fields breaks the contract. The
// error must name the field, and quote nothing of the row.
func assertContract(t *testing.T, fields, field string) {
	t.Helper()
	page, err := decodeSearchPage([]byte(`{"data":[{"_id":"w"},{"_id":"x",` + fields + `}],"total":2}`))
	contract, ok := errors.AsType[*rule.Error](err)
	if !ok || page != nil {
		t.Errorf("%s: got %+v, %v", fields, page, err)
		return
	}
	if contract.Name != "data[1]."+field || strings.Contains(err.Error(), "canary") {
		t.Errorf("%s: got %v", fields, err)
	}
}

func TestReplyActionsExpireAfterTheirExpirationTime(t *testing.T) {
	for action, want := range map[string]string{
		`{"created":1756292100,"expirationTime":259200}`: "2025-08-30 10:55:00 +0000 UTC",
		`{"created":1756292100}`:                         "<nil>",
		`{"expirationTime":259200}`:                      "<nil>",
		`{"created":253402300799,"expirationTime":1}`:    "<nil>", // in the year 10000
	} {
		t.Run(action, func(t *testing.T) {
			page, err := decodeSearchPage([]byte(`{"total":1,"data":[{"_id":"x","replyAction":` + action + `}]}`))
			if err != nil {
				t.Fatal(err)
			}
			got := "<nil>"
			replyAction, _ := page.chats[0].ReplyAction()
			if at, ok := replyAction.ExpiresAt(); ok {
				got = at.Time().String()
			}
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
