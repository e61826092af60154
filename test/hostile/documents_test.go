package hostile

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hashOf returns the SHA-256 of a document, by which persisted queries name it.
func hashOf(document string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(document))) }

// persisted returns the body of a request for a persisted query. It has the text
// of the document unless that is "".
func persisted(document string, reference any) string {
	body := map[string]any{"extensions": map[string]any{"persistedQuery": reference}}
	if document != "" {
		body["query"] = document
	}
	return string(encode(body))
}

// TestWrongHashes sends persisted queries with hashes that are not those of their
// text. The attacks depend on those before them.
func TestWrongHashes(t *testing.T) {
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url)
	const victim = "{ searchChats { totalCount } }"
	by := func(hash any) map[string]any { return map[string]any{"version": 1, "sha256Hash": hash} }
	attacks := []attack{
		{name: "unknown", send: post(persisted("", by(hashOf("canary")))), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "another's hash", send: post(persisted("{ __typename }", by(hashOf(victim)))), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "which is not kept", send: post(persisted("", by(hashOf(victim)))), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "the right one", send: post(persisted(victim, by(hashOf(victim)))), status: 200, asked: counted},
		{name: "which is kept", send: post(persisted("", by(hashOf(victim)))), status: 200, asked: counted},
		{name: "and not replaced", send: post(persisted("{ __typename }", by(hashOf(victim)))), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "nor is what is invalid kept", send: post(persisted("{ nothing }", by(hashOf("{ nothing }")))), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "another version", send: post(persisted("", map[string]any{"version": 2, "sha256Hash": hashOf(victim)})), status: 200, code: "PERSISTED_QUERY_NOT_SUPPORTED"},
	}
	for _, hash := range []string{"", "canary", "../../canary", hashOf(victim) + "\x00", hashOf(victim)[:63], strings.ToUpper(hashOf(victim)), strings.Repeat("canary", 10_000)} {
		attacks = append(attacks, attack{name: fmt.Sprintf("%.70q", hash), send: post(persisted("", by(hash))), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"})
	}
	for _, hash := range []any{7, nil, []string{hashOf(victim)}, map[string]any{"$ne": ""}} {
		attacks = append(attacks, attack{name: fmt.Sprintf("%.30T", hash), send: post(persisted("", by(hash))), status: 200, code: "GRAPHQL_VALIDATION_FAILED"})
	}
	run(t, p, x, attacks)
}

// TestUntrustedDocuments sends other documents to a service that executes only
// one.
func TestUntrustedDocuments(t *testing.T) {
	const trusted = "query Count { searchChats { totalCount } }"
	manifest := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(manifest, encode(map[string]string{"count": trusted}), 0o600); err != nil {
		t.Fatal(err)
	}
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url, "-trusted-documents", manifest)
	byID := func(id any) string { return post(string(encode(map[string]any{"documentId": id}))) }
	refused := func(name, document string) attack {
		return attack{name: name, send: ask(document), status: 200, code: "PERSISTED_QUERY_NOT_IN_LIST"}
	}
	run(t, p, x, []attack{
		{name: "by its id", send: byID("count"), status: 200, asked: counted},
		{name: "by its text", send: ask(trusted), status: 200, asked: counted},
		refused("another", "{ searchChats { totalCount } }"),
		refused("a space more", trusted+" "),
		refused("a comment more", trusted+"#canary"),
		refused("an operation more", trusted+" query B { searchChats(first: 10000) { nodes { raw } } }"),
		refused("introspection", "{ __schema { types { name } } }"),
		refused("what is not GraphQL", "canary"),
		refused("25 nested fragments", nestedFragments(25)),
		{name: "taught by its hash", send: post(persisted("{ __typename }", map[string]any{"version": 1, "sha256Hash": hashOf("{ __typename }")})), status: 200, code: "PERSISTED_QUERY_NOT_IN_LIST"},
		{name: "and asked for by it", send: post(persisted("", map[string]any{"version": 1, "sha256Hash": hashOf("{ __typename }")})), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "its id and another text", send: post(string(encode(map[string]any{"documentId": "count", "query": "{ __typename }"}))), status: 200, code: "PERSISTED_QUERY_NOT_IN_LIST"},
		{name: "an unknown id", send: byID("canary"), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "a path for an id", send: byID("../documents.json"), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "an id with a NUL", send: byID("count\x00"), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "a property for an id", send: byID("__proto__"), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "a number for an id", send: byID(7), status: 400, code: "BAD_REQUEST"},
		{name: "two ids", send: post(`{"documentId":"canary","documentId":"count"}`), status: 400, code: "BAD_REQUEST"},
		{name: "an id by GET", send: get("documentId=canary"), status: 200, code: "PERSISTED_QUERY_NOT_FOUND"},
		{name: "two ids by GET", send: get("documentId=canary&documentId=count"), status: 400, code: "BAD_REQUEST"},
		{name: "another text by GET", send: get("query=" + url.QueryEscape("{ __typename }")), status: 200, code: "PERSISTED_QUERY_NOT_IN_LIST"},
		{name: "a variable of the wrong type", send: post(string(encode(map[string]any{"documentId": "count", "variables": json.RawMessage(`["canary"]`)}))), status: 400, code: "BAD_REQUEST"},
	})
}
