package app

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// TestSchemaFile: schema.graphqls is served to the byte, to callers without
// credentials too, unless introspection is off or documents are trusted ones.
func TestSchemaFile(t *testing.T) {
	want, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(manifest, []byte(`{"counts":"{searchChats(first:0){totalCount}}"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args   []string
		status int
	}{
		"on the sandbox":                 {nil, http.StatusOK},
		"without GraphiQL":               {[]string{"-texter-project", "acme", "-graphiql=false"}, http.StatusOK},
		"without credentials":            {[]string{"-texter-project", "acme"}, http.StatusOK},
		"introspection off":              {[]string{"-texter-project", "acme", "-introspection=false"}, http.StatusNotFound},
		"trusted documents only":         {[]string{"-texter-project", "acme", "-trusted-documents", manifest}, http.StatusNotFound},
		"introspection and GraphiQL off": {[]string{"-texter-project", "acme", "-introspection=false", "-graphiql=false"}, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			response, err := http.Get(start(t, nil, test.args...).url + "/schema.graphqls")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status {
				t.Fatalf("got %d, %v", response.StatusCode, err)
			}
			if served := string(body) == string(want); served != (test.status == http.StatusOK) {
				t.Errorf("got %q", body)
			}
		})
	}
}
