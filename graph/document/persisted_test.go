package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// persistedQuery returns the extensions of Apollo's protocol.
func persistedQuery(hash any) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": json.Number("1"), "sha256Hash": hash}}
}

func documentID(id string) map[string]any { return map[string]any{"documentId": id} }

// send prepares a request. It returns its text, or the code of its error.
func send(l *Loader, query string, extensions map[string]any) string {
	params := &graphql.RawParams{Query: query, Extensions: extensions}
	if _, errs := l.Prepare(params); errs != nil {
		return fmt.Sprint(errs[0].Extensions["code"])
	}
	return params.Query
}

const text = "{searchChats{totalCount}}"

// TestAutomaticPersistedQueries follows Apollo's protocol. The steps depend on
// those before them.
func TestAutomaticPersistedQueries(t *testing.T) {
	l := newLoader(Options{})
	long := text + strings.Repeat(" ", maxKeptBytes)
	for _, step := range []struct {
		name       string
		query      string
		extensions map[string]any
		want       string
	}{
		{"a hash is unknown at first", "", persistedQuery(sha(text)), "PERSISTED_QUERY_NOT_FOUND"},
		{"so is an id", "", documentID(sha(text)), "PERSISTED_QUERY_NOT_FOUND"},
		{"the hash of another text is refused", text, persistedQuery(sha("{__typename}")), "GRAPHQL_VALIDATION_FAILED"},
		{"and not registered", "", persistedQuery(sha("{__typename}")), "PERSISTED_QUERY_NOT_FOUND"},
		{"an invalid text is refused", "{nonsense}", persistedQuery(sha("{nonsense}")), "GRAPHQL_VALIDATION_FAILED"},
		{"and its hash not registered", "", persistedQuery(sha("{nonsense}")), "PERSISTED_QUERY_NOT_FOUND"},
		{"a text with its hash is executed", text, persistedQuery(sha(text)), text},
		{"and then found by its hash", "", persistedQuery(sha(text)), text},
		{"or by its id", "", documentID("sha256:" + sha(text)), text},
		{"a hash in capitals is unknown", "", persistedQuery(strings.ToUpper(sha(text))), "PERSISTED_QUERY_NOT_FOUND"},
		{"an empty hash is unknown", "", persistedQuery(""), "PERSISTED_QUERY_NOT_FOUND"},
		{"a number for a hash is refused", "", persistedQuery(1), "GRAPHQL_VALIDATION_FAILED"},
		{"a string for the extension is refused", text, map[string]any{"persistedQuery": "x"}, "GRAPHQL_VALIDATION_FAILED"},
		{"null is no extension", text, map[string]any{"persistedQuery": nil}, text},
		{"another version is refused", "", map[string]any{"persistedQuery": map[string]any{"version": json.Number("2"), "sha256Hash": sha(text)}}, "PERSISTED_QUERY_NOT_SUPPORTED"},
		{"a long text is executed", long, persistedQuery(sha(long)), long},
		{"but not registered", "", persistedQuery(sha(long)), "PERSISTED_QUERY_NOT_FOUND"},
	} {
		if got := send(l, step.query, step.extensions); got != step.want {
			t.Errorf("%s: got %.40s, want %.40s", step.name, got, step.want)
		}
	}
	for i := range 2 * keptDocuments {
		other := fmt.Sprintf("{a%d:__typename}", i)
		send(l, other, persistedQuery(sha(other)))
	}
	if l.registered.Len() != keptDocuments || send(l, "", persistedQuery(sha(text))) != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("%d texts are kept", l.registered.Len())
	}
}

// TestTrustedDocuments: what a manifest has is executed, by its id or text, and
// nothing else.
func TestTrustedDocuments(t *testing.T) {
	for name, manifest := range map[string]string{
		"Relay":  `{"id1": "` + text + `", "` + sha("{__typename}") + `": "{__typename}"}`,
		"Apollo": `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "id1", "name": "A", "type": "query", "body": "` + text + `"}, {"id": "` + sha("{__typename}") + `", "name": "B", "type": "query", "body": "{__typename}"}]}`,
	} {
		trusted, err := ParseTrusted([]byte(manifest), Options{Schema: schema})
		if err != nil {
			t.Fatal(name, err)
		}
		l := newLoader(Options{Trusted: trusted})
		for _, test := range []struct {
			query      string
			extensions map[string]any
			want       string
		}{
			{"", documentID("id1"), text},
			{"", persistedQuery("id1"), text},
			{"", documentID("sha256:" + sha("{__typename}")), "{__typename}"},
			{text, nil, text},
			{text, persistedQuery("whatever"), text},
			{"", documentID("id2"), "PERSISTED_QUERY_NOT_FOUND"},
			{"", documentID(sha(text)), "PERSISTED_QUERY_NOT_FOUND"},
			{"", persistedQuery("id2"), "PERSISTED_QUERY_NOT_FOUND"},
			{text + " ", nil, "PERSISTED_QUERY_NOT_IN_LIST"},
			{"{__schema{queryType{name}}}", nil, "PERSISTED_QUERY_NOT_IN_LIST"},
			{"{a:__typename}", persistedQuery(sha("{a:__typename}")), "PERSISTED_QUERY_NOT_IN_LIST"},
			{"{a:__typename}", persistedQuery("id1"), "PERSISTED_QUERY_NOT_IN_LIST"},
			{"nonsense", documentID("id1"), "PERSISTED_QUERY_NOT_IN_LIST"},
		} {
			t.Run(fmt.Sprintf("%s: %s %v", name, test.query, test.extensions), func(t *testing.T) {
				if got := send(l, test.query, test.extensions); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
			})
		}
	}
}

func TestBadManifests(t *testing.T) {
	for _, manifest := range []string{
		"", "null", "{}", "[]", `["a"]`, `{"a": 1}`, `{"a": ""}`, `{"a": "{nonsense}"}`, `{"a": "{__typename}", "b": "{"}`, "nonsense", `{"a": "{__typename}"} {}`,
		`{"format": "apollo-persisted-query-manifest", "version": 2, "operations": [{"id": "a", "body": "{__typename}"}]}`,
		`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": []}`,
		`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}`,
		`{"format": "other", "version": 1, "operations": [{"id": "a", "body": "{__typename}"}]}`,
	} {
		t.Run(fmt.Sprintf("%.60q is refused", manifest), func(t *testing.T) {
			if _, err := ParseTrusted([]byte(manifest), Options{Schema: schema}); err == nil {
				t.Error("there is no error")
			}
		})
	}
}
