package graph_test

import (
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// TestMessagesWithoutValues sends values in the wrong places: no message of the
// answer may repeat one, and each still says what is wrong.
func TestMessagesWithoutValues(t *testing.T) {
	s, _ := sandboxed(t, sandbox.Options{Chats: 5})
	search := func(arguments string) string { return "{ searchChats(" + arguments + ") { totalCount } }" }
	for document, want := range map[string]string{
		search(`first: "canary"`):                            "Int cannot represent non-integer value.",
		search(`first: "a value: canary"`):                   "Int cannot represent non-integer value.",
		search(`filter: {search: ["canary"]}`):               "String cannot represent a non string value.",
		search(`filter: {labels: [true]}`):                   "ID cannot represent a non-string and non-integer value.",
		search(`filter: {showNoMessages: "canary"}`):         "Boolean cannot represent a non boolean value.",
		search(`filter: {statuses: ["canary"]}`):             `Enum "ChatStatus!" cannot represent non-enum value.`,
		search(`filter: "canary"`):                           `Expected value of type "ChatFilter".`,
		search(`filter: {search "canary"}`):                  "Expected :, found String",
		search(`filter: {search: """canary""" """canary"""`): "Expected Name, found BlockString",
		search(`"canary"`):                                   "Expected Name, found String",
		search(`first: )`):                                   "Unexpected )",
		`{ a } 521234567`:                                    "Unexpected Int",
		search(`filter: {statuses: [TAKEN]}`):                `Value "TAKEN" does not exist in "ChatStatus!" enum.`,
		`{ nothing }`:                                        `Cannot query field "nothing" on type "Query".`,
	} {
		e := s.fail(t, document, nil)
		if e.Message != want {
			t.Errorf("%s: got %s, want %s", document, e.Message, want)
		}
		assertClean(t, e.Message)
	}
	for typ, want := range map[string]string{"[ChatStatus!]": "must be a valid ChatStatus", "Int": "cannot use string as Int"} {
		argument := map[string]string{"[ChatStatus!]": "filter: {statuses: $v}", "Int": "first: $v"}[typ]
		e := s.fail(t, "query($v: "+typ+") "+search(argument), map[string]any{"v": "canary is not a valid\nInt"})
		if !strings.Contains(e.Message, want) {
			t.Errorf("%s: got %s, want %s", typ, e.Message, want)
		}
		assertClean(t, e.Message)
	}
}
