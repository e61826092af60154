package document

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"texter-graphql/internal/seeds"
)

func newLoader(o Options) *Loader {
	o.Schema = schema
	return NewLoader(o)
}

// loadErrors returns the codes and messages of what is wrong with a document.
func loadErrors(o Options, text string) string {
	_, errs := newLoader(o).load(text)
	var b strings.Builder
	for _, err := range errs {
		fmt.Fprintln(&b, err.Extensions["code"], err.Message, err.Locations)
	}
	return b.String()
}

// TestErrorsHoldNoValues: an error of a document does not repeat a value of it,
// whether another value belongs there or none.
func TestErrorsHoldNoValues(t *testing.T) {
	search := func(arguments string) string { return "{searchChats(" + arguments + "){totalCount}}" }
	for text, code := range map[string]string{
		search(`first: "canary"`):                                             "GRAPHQL_VALIDATION_FAILED Int cannot represent non-integer value.",
		search(`first: {}`):                                                   "GRAPHQL_VALIDATION_FAILED Int cannot represent non-integer value.",
		search(`first: 2147483648`):                                           "GRAPHQL_VALIDATION_FAILED Int cannot represent non 32-bit signed integer value.",
		search(`filter: {statuses: [{}]}`):                                    "GRAPHQL_VALIDATION_FAILED Enum \"ChatStatus\" cannot represent this value.",
		search(`first: canary`):                                               "GRAPHQL_VALIDATION_FAILED Int cannot represent non-integer value.",
		search(`first: 99999999999999999999`):                                 "GRAPHQL_VALIDATION_FAILED Int cannot represent non 32-bit signed integer value.",
		search(`after: canary`):                                               "GRAPHQL_VALIDATION_FAILED String cannot represent a non string value.",
		search(`filter: {search: canary}`):                                    "GRAPHQL_VALIDATION_FAILED String cannot represent a non string value.",
		search(`filter: {search: 99999999999999999999}`):                      "GRAPHQL_VALIDATION_FAILED String cannot represent a non string value.",
		search(`filter: {search: {canary: "canary"}}`):                        "GRAPHQL_VALIDATION_FAILED",
		search(`filter: {search: ["canary"]}`):                                "GRAPHQL_VALIDATION_FAILED String cannot represent a non string value.",
		search(`filter: {labels: [{a: "canary"}]}`):                           "GRAPHQL_VALIDATION_FAILED",
		search(`filter: {showNoMessages: "canary"}`):                          "GRAPHQL_VALIDATION_FAILED Boolean cannot represent a non boolean value.",
		search(`filter: {statuses: ["canary value: canary"]}`):                "GRAPHQL_VALIDATION_FAILED Enum \"ChatStatus\" cannot represent this value.",
		search(`filter: {statuses: [canary]}`):                                "GRAPHQL_VALIDATION_FAILED The value does not exist in \"ChatStatus\" enum.",
		search(`filter: "canary"`):                                            "GRAPHQL_VALIDATION_FAILED Expected value of type \"ChatFilter\".",
		search(`filter: {channel: null, search: "canary`):                     "GRAPHQL_PARSE_FAILED Syntax error: The string does not end.",
		search(`filter: {search: "\canary"}`):                                 "GRAPHQL_PARSE_FAILED Syntax error: Unknown escape sequence.",
		search(`filter: {search: "\u00zzcanary"}`):                            "GRAPHQL_PARSE_FAILED Syntax error: Invalid Unicode escape sequence.",
		search(`filter: {search: "\u{canary}"}`):                              "GRAPHQL_PARSE_FAILED Syntax error: Invalid Unicode escape sequence.",
		search(`filter: {search "canary"}`):                                   "GRAPHQL_PARSE_FAILED Syntax error: Expected :, found String.",
		search(`"canary"`):                                                    "GRAPHQL_PARSE_FAILED Syntax error: Expected Name, found String.",
		search(`first: 099999999999999999`):                                   "GRAPHQL_PARSE_FAILED Syntax error: Unexpected digit after the leading 0 of a number.",
		search(`filter: {search: """canary""" """canary"""}`):                 "GRAPHQL_PARSE_FAILED Syntax error: Expected Name, found BlockString.",
		search(`first: )`):                                                    "GRAPHQL_PARSE_FAILED Syntax error: Unexpected ).",
		`{ __typename } 99999999`:                                             "GRAPHQL_PARSE_FAILED Syntax error: Unexpected Int.",
		`{ __typename } "canary"`:                                             "GRAPHQL_PARSE_FAILED",
		`"canary" { __typename }`:                                             "GRAPHQL_PARSE_FAILED Syntax error: Unexpected String.",
		`{ __typename } """canary"""`:                                         "GRAPHQL_PARSE_FAILED",
		`canary`:                                                              "GRAPHQL_PARSE_FAILED Syntax error: Unexpected Name.",
		`fragment A canary Chat {id}`:                                         "GRAPHQL_PARSE_FAILED Syntax error: Expected \"on\", found Name.",
		`query($a: Int = "canary") { searchChats(first: $a) { totalCount } }`: "GRAPHQL_VALIDATION_FAILED Int cannot represent non-integer value.",
		`{ __typename @skip(if: "canary") }`:                                  "GRAPHQL_VALIDATION_FAILED Boolean cannot represent a non boolean value.",
	} {
		for _, o := range []Options{{}, {DisableSuggestions: true}} {
			t.Run(fmt.Sprintf("%s, suggestions %t", text, !o.DisableSuggestions), func(t *testing.T) {
				got := loadErrors(o, text)
				if !strings.HasPrefix(got, code) || strings.Contains(strings.ReplaceAll(got, `Field "canary"`, ""), "canary") || strings.Contains(got, "9999") {
					t.Errorf("got %s, want %s", got, code)
				}
			})
		}
	}
}

