package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"texter-graphql/internal/rule"
	"texter-graphql/test/harness"
)

// environment are the variables of a process.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// service is a running service.
type service struct {
	url    string
	banner string
	stop   context.CancelFunc
	done   chan error  // gets what run returns
	log    chan string // gets what it says after the banner, once it has ended
}

// start runs a service on a free port until the test ends.
func start(t *testing.T, env environment, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	s := &service{stop: cancel, done: make(chan error, 1)}
	read, write := io.Pipe()
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), env.get, write)
		_ = write.Close()
		s.done <- err
	}()
	s.readBanner(t, read)
	return s
}

var address = regexp.MustCompile(`GraphQL: (http://\S+)/graphql`)

// readBanner reads what a service says until it says where it is.
func (s *service) readBanner(t *testing.T, stderr io.Reader) {
	t.Helper()
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		s.banner += lines.Text() + "\n"
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
			s.log = make(chan string, 1)
			go func() { s.log <- readLines(lines) }()
			return
		}
	}
	t.Fatalf("it does not say where it is: %s", s.banner)
}

func readLines(lines *bufio.Scanner) string {
	var text strings.Builder
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
	}
	return text.String()
}

// send sends a request with these headers, which are "Name: value", and
// returns the answer and its body.
func (s *service) send(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	res, err := http.DefaultClient.Do(r)
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

// search asks for the number of chats.
func (s *service) search(t *testing.T, headers ...string) (*http.Response, string) {
	t.Helper()
	return s.send(t, http.MethodPost, "/graphql", `{"query":"{ searchChats { totalCount } }"}`, append(headers, "Content-Type: application/json")...)
}

const oneChat = `{"data":[{"_id":"1"}],"total":1}`

// startUpstream starts one that records the headers of the searches that it answers.
func startUpstream(t *testing.T) (url string, headers *[]http.Header) {
	t.Helper()
	headers = new([]http.Header)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*headers = append(*headers, r.Header)
		_, _ = io.WriteString(w, oneChat)
	}))
	t.Cleanup(server.Close)
	return server.URL, headers
}

