package sandbox_test

import (
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// phoneSearches are searches, with the ids of the chats that they find in the test
// below.
func phoneSearches() map[string]string {
	return map[string]string{
		"0521234567":       "03", // local; also within a title
		"052-123-4567":     "0",
		"(052) 1234567":    "0",
		"052123":           "03",
		"+972521234567":    "0",
		"+972 52-123 45":   "0",
		"972":              "04",
		"1234":             "03",
		"07700900123":      "1",
		"+44":              "13",
		"02025550142":      "2",
		"2025550142":       "2",
		"0527654321":       "4",
		"+972527654321":    "4",
		"+0521234567":      "", // an international number has no leading 0
		"05212345678":      "",
		"00521234567":      "",
		"0521234567x":      "",
		"+-":               "",
		"0-":               "124", // its one digit is in these phones
		"972.52":           "",
		"٠٥٢١٢٣٤٥٦٧":       "",
		"0999":             "",
		"521234567":        "03",
		"  0521234567  ":   "0",
		"call 0521234567 ": "3",
	}
}

func TestPhonesAreFoundInEveryForm(t *testing.T) {
	u := start(t, sandbox.Options{Chats: -1})
	for i, c := range []sandbox.Chat{
		{Title: "zero", ClientPhone: "+972521234567", ClientPhoneE164: "+972521234567"},
		{Title: "one", ClientPhoneE164: "+447700900123"},
		{Title: "two", ClientPhone: "+1 (202) 555-0142"},
		{Title: "call 0521234567 or +44"},
		{Title: "four", ClientPhone: "052-7654321", ClientPhoneE164: "+972527654321"},
	} {
		c.ID, c.LastMessageTimestamp = number(i), new(int64(100-i))
		u.Add(c)
	}
	for query, want := range phoneSearches() {
		t.Run(query, func(t *testing.T) {
			if got := strings.Join(u.find("search", query).ids(), ""); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
