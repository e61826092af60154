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

// persistedQuery are the extensions of Apollo's protocol.
func persistedQuery(hash any) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": json.Number("1"), "sha256Hash": hash}}
}

func documentID(id string) map[string]any { return map[string]any{"documentId": id} }

// send prepares a request; it returns its text, or the code of its error.
func send(l *Loader, query string, extensions map[string]any) string {
	params := &graphql.RawParams{Query: query, Extensions: extensions}
	if _, errs := l.Prepare(params); errs != nil {
		return fmt.Sprint(errs[0].Extensions["code"])
	}
	return params.Query
}

const text = "{searchChats{totalCount}}"

// TestAutomaticPersistedQueries follows Apollo's protocol.
func TestAutomaticPersistedQueries(t *testing.T) {
	l := newLoader(Options{})
	long := text + strings.Repeat(" ", maxKeptBytes)
	for _, step := range []struct {
		query      string
		extensions map[string]any
		want       string
	}{
		{"", persistedQuery(sha(text)), "PERSISTED_QUERY_NOT_FOUND"},
		{"", documentID(sha(text)), "PERSISTED_QUERY_NOT_FOUND"},
		{text, persistedQuery(sha("{__typename}")), "GRAPHQL_VALIDATION_FAILED"},
		{"", persistedQuery(sha("{__typename}")), "PERSISTED_QUERY_NOT_FOUND"},
		{"{nonsense}", persistedQuery(sha("{nonsense}")), "GRAPHQL_VALIDATION_FAILED"},
		{"", persistedQuery(sha("{nonsense}")), "PERSISTED_QUERY_NOT_FOUND"},
		{text, persistedQuery(sha(text)), text},
		{"", persistedQuery(sha(text)), text},
		{"", documentID("sha256:" + sha(text)), text},
		{"", persistedQuery(strings.ToUpper(sha(text))), "PERSISTED_QUERY_NOT_FOUND"},
		{"", persistedQuery(""), "PERSISTED_QUERY_NOT_FOUND"},
		{"", persistedQuery(1), "GRAPHQL_VALIDATION_FAILED"},
		{text, map[string]any{"persistedQuery": "x"}, "GRAPHQL_VALIDATION_FAILED"},
		{text, map[string]any{"persistedQuery": nil}, text},
		{"", map[string]any{"persistedQuery": map[string]any{"version": json.Number("2"), "sha256Hash": sha(text)}}, "PERSISTED_QUERY_NOT_SUPPORTED"},
		{long, persistedQuery(sha(long)), long},
		{"", persistedQuery(sha(long)), "PERSISTED_QUERY_NOT_FOUND"},
	} {
		if got := send(l, step.query, step.extensions); got != step.want {
			t.Errorf("%.40s %v: got %.40s, want %.40s", step.query, step.extensions, got, step.want)
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

// TestTrustedDocuments are executed, by id or text, and nothing else is.
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
			if got := send(l, test.query, test.extensions); got != test.want {
				t.Errorf("%s: %s %v: got %s, want %s", name, test.query, test.extensions, got, test.want)
			}
		}
	}
}

// TestBadManifests are refused.
func TestBadManifests(t *testing.T) {
	for _, manifest := range []string{
		"", "null", "{}", "[]", `["a"]`, `{"a": 1}`, `{"a": ""}`, `{"a": "{nonsense}"}`, `{"a": "{__typename}", "b": "{"}`, "nonsense", `{"a": "{__typename}"} {}`,
		`{"format": "apollo-persisted-query-manifest", "version": 2, "operations": [{"id": "a", "body": "{__typename}"}]}`,
		`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": []}`,
		`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}`,
		`{"format": "other", "version": 1, "operations": [{"id": "a", "body": "{__typename}"}]}`,
	} {
		if _, err := ParseTrusted([]byte(manifest), Options{Schema: schema}); err == nil {
			t.Errorf("%s is taken", manifest)
		}
	}
}