// TestSandbox runs without any setting.
func TestSandbox(t *testing.T) {
	s := start(t, nil)
	if !strings.Contains(s.banner, "Sandbox") || !strings.Contains(s.banner, "GraphiQL: "+s.url+"/ ") || !strings.HasPrefix(s.url, "http://127.0.0.1:") {
		t.Errorf("it says %s", s.banner)
	}
	if res, _ := s.send(t, http.MethodGet, "/", ""); res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("/ is %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	if res, body := s.search(t); res.StatusCode != 200 || !regexp.MustCompile(`^{"data":{"searchChats":{"totalCount":\d{4}}}`).MatchString(body) {
		t.Errorf("/graphql is %d: %s", res.StatusCode, body)
	}
	s.stop()
	if err := <-s.done; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestStopAmidARequest stops a service that waits for its upstream: new
// connections are refused, and the request is answered before it ends.
func TestStopAmidARequest(t *testing.T) {
	arrived, release := make(chan bool), make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- true
		select {
		case <-release:
			_, _ = io.WriteString(w, oneChat)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	s := start(t, nil, "-texter-url", server.URL)
	answer := make(chan string, 1)
	go func() {
		defer close(answer)
		_, body := s.search(t, "Authorization: Bearer caller")
		answer <- body
	}()
	select {
	case <-arrived:
	case body := <-answer:
		t.Fatalf("it is answered without the upstream: %s", body)
	}
	s.stop()
	for {
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			break
		}
		_ = connection.Close()
	}
	select {
	case err := <-s.done:
		t.Error("it ended before the answer")
		s.done <- err
	default:
	}
	close(release)
	if body := <-answer; !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`) {
		t.Errorf("got %s", body)
	}
	if err := <-s.done; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestDrain fails readiness first, and goes on to take requests for a while.
func TestDrain(t *testing.T) {
	s := start(t, nil, "-drain-delay", "2s")
	if res, body := s.send(t, http.MethodGet, "/readyz", ""); res.StatusCode != 200 || !strings.Contains(body, `"ready"`) {
		t.Errorf("/readyz is %d: %s", res.StatusCode, body)
	}
	s.stop()
	for {
		res, body := s.send(t, http.MethodGet, "/readyz", "")
		if res.StatusCode == 503 && strings.Contains(body, `"draining"`) {
			break
		}
	}
	if res, body := s.search(t); res.StatusCode != 200 || !res.Close {
		t.Errorf("while draining, /graphql is %d, closed %t: %s", res.StatusCode, res.Close, body)
	}
	if res, _ := s.send(t, http.MethodGet, "/healthz", ""); res.StatusCode != 200 {
		t.Errorf("while draining, /healthz is %d", res.StatusCode)
	}
	if err := <-s.done; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestAccessLog has a line for each request, unless told not to.
func TestAccessLog(t *testing.T) {
	for level, logged := range map[string]bool{"debug": true, "info": true, "warn": false} {
		s := start(t, nil, "-log-level", level)
		s.search(t, "X-Request-Id: id-1")
		s.stop()
		if log := <-s.log; strings.Contains(log, `"requestId":"id-1","rootFields":"searchChats","rows":0,"cost":2,"cache":"miss","upstreamAttempts":1,"upstreamOutcome":"answered","upstreamStatus":200,`) != logged {
			t.Errorf("%s: it logs %s", level, log)
		}
	}
}

// TestMetrics are at an address of their own, until all is answered.
func TestMetrics(t *testing.T) {
	s := start(t, nil, "-metrics-addr", "127.0.0.1:0")
	s.search(t)
	if res, _ := s.send(t, http.MethodGet, "/metrics", ""); res.StatusCode == 200 && !strings.Contains(res.Header.Get("Content-Type"), "html") {
		t.Error("callers see /metrics")
	}
	scraped := service{url: regexp.MustCompile(`Metrics: (\S+)/metrics`).FindStringSubmatch(s.banner)[1]}
	for counted := false; !counted; { // shortly after the answer
		_, body := scraped.send(t, http.MethodGet, "/metrics", "")
		counted = strings.Contains(body, `texter_graphql_cache_searches_total{outcome="miss"} 1`)
	}
	s.stop()
	<-s.done
	if connection, err := net.Dial("tcp", strings.TrimPrefix(scraped.url, "http://")); err == nil {
		_ = connection.Close()
		t.Error("/metrics is still served")
	}
}

// TestPassThrough serves callers by their own tokens, and nobody without one.
func TestPassThrough(t *testing.T) {
	url, headers := startUpstream(t)
	s := start(t, nil, "-texter-url", url)
	if strings.Contains(s.banner, "andbox") {
		t.Errorf("it says %s", s.banner)
	}
	for _, credentials := range []string{"X-None: 1", "Authorization: Basic caller", "Cookie: token=caller", "Authorization: Bearer "} {
		res, body := s.search(t, credentials)
		if res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") != `Bearer realm="texter-graphql"` || !strings.Contains(body, `"code":"UNAUTHENTICATED"`) {
			t.Errorf("%s: %d, %v, %s", credentials, res.StatusCode, res.Header, body)
		}
	}
	if len(*headers) != 0 {
		t.Fatalf("the upstream saw %v", *headers)
	}
	res, body := s.search(t, "Authorization: Bearer caller", "Cookie: a=b", "X-Forwarded-For: 10.0.0.1", "X-Request-Id: mine", "Accept-Language: he", "User-Agent: theirs")
	if res.StatusCode != 200 || !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`) {
		t.Errorf("%d: %s", res.StatusCode, body)
	}
	assertHeaders(t, *headers, "Bearer caller")
}

// assertHeaders fails unless the upstream saw one request, with this
// authorization and nothing of the caller's beside it.
func assertHeaders(t *testing.T, got []http.Header, authorization string) {
	t.Helper()
	want := []http.Header{{
		"Authorization": {authorization}, "Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "User-Agent": {"texter-graphql"},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the upstream saw %v", got)
	}
}

// TestServiceMode serves every caller by the service's own token.
func TestServiceMode(t *testing.T) {
	url, headers := startUpstream(t)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url)
	if res, body := s.search(t, "Authorization: Bearer caller", "Cookie: a=b"); res.StatusCode != 200 || strings.Contains(body, "errors") {
		t.Errorf("%d: %s", res.StatusCode, body)
	}
	assertHeaders(t, *headers, "Bearer service")
	if strings.Contains(s.banner, "service") {
		t.Errorf("the token is in the banner: %s", s.banner)
	}
}