// TestSuggestions: every rule that can suggest a name does, or none does.
func TestSuggestions(t *testing.T) {
	for _, text := range []string{
		"{searchChat{totalCount}}", "{searchChats(frist:1){totalCount}}", "{searchChats(filter:{statuses:[PENDNG]}){totalCount}}",
		`{searchChats(filter:{statuses:["PENDING"]}){totalCount}}`, "{searchChats(filter:{serch:1}){totalCount}}", "{searchChats}",
		"{searchChats(page:{frist:1}){totalCount}}", "{...A} fragment A on Qery{__typename}", "{__typename @skip(iff: true)}",
	} {
		t.Run(text, func(t *testing.T) {
			if got := loadErrors(Options{}, text); !strings.Contains(got, "Did you mean") {
				t.Errorf("got %s", got)
			}
			if got := loadErrors(Options{DisableSuggestions: true}, text); got == "" || strings.Contains(got, "Did you mean") {
				t.Errorf("without suggestions: got %s", got)
			}
		})
	}
}

// TestIntrospectionTurnedOff: introspection is refused wherever it stands.
func TestIntrospectionTurnedOff(t *testing.T) {
	for _, text := range []string{
		"{__schema{queryType{name}}}", `{__type(name:"Chat"){name}}`, "{a:__schema{queryType{name}}}", "{...{__schema{queryType{name}}}}",
		"{...A} fragment A on Query{__schema{queryType{name}}}", "query A{__typename} query B{__schema{queryType{name}}}",
		"{__schema @skip(if:true) {queryType{name}}}",
	} {
		t.Run(text, func(t *testing.T) {
			if got := loadErrors(Options{}, text); got != "" {
				t.Errorf("turned on: got %s", got)
			}
			if got := loadErrors(Options{DisableIntrospection: true}, text); !strings.HasPrefix(got, "GRAPHQL_VALIDATION_FAILED Introspection is turned off.") {
				t.Errorf("turned off: got %s", got)
			}
		})
	}
	t.Run("but __typename is not", func(t *testing.T) {
		if got := loadErrors(Options{DisableIntrospection: true}, "{__typename searchChats{__typename nodes{__typename}}}"); got != "" {
			t.Errorf("got %s", got)
		}
	})
}

// TestKeptDocuments: a document is loaded once, unless it is long or invalid.
func TestKeptDocuments(t *testing.T) {
	l := newLoader(Options{})
	for text, kept := range map[string]bool{
		"{__typename}": true,
		"{__typename}" + strings.Repeat(" ", maxKeptBytes-12): true,
		"{__typename}" + strings.Repeat(" ", maxKeptBytes-11): false,
		"{nonsense}": false,
	} {
		t.Run(fmt.Sprintf("%.12s of %d bytes, kept %t", text, len(text), kept), func(t *testing.T) {
			first, _ := l.load(text)
			second, _ := l.load(text)
			if l.kept.Contains(text) != kept || kept != (first == second && first != nil) {
				t.Errorf("it is kept: %t", l.kept.Contains(text))
			}
		})
	}
	for i := range 2 * keptDocuments {
		l.load(fmt.Sprintf("{a%d:__typename}", i))
	}
	if l.kept.Len() != keptDocuments {
		t.Errorf("%d documents are kept", l.kept.Len())
	}
}

