package app

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"texter-graphql/internal/rule"
)

// TestTrustedDocuments serves those of a manifest only.
func TestTrustedDocuments(t *testing.T) {
	manifest := filepath.Join(t.TempDir(), "canary.json")
	write := func(content string) {
		if err := os.WriteFile(manifest, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"one": "{__typename}"}`)
	s := start(t, nil, "-trusted-documents", manifest)
	for body, want := range map[string]string{
		`{"doc_id":"one"}`:     `{"data":{"__typename":"Query"}`,
		`{"documentId":"one"}`: `{"data":{"__typename":"Query"}`,
		`{"documentId":"two"}`: `"code":"PERSISTED_QUERY_NOT_FOUND"`,
		`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"one"}}}`: `{"data":{"__typename":"Query"}`,
		`{"query":"{__typename}"}`:                  `{"data":{"__typename":"Query"}`,
		`{"query":"{searchChats{totalCount}}"}`:     `"code":"PERSISTED_QUERY_NOT_IN_LIST"`,
		`{"query":"{__schema{queryType{name}}}"}`:   `"code":"PERSISTED_QUERY_NOT_IN_LIST"`,
		`{"query":"{ __typename }","doc_id":"one"}`: `"code":"PERSISTED_QUERY_NOT_IN_LIST"`,
		`{"documentId":"one","doc_id":"one"}`:       `"code":"BAD_REQUEST"`,
		`{"documentId":1}`:                          `"code":"BAD_REQUEST"`,
	} {
		if _, answer := s.send(t, http.MethodPost, "/graphql", body, "Content-Type: application/json"); !strings.Contains(answer, want) {
			t.Errorf("%s: got %s", body, answer)
		}
	}
	if _, answer := s.send(t, http.MethodGet, "/graphql?documentId=one", ""); !strings.Contains(answer, `"__typename":"Query"`) {
		t.Errorf("GET: got %s", answer)
	}
	for _, content := range []string{"nonsense", `{"one": "{nonsense}"}`} {
		write(content)
		err := run(t.Context(), []string{"-addr=127.0.0.1:0", "-trusted-documents", manifest}, func(string) string { return "" }, new(strings.Builder))
		if bad, ok := errors.AsType[*rule.Error](err); !ok || bad.Name != "trusted-documents" || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v", content, err)
		}
	}
}