// TestCORS lets any page call a service that holds no token, and none call one
// that does.
func TestCORS(t *testing.T) {
	url, headers := startUpstream(t)
	for name, test := range map[string]struct {
		s       *service
		allowed string
	}{
		"sandbox":          {start(t, nil), "*"},
		"pass-through":     {start(t, nil, "-texter-url", url), "*"},
		"service":          {start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url), ""},
		"service, allowed": {start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url, "-cors-origins", "https://page.example"), "https://page.example"},
		"service, another": {start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url, "-cors-origins", "https://other.example"), ""},
	} {
		res, _ := test.s.send(t, http.MethodOptions, "/graphql", "", "Origin: https://page.example",
			"Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type")
		allowed := res.Header.Get("Access-Control-Allow-Origin")
		if allowed != test.allowed || (allowed != "") != (res.Header.Get("Access-Control-Allow-Headers") == "authorization,content-type") {
			t.Errorf("%s: %d, %v", name, res.StatusCode, res.Header)
		}
		if res.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: cookies are allowed", name)
		}
	}
	if len(*headers) != 0 {
		t.Errorf("the upstream saw %v", *headers)
	}
}

// badSettings are command lines that run refuses, and the settings to blame.
func badSettings() map[string][]string {
	return map[string][]string{
		"texter-project":   {"-texter-project", "canary.example"},
		"texter-timeout":   {"-texter-timeout", "canary"},
		"addr":             {"-addr", "canary"},
		"TEXTER_API_TOKEN": {"-texter-project", "acme"}, // with a token that is none
		"URL":              {"-texter-url", "http://canary.example"},
	}
}

// TestBadSettings looks at which setting is blamed, and how soon.
func TestBadSettings(t *testing.T) {
	for setting, args := range badSettings() {
		env := environment{}
		if strings.HasPrefix(setting, "TEXTER") {
			env[setting] = "canary canary"
		}
		var stderr bytes.Buffer
		began := time.Now()
		err := run(t.Context(), args, env.get, &stderr)
		if took := time.Since(began); err == nil || took > time.Second {
			t.Errorf("%s: got %v after %v", setting, err, took)
		} else if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(setting)) || strings.Contains(err.Error()+stderr.String(), "canary") {
			t.Errorf("%s: got %v, %s", setting, err, &stderr)
		}
	}
	if err := run(t.Context(), []string{"-h"}, environment{}.get, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: got %v", err)
	}
}

// TestTakenAddress runs two services at one address: the second one says which
// address is taken, and which settings change it.
func TestTakenAddress(t *testing.T) {
	taken := strings.TrimPrefix(start(t, nil).url, "http://")
	err := run(t.Context(), []string{"-addr", taken}, environment{}.get, io.Discard)
	if _, badSetting := errors.AsType[*rule.Error](err); badSetting || !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("got %v", err)
	} else if want := taken + ": address already in use; set another address by -addr or ADDR"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// TestProgram runs the built service as a process.
func TestProgram(t *testing.T) {
	binary := harness.Binary(t)
	command := func(args ...string) harness.Command {
		return harness.Command{Path: binary, Args: args, Env: []string{"ADDR=127.0.0.1:0"}}
	}
	t.Run("a signal stops it", func(t *testing.T) {
		var log bytes.Buffer
		c := command()
		c.Log = &log
		process := harness.Start(t, c)
		s := &service{url: "http://" + process.Addr("GraphQL")}
		if res, body := s.search(t); res.StatusCode != 200 {
			t.Errorf("%d: %s", res.StatusCode, body)
		}
		if err := process.Stop(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		if strings.Count(log.String(), `"msg":"request"`) != 1 {
			t.Errorf("it logs %s", &log)
		}
	})
	t.Run("a bad setting is named, without its value", func(t *testing.T) {
		output, exit, err := command("-texter-timeout", "canary").Run(t.Context())
		if err != nil || exit != 1 {
			t.Errorf("exit code %d, %v", exit, err)
		}
		if !strings.Contains(output, "texter-timeout") || strings.Contains(output, "canary") {
			t.Errorf("it says %s", output)
		}
	})
	t.Run("-h lists the settings", func(t *testing.T) {
		if output, exit, err := command("-h").Run(t.Context()); err != nil || exit != 0 || !strings.Contains(output, "-texter-project") {
			t.Errorf("exit code %d, %v: %s", exit, err, output)
		}
	})
}
