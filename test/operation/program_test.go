// Package operation does to the built service what its operators do: it starts the
// service with wrong settings, sends signals, changes files, and reads its log,
// metrics and health.
package operation

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// oneChat is Texter's answer to a search.
const oneChat = `{"data":[{"_id":"1"}],"total":1}`

// program is a running service.
type program struct {
	*harness.Process
	log *harness.Log
}

// start runs the service with these variables, as NAME=value, on a free port, until
// the test ends.
func start(t *testing.T, env []string, args ...string) program {
	t.Helper()
	log := harness.NewLog()
	return program{harness.Start(t, harness.Command{
		Args: args, Log: log, Env: append([]string{"ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0"}, env...),
	}), log}
}

// serveTexter starts a Texter that answers by a handler.
func serveTexter(t *testing.T, handle http.HandlerFunc) (url string) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

// get returns the response to a GET request of an address of the service, and its body.
func (p program) get(t *testing.T, address, path string) (*http.Response, string) {
	t.Helper()
	return send(t, http.MethodGet, "http://"+p.Addr(address)+path, "")
}

// search asks for the number of chats.
func (p program) search(t *testing.T) (*http.Response, string) {
	t.Helper()
	return send(t, http.MethodPost, p.URL("GraphQL"), `{"query":"{ searchChats { totalCount } }"}`)
}

func send(t *testing.T, method, url, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return &http.Response{}, ""
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res, string(answer)
}