// TestMergeRule compares the rule that fields can be merged with gqlparser's,
// over random documents.
func TestMergeRule(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	conflicts, agreed := 0, 0
	for n := range 3000 {
		text := conflicting(random)
		if n%2 == 0 {
			text = conflictingChanges(random)
		}
		document, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			t.Fatal(err, text)
		}
		// Ours does not look at fragments that no operation uses.
		want := validator.ValidateWithRules(schema, document, rules.NewRules(rules.NoUnusedFragmentsRule, rules.OverlappingFieldsCanBeMergedRule)) != nil
		got := validator.ValidateWithRules(schema, document, rules.NewRules(rules.NoUnusedFragmentsRule, mergeRule)) != nil
		if got != want {
			t.Fatalf("conflict %t, gqlparser says %t: %s", got, want, text)
		}
		if want {
			conflicts++
		} else {
			agreed++
		}
	}
	if conflicts < 100 || agreed < 100 {
		t.Errorf("%d conflicts and %d without: one-sided", conflicts, agreed)
	}
}

// conflicting writes a document whose fields may conflict.
func conflicting(random *rand.Rand) string {
	pick := func(options ...string) string { return options[random.IntN(len(options))] }
	leaf := func() string { return pick("id ", "name ", "id:id ", "a:id ", "a:name ", "b:name ") }
	set := func(one func() string) string {
		var b strings.Builder
		for range 1 + random.IntN(3) {
			b.WriteString(one())
		}
		return b.String()
	}
	chat := func() string {
		return pick(leaf(), leaf(), "...{"+set(leaf)+"}", "...A ", "...B ", "...on Chat{"+leaf()+"}")
	}
	connection := func() string {
		return pick("nodes{"+set(chat)+"}", "c:nodes{"+set(chat)+"}", "edges{node{"+set(chat)+"}}", "...C ")
	}
	arguments := func() string {
		return pick("", "", "(first:1)", "(first:2)", "(filter:{search:\"a\",labels:[1,2]})", "(filter:{labels:[1,2],search:\"a\"})", "(filter:{labels:[2,1],search:\"a\"})")
	}
	query := func() string {
		return pick("searchChats", "searchChats", "d:searchChats") + arguments() + "{" + set(connection) + "}"
	}
	return "query P{" + set(query) + "}" +
		"fragment A on Chat{" + leaf() + "}fragment B on Chat{" + pick("...A ", "") + leaf() + "}" +
		"fragment C on ChatConnection{nodes{" + set(chat) + "}} query Q{searchChats{...C nodes{...A ...B}}}"
}

// conflictingChanges writes a document whose fields of several types may conflict.
func conflictingChanges(random *rand.Rand) string {
	pick := func(options ...string) string { return options[random.IntN(len(options))] }
	alias := func() string { return pick("", "", "a:", "b:") }
	chat := func() string {
		return "{" + pick("id", "name", "a:id", "a:name", "a:statusCode", "labels{id}", "labels{id:name}", "a:labelIds", "id:crmData") + " " + alias() + pick("id", "name") + "}"
	}
	edge := func() string { return "{" + pick("cursor", "id:cursor", "a:cursor") + " node" + chat() + "}" }
	change := func() string {
		return pick(
			"...on ChatEntered{"+alias()+pick("index", "edge"+edge())+"} ", "...on ChatUpdated{"+alias()+"chat"+chat()+"} ",
			"...on ChatLeft{"+alias()+"chatId} ", "...on ChatsReset{"+alias()+"reason} ", "__typename ", "...E ", "...{...E} ")
	}
	changes := ""
	for range 2 + random.IntN(3) {
		changes += change()
	}
	return "subscription S{chatsChanged{" + alias() + "cursor changes{" + changes + "}}} fragment E on ChatChange{" + change() + "__typename}" +
		"query Q{__typename}"
}

// FuzzLoad loads any text. Loading ends, with maxErrors errors at most.
func FuzzLoad(f *testing.F) {
	for _, flood := range floods {
		if len(flood.document) < 4000 {
			f.Add(flood.document)
		}
	}
	f.Add(`query Q($f: ChatFilter, $n: Int = 3) { searchChats(filter: $f, first: $n) { ...A nodes { raw } } } fragment A on ChatConnection { totalCount }`)
	seeds.Add[string](f, "testdata/FuzzLoad.txt")
	l := newLoader(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		d, errs := l.load(text)
		if (d == nil) == (errs == nil) || len(errs) > maxErrors {
			t.Fatalf("%d errors", len(errs))
		}
		if d == nil {
			return
		}
		for _, operation := range d.Operations {
			if cost := d.operations[operation].cost.Requested(nil); cost < 1 || cost > 1<<53-1 {
				t.Errorf("cost %d", cost)
			}
		}
	})
}
