package hostile

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestDocumentsThatTakeLong sends small documents that would take long without
// limits.
func TestDocumentsThatTakeLong(t *testing.T) {
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url)
	run(t, p, x, floods())
}

// repeated writes a text n times. In each, % is replaced by its number.
func repeated(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%", fmt.Sprint(i)))
	}
	return b.String()
}

func floods() []attack {
	tooComplex := func(name, document string) attack {
		return attack{name: name, send: ask(document), status: 200, code: "QUERY_TOO_COMPLEX"}
	}
	invalid := func(name, document string) attack {
		return attack{name: name, send: ask(document), status: 200, code: "GRAPHQL_VALIDATION_FAILED"}
	}
	unparsed := func(name, document string) attack {
		return attack{name: name, send: ask(document), status: 200, code: "GRAPHQL_PARSE_FAILED"}
	}
	answered := func(name, document string) attack {
		return attack{name: name, send: ask(document), status: 200, asked: url.Values{"limit": {"30"}}}
	}
	return []attack{
		tooComplex("100 root aliases", "{"+repeated(100, " a%: searchChats { totalCount }")+"}"),
		tooComplex("11 root aliases", "{"+repeated(11, " a%: searchChats(first: %) { totalCount }")+"}"),
		tooComplex("300 aliases of one field", "{ searchChats { nodes {"+repeated(300, " a%: name")+" } } }"),
		answered("400 times one field", "{ searchChats { nodes {"+strings.Repeat(" name", 400)+" } } }"),
		tooComplex("1,001 tokens", "{"+strings.Repeat(" __typename", 1000)+" }"),
		tooComplex("30,000 tokens", "{"+strings.Repeat(" a", 30_000)+"}"),
		tooComplex("40,000 tokens on one name", "{ a("+strings.Repeat("a:1 ", 20_000)+") }"),
		tooComplex("400 directives", "{ searchChats { totalCount"+strings.Repeat(" @include(if: true)", 180)+" } }"),
		tooComplex("300 unknown directives", "{ searchChats { totalCount"+strings.Repeat(" @a", 300)+" } }"),
		tooComplex("300 operations", repeated(160, "query A% { searchChats { totalCount } } ")),
		tooComplex("40 levels of a field", strings.Repeat("{a", 40)+strings.Repeat("}", 40)),
		tooComplex("40 levels of fragments", nestedInFragments(40)),
		tooComplex("8,000 fields from 500 tokens", "{ searchChats {"+repeated(40, " a%: nodes { ...F }")+" } } fragment F on Chat {"+strings.Repeat(" id name title image labelIds", 40)+" }"),
		answered("25 nested fragments", nestedFragments(25)),
		answered("60 nested fragments", nestedFragments(60)),
		tooComplex("10,000 rows, ten times", "{"+repeated(10, " a%: searchChats(first: 10000, filter: {search: \"ab%\"}) { nodes { id name image title raw } }")+"}"),
		answered("overlapping fields in fragments", overlapping(40)),
		invalid("deep introspection", "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"),
		invalid("a fragment of itself", "{ searchChats { ...A } } fragment A on ChatConnection { totalCount ...A }"),
		invalid("three fragments in a circle", "{ searchChats { ...A } } fragment A on ChatConnection { ...B } fragment B on ChatConnection { ...C } fragment C on ChatConnection { ...A }"),
		invalid("a circle through a field", "{ searchChats { nodes { ...A } } } fragment A on Chat { channel { ...B } } fragment B on Channel { ...B }"),
		invalid("50 circles of fragments", "{ searchChats { ...A0 } }"+repeated(50, " fragment A% on ChatConnection { ...B% }")+repeated(50, " fragment B% on ChatConnection { ...A% }")),
		invalid("100 unused fragments", "{ __typename }"+repeated(120, " fragment A% on Chat { id }")),
		invalid("100 unused variables", "query("+repeated(100, "$a%: Int ")+") { __typename }"),
		invalid("a fragment on nothing", "{ ...A } fragment A on Nothing { id }"),
		invalid("200 unknown fields", "{ searchChats { nodes {"+repeated(200, " canar%")+" } } }"),
		invalid("200 undefined variables", "{ searchChats { nodes { id"+repeated(90, " @include(if: $a%)")+" } } }"),
		invalid("a mutation", "mutation { searchChats { totalCount } }"),
		invalid("a subscription", "subscription { searchChats { totalCount } }"),
		invalid("two operations without a name", "{ __typename } { __typename }"),
		tooComplex("30 KB of a name", "{ "+strings.Repeat("a", 30<<10)+" }"),
		tooComplex("20,000 braces", strings.Repeat("{a", 20_000)),
		tooComplex("20,000 lists", "{ a(b: "+strings.Repeat("[", 20_000)+") }"),
		tooComplex("20,000 objects", "{ a(b: "+strings.Repeat("{a:", 20_000)+") }"),
		tooComplex("list types", "query($a: "+strings.Repeat("[", 20_000)+"Int) { a }"),
		unparsed("an open string", `{ a(b: "canary`),
		unparsed("an open block string", `{ a(b: """canary`),
		unparsed("100 KB of quotes", strings.Repeat(`"`, 40_000)),
		unparsed("100 KB of comment", "#"+strings.Repeat("canary", 20_000)),
		tooComplex("40,000 comments", strings.Repeat("#\n", 40_000)),
		unparsed("100 KB of commas", strings.Repeat(",", 120_000)),
		unparsed("100 KB of byte order marks", strings.Repeat("\ufeff", 40_000)),
		unparsed("only white space", " \n\t "),
		unparsed("NUL", "{ __typename \x00 }"),
		unparsed("a schema", "type Query { canary: Int }"),
		unparsed("10,000 digits", "{ a(b: "+strings.Repeat("9", 10_000)+"..)"),
		{name: "a block string of 60,000 lines", send: ask("{ searchChats(filter: {search: \"\"\"" + strings.Repeat("\n", 60_000) + "\"\"\"}) { totalCount } }"), status: 200, code: "BAD_USER_INPUT"},
		{name: "100 KB of escapes", send: ask(`{ searchChats(after: "` + strings.Repeat(`\u0041`, 10_000) + `", first: 1) { totalCount } }`), status: 200, code: "CURSOR_INVALID"},
		{name: "10,000 labels", send: post(operation("query($l: [ID!]) { searchChats(filter: {labels: $l}) { totalCount } }", map[string]any{"l": strings.Split(repeated(10_000, "label%,"), ",")})), status: 200, code: "BAD_USER_INPUT"},
		{name: "20,000 times one label", send: post(operation("query($l: [ID!]) { searchChats(filter: {labels: $l}) { totalCount } }", map[string]any{"l": strings.Split(strings.TrimSuffix(strings.Repeat("a,", 20_000), ","), ",")})), status: 200, asked: url.Values{"limit": {"1"}, "labels[]": {"a"}}},
		{name: "20,000 statuses", send: post(operation("query($s: [ChatStatus!]) { searchChats(filter: {statuses: $s}) { totalCount } }", map[string]any{"s": strings.Split(strings.TrimSuffix(strings.Repeat("BOT,", 18_000), ","), ",")})), status: 200, code: "BAD_USER_INPUT"},
	}
}

// nestedFragments returns a document with n fragments, each of which spreads the
// next one twice: a walk that follows every spread takes 2^n steps.
func nestedFragments(n int) string {
	document := "{ searchChats { nodes { ...F0 } } }"
	for i := range n {
		document += fmt.Sprintf(" fragment F%d on Chat { ...F%d ...F%d }", i, i+1, i+1)
	}
	return document + fmt.Sprintf(" fragment F%d on Chat { id }", n)
}

// nestedInFragments returns a document with n fragments, each of which nests the
// next one in a field.
func nestedInFragments(n int) string {
	document := "{ a { ...F0 } }"
	for i := range n {
		document += fmt.Sprintf(" fragment F%d on A { a { ...F%d } }", i, i+1)
	}
	return document + fmt.Sprintf(" fragment F%d on A { a }", n)
}

// overlapping returns a document with n fragments whose fields must all be
// compared with each other.
func overlapping(n int) string {
	document := "{ searchChats { nodes {" + repeated(n, " ...F%") + " } } }"
	return document + repeated(n, " fragment F% on Chat { name channel { name metadata } labelIds }")
}
