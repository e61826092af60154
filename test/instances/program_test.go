// Package instances runs the built service several times at once, and observes
// from outside what the instances and their requests know of each other.
package instances

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// program is a running service.
type program struct {
	*harness.Process
	log *harness.Log
}

// start runs the service with these variables, as NAME=value, and flags.
func start(t *testing.T, env []string, args ...string) program {
	t.Helper()
	l := harness.NewLog()
	return program{harness.Start(t, harness.Command{
		Env: append([]string{"ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0"}, env...), Args: args, Log: l,
	}), l}
}

// stop ends the service, so that its pages are saved and its log is written.
func (p program) stop(t *testing.T) {
	t.Helper()
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

// metric returns the line of a metric with this name and these labels.
func (p program) metric(t *testing.T, name string) string {
	t.Helper()
	text, err := p.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(text, "\ntexter_graphql_"+name+" ")
	if !found {
		t.Fatalf("there is no metric %s", name)
	}
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

const countChats = "{ searchChats { totalCount } }"

// find searches for a contact's name.
func find(name string) (operation string) {
	return fmt.Sprintf(`{ searchChats(filter: {search: %q}) { totalCount } }`, name)
}

// search sends an operation for a caller with this token. It returns the status and
// the body of the response.
func (p program) search(t *testing.T, token, operation string) (status int, header http.Header, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("GraphQL"), strings.NewReader(fmt.Sprintf(`{"query":%q}`, operation)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Errorf("a request is lost: %v", err)
		return 0, nil, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Errorf("a response is cut off: %v", err)
	}
	return res.StatusCode, res.Header, string(text)
}

// texter is a stand-in for Texter's API.
type texter struct {
	url   string
	calls atomic.Int64
	// refuse answers the calls of a token in another way; it may be nil.
	refuse atomic.Pointer[func(token string, w http.ResponseWriter) bool]
}

const oneChat = `{"data":[{"_id":"1"}],"total":1}`

func newTexter(t *testing.T) *texter {
	t.Helper()
	x := &texter{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.calls.Add(1)
		if refuse := x.refuse.Load(); refuse != nil && (*refuse)(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), w) {
			return
		}
		_, _ = io.WriteString(w, oneChat)
	}))
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

// refuseWith answers the calls of one token with a status and Retry-After.
func (x *texter) refuseWith(token string, status int, retryAfter string) {
	refuse := func(caller string, w http.ResponseWriter) bool {
		if caller != token {
			return false
		}
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(status)
		return true
	}
	x.refuse.Store(&refuse)
}
