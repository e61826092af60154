// Package causes makes each kind of failure happen to the built service. It looks
// at what an operator has then: the log, the metrics and the alerts; and at the code
// that the caller gets.
package causes

import (
	"bytes"
	"encoding/json"
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
type program struct {
	*harness.Process
	log *bytes.Buffer // complete once the service has ended
}

// start runs a service that only logs warnings, with these variables, as
// NAME=value, and flags.
func start(t *testing.T, env []string, args ...string) program {
	t.Helper()
	p := program{log: new(bytes.Buffer)}
	p.Process = harness.Start(t, harness.Command{
		Args: args, Log: p.log,
		Env: append([]string{"ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=warn"}, env...),
	})
	return p
}

// search sends a search by this id and these headers, of the form "Name: value".
// It returns the code of its error, "" if there is none.
func (p program) search(t *testing.T, id string, headers ...string) (code string) {
	t.Helper()
	return p.query(t, id, "{ searchChats { totalCount } }", headers...)
}

func (p program) query(t *testing.T, id, query string, headers ...string) (code string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, p.URL("GraphQL"), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-Id", id)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return err.Error()
	}
	defer res.Body.Close()
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	text, err := io.ReadAll(res.Body)
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil {
		t.Errorf("%v: %s", err, text)
	}
	if len(answer.Errors) == 0 {
		return ""
	}
	return answer.Errors[0].Extensions.Code
}

// scrape returns the metrics as Prometheus gets them.
func (p program) scrape(t *testing.T) string {
	t.Helper()
	metrics, err := p.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return metrics
}

// get returns the response of the service to a path.
func (p program) get(t *testing.T, path string) string {
	t.Helper()
	res, err := http.Get("http://" + p.Addr("GraphQL") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// line is a line of the log.
type line struct {
	Level, Msg, RequestID, ErrorCodes, ErrorArguments, Credential, UpstreamOutcome, UpstreamFailure, Token, State, TraceID, Reason, Error string
	UpstreamStatus, Status, Calls                                                                                                         int
}

// lines ends the service and returns its log. No line may name a host, an address
// or a canary.
func (p program) lines(t *testing.T) []line {
	t.Helper()
	if err := p.Stop(); err != nil {
		t.Errorf("the service ended with %v", err)
	}
	var lines []line
	for text := range strings.Lines(p.log.String()) {
		for _, secret := range []string{"127.0.0.1", "255.255", "texter.example", "nobody.invalid", "canary"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in the log: %s", secret, text)
			}
		}
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Errorf("not JSON: %s", text)
		}
		lines = append(lines, l)
	}
	return lines
}

// requestLine returns the line of a request.
func requestLine(t *testing.T, lines []line, id string) line {
	t.Helper()
	for _, l := range lines {
		if l.Msg == "request" && l.RequestID == id {
			return l
		}
	}
	t.Errorf("the request %s is not in the log: %+v", id, lines)
	return line{}
}

// withMessage returns the lines with a message.
func withMessage(lines []line, msg string) (found []line) {
	for _, l := range lines {
		if l.Msg == msg {
			found = append(found, l)
		}
	}
	return found
}

// value returns the value of a series, by its name and labels as they are exported.
func value(t *testing.T, metrics, series string) (n float64) {
	t.Helper()
	_, rest, found := strings.Cut("\n"+metrics, "\n"+series+" ")
	if _, err := fmt.Sscan(rest, &n); !found || err != nil {
		t.Errorf("%s is not exported", series)
	}
	return n
}
