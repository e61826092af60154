package app

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/internal/config"
)

// environment holds the variables of a process.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// instance is a service that runs in this process.
type instance struct {
	*program
	url    string
	banner string       // what it writes before it serves
	stderr bytes.Buffer // to be read once it has ended
	stop   context.CancelFunc
	ended  chan struct{} // is closed when run has returned
	err    error         // what run returned; to be read once it has ended
}

// start runs a service on a free port until the test ends.
func start(t *testing.T, env environment, args ...string) *instance {
	t.Helper()
	return startChanged(t, func(*program) {}, env, args...)
}

// startChanged runs a service as start does, after a change to the program.
func startChanged(t *testing.T, change func(*program), env environment, args ...string) *instance {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &instance{stop: cancel, ended: make(chan struct{})}
	cfg, err := config.Parse(append([]string{"-addr", "127.0.0.1:0", "-sandbox-traffic", "0"}, args...), env.get, &s.stderr)
	if err != nil {
		t.Fatal(err)
	}
	if s.program, err = newProgram(ctx, cfg, &s.stderr); err != nil {
		t.Fatal(err)
	}
	s.announce(&s.stderr)
	s.banner, s.url = s.stderr.String(), "http://"+s.api.listener.Addr().String()
	change(s.program)
	go func() {
		defer close(s.ended)
		s.err = s.program.run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-s.ended
	})
	return s
}

// end stops the service, waits until it has ended, and returns its log.
func (s *instance) end(t *testing.T) (log string) {
	t.Helper()
	s.stop()
	if <-s.ended; s.err != nil {
		t.Errorf("it ended with %v", s.err)
	}
	return s.stderr.String()[len(s.banner):]
}

// metrics returns the metrics as Prometheus gets them. A request is counted
// after it is answered: to count all requests, end the service first.
func (s *instance) metrics(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.program.metrics.http.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics is %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// send sends a request with headers of the form "Name: value". It returns the
// response and its body.
func (s *instance) send(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	return s.sendBy(t, http.DefaultClient, method, path, body, headers...)
}

func (s *instance) sendBy(t *testing.T, client *http.Client, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(answer)
}

// query sends a GraphQL query, which holds no quotes.
func (s *instance) query(t *testing.T, query string, headers ...string) (*http.Response, string) {
	t.Helper()
	return s.send(t, http.MethodPost, "/graphql", `{"query":"`+query+`"}`, append(headers, "Content-Type: application/json")...)
}

// search asks for the number of chats.
func (s *instance) search(t *testing.T, headers ...string) (*http.Response, string) {
	t.Helper()
	return s.query(t, "{ searchChats { totalCount } }", headers...)
}

// oneChat is an answer of Texter, oneChatCounted the beginning of what the service
// makes of it.
const (
	oneChat        = `{"data":[{"_id":"1"}],"total":1}`
	oneChatCounted = `{"data":{"searchChats":{"totalCount":1}}`
)

// startTexter starts a Texter that has one chat. It records the headers of the
// searches that it answers.
func startTexter(t *testing.T) (url string, headers *[]http.Header) {
	t.Helper()
	headers = new([]http.Header)
	return serveTexter(t, func(w http.ResponseWriter, r *http.Request) {
		*headers = append(*headers, r.Header)
		_, _ = io.WriteString(w, oneChat)
	}), headers
}

// serveTexter starts a Texter that answers by a handler.
func serveTexter(t *testing.T, handle http.HandlerFunc) (url string) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

// assertHeaders fails unless Texter got one request, with this authorization and
// without any other header of the caller.
func assertHeaders(t *testing.T, got []http.Header, authorization string) {
	t.Helper()
	want := []http.Header{{
		"Authorization": {authorization}, "Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "User-Agent": {"texter-graphql"},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Texter got %v", got)
	}
}
