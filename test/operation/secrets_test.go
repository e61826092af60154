package operation

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write replaces a file in one step, as a new version of a Kubernetes secret does.
func write(t *testing.T, path, content string) {
	t.Helper()
	next := path + ".new"
	if err := os.WriteFile(next, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

// TestTokenIsTurned changes the service's own token while the service runs.
func TestTokenIsTurned(t *testing.T) {
	tokens := make(chan string, 1)
	texter := serveTexter(t, func(w http.ResponseWriter, r *http.Request) {
		tokens <- r.Header.Get("Authorization")
		_, _ = io.WriteString(w, oneChat)
	})
	path := filepath.Join(t.TempDir(), "token")
	write(t, path, "canary-1\n")
	p := start(t, []string{"TEXTER_API_TOKEN_FILE=" + path}, "-texter-url", texter, "-cache-ttl", "1h")
	assertToken := func(want string) {
		t.Helper()
		p.search(t)
		select {
		case got := <-tokens:
			if got != "Bearer "+want {
				t.Errorf("Texter got %s, want %s", got, want)
			}
		default:
			t.Error("the search was answered from pages of another token")
		}
	}
	assertToken("canary-1")
	write(t, path, "canary-2\n")
	p.log.await(`"msg":"secret reloaded","setting":"TEXTER_API_TOKEN_FILE"`, 1)
	assertToken("canary-2")
	write(t, path, "canary 3\n")
	p.log.await(`"reason":"must be one word`, 1)
	write(t, path, "canary-2")
	if p.search(t); len(tokens) > 0 {
		t.Errorf("Texter got %s although the page is cached", <-tokens)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if log := p.Banner + p.log.String(); strings.Contains(log, "canary") {
		t.Errorf("the log has a token: %s", log)
	}
}
