// Package load drives the built service to its limits and observes it from
// outside: what callers get, and how much memory and how many goroutines it
// takes.
package load

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// program is a running service.
type program struct{ *harness.Process }

// start runs the service with this base URL of Texter's API, until the test
// ends.
func start(t *testing.T, texterURL string, args ...string) program {
	t.Helper()
	return startWith(t, nil, append(args, "-texter-url", texterURL)...)
}

// startWith runs the service with these variables, as NAME=value, and flags.
func startWith(t *testing.T, env []string, args ...string) program {
	t.Helper()
	return program{harness.Start(t, harness.Command{
		Env:  append(env, "ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=error"),
		Args: args,
		Log:  os.Stderr,
	})}
}

// goroutines returns how many the service has.
func (p program) goroutines(t *testing.T) int {
	t.Helper()
	n, err := p.Goroutines(t.Context())
	if err != nil {
		t.Error(err)
	}
	return n
}

// memory returns the resident memory in MB: what it is, and what it was at most.
func (p program) memory(t *testing.T) (now, peak int64) {
	t.Helper()
	now, peak, err := p.Memory()
	if err != nil {
		t.Error(err)
	}
	return now >> 20, peak >> 20
}

// response is what a request got.
type response struct {
	status int
	body   []byte
}

// ok reports whether the response is data without errors.
func (r response) ok() bool {
	return r.status == 200 && bytes.HasPrefix(r.body, []byte(`{"data":{"`)) && !bytes.Contains(r.body, []byte(`"errors":`))
}

// post sends an operation with a caller's token.
func (p program) post(client *http.Client, caller, operation string) (response, error) {
	res, err := p.send(client, caller, fmt.Sprintf(`{"query":%q}`, operation))
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return response{res.StatusCode, body}, err
}

// send sends a body with a caller's token. The caller closes the response's body.
func (p program) send(client *http.Client, caller, body string) (*http.Response, error) {
	r, err := http.NewRequest(http.MethodPost, p.URL("GraphQL"), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+caller)
	return client.Do(r)
}
