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
	p.log.Await(`"msg":"secret reloaded","setting":"TEXTER_API_TOKEN_FILE"`, 1)
	assertToken("canary-2")
	write(t, path, "canary 3\n")
	p.log.Await(`"reason":"must be one word`, 1)
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

// TestWebhookSecretIsTurned changes the secret of webhooks while the service runs.
func TestWebhookSecretIsTurned(t *testing.T) {
	texter := serveTexter(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, oneChat) })
	path := filepath.Join(t.TempDir(), "webhook")
	write(t, path, "canary-0123456789-1\n")
	p := start(t, []string{"WEBHOOK_SECRET_FILE=" + path, "TEXTER_API_TOKEN=token"}, "-texter-url", texter)
	assertStatus := func(secret string, want int) {
		t.Helper()
		if res, _ := send(t, http.MethodPost, "http://"+p.Addr("GraphQL")+"/webhooks/texter/"+secret, `{"eventName":"newMessage","eventData":{"chat":{"_id":"1"}}}`); res.StatusCode != want {
			t.Errorf("a webhook is %d, want %d", res.StatusCode, want)
		}
	}
	assertStatus("canary-0123456789-1", http.StatusNoContent)
	write(t, path, "canary")
	p.log.Await(`"reason":"must have at least 16 characters"`, 1)
	assertStatus("canary-0123456789-1", http.StatusNoContent)
	write(t, path, "canary-0123456789-2\n")
	p.log.Await(`"msg":"secret reloaded","setting":"WEBHOOK_SECRET_FILE"`, 1)
	assertStatus("canary-0123456789-1", http.StatusUnauthorized)
	assertStatus("canary-0123456789-2", http.StatusNoContent)
	if log := p.Banner + p.log.String(); strings.Contains(log, "canary") {
		t.Errorf("the log has a secret: %s", log)
	}
}
