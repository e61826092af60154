package app

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"texter-graphql/internal/rule"
)

func TestTrustedDocuments(t *testing.T) {
	manifest := filepath.Join(t.TempDir(), "canary.json")
	write := func(content string) {
		if err := os.WriteFile(manifest, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"one": "{__typename}"}`)
	s := start(t, nil, "-trusted-documents", manifest)
	const executed = `{"data":{"__typename":"Query"}`
	for name, test := range map[string]struct{ body, want string }{
		"a doc_id is executed":                    {`{"doc_id":"one"}`, executed},
		"a documentId is executed":                {`{"documentId":"one"}`, executed},
		"a hash that is an id is executed":        {`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"one"}}}`, executed},
		"the text of a document is executed":      {`{"query":"{__typename}"}`, executed},
		"an unknown id is not found":              {`{"documentId":"two"}`, `"code":"PERSISTED_QUERY_NOT_FOUND"`},
		"another text is refused":                 {`{"query":"{searchChats{totalCount}}"}`, `"code":"PERSISTED_QUERY_NOT_IN_LIST"`},
		"introspection is refused":                {`{"query":"{__schema{queryType{name}}}"}`, `"code":"PERSISTED_QUERY_NOT_IN_LIST"`},
		"another text beside an id is refused":    {`{"query":"{ __typename }","doc_id":"one"}`, `"code":"PERSISTED_QUERY_NOT_IN_LIST"`},
		"two ids are a bad request":               {`{"documentId":"one","doc_id":"one"}`, `"code":"BAD_REQUEST"`},
		"an id that is a number is a bad request": {`{"documentId":1}`, `"code":"BAD_REQUEST"`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, answer := s.send(t, http.MethodPost, "/graphql", test.body, "Content-Type: application/json"); !strings.Contains(answer, test.want) {
				t.Errorf("got %s", answer)
			}
		})
	}
	t.Run("an id in a GET request is executed", func(t *testing.T) {
		if _, answer := s.send(t, http.MethodGet, "/graphql?documentId=one", ""); !strings.Contains(answer, executed) {
			t.Errorf("got %s", answer)
		}
	})
	for name, content := range map[string]string{"no JSON": "nonsense", "no GraphQL": `{"one": "{nonsense}"}`} {
		t.Run("a manifest with "+name+" is a bad setting", func(t *testing.T) {
			write(content)
			err := run(t.Context(), []string{"-texter-project", "acme", "-addr=127.0.0.1:0", "-trusted-documents", manifest}, environment{}.get, io.Discard)
			if bad, ok := errors.AsType[*rule.Error](err); !ok || bad.Name != "trusted-documents" || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v", err)
			}
		})
	}
}
