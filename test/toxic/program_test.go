// Package toxic lets the service talk to Texter through toxiproxy, which spoils
// the connection in one way after another.
package toxic

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// program is the running service.
type program struct{ *harness.Process }

// start runs the service with this base URL of Texter's API, which it waits for so
// long.
func start(t *testing.T, texterURL string, timeout time.Duration) program {
	t.Helper()
	return program{harness.Start(t, harness.Command{
		// With GOGC=100, the memory at most is what is in use, not what may be collected.
		Env:  []string{"ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=error", "GOGC=100"},
		Args: []string{"-texter-url", texterURL, "-request-timeout", "5m", "-texter-timeout", timeout.String(), "-texter-attempt-timeout", timeout.String()},
		Log:  os.Stderr,
	})}
}

// search asks for the largest page. It returns the code of the error in the
// response, "" for the page.
func (p program) search(t *testing.T) (code string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("GraphQL"), strings.NewReader(`{"query":"{ searchChats(first: 10000) { nodes { id title } } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var response struct {
		Data   struct{ SearchChats *struct{ Nodes []any } }
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.NewDecoder(res.Body).Decode(&response); err != nil {
		t.Fatal(err)
	}
	if len(response.Errors) == 1 {
		return response.Errors[0].Extensions.Code
	}
	if response.Data.SearchChats == nil || len(response.Data.SearchChats.Nodes) != rows {
		t.Fatalf("got %+v", response)
	}
	return ""
}

// goroutines returns how many the service has.
func (p program) goroutines(t *testing.T) int {
	t.Helper()
	n, err := p.Goroutines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// memory returns the resident memory in MB: what it is, and what it was at most.
func (p program) memory(t *testing.T) (now, peak int64) {
	t.Helper()
	now, peak, err := p.Memory()
	if err != nil {
		t.Fatal(err)
	}
	return now >> 20, peak >> 20
}
