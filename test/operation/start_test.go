package operation

import (
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"texter-graphql/test/harness"
)

// TestWrongStart: what would serve made-up chats by mistake does not start.
func TestWrongStart(t *testing.T) {
	binary := harness.Binary(t)
	for name, test := range map[string]struct {
		env  []string
		args []string
		says string
	}{
		"a misspelled variable":                {[]string{"TEXTER_PROJET=canary"}, nil, "TEXTER_PROJET is not a setting of this program: did you mean TEXTER_PROJECT?"},
		"a misspelled variable, to be checked": {[]string{"TEXTER_PROJET=canary"}, []string{"config", "check"}, "did you mean TEXTER_PROJECT?"},
		"a sandbox for other machines":         {[]string{"ADDR=:0"}, nil, "texter-project must be set while addr is not a loopback address"},
		"a sandbox for a real project":         {[]string{"TEXTER_PROJECT=acme", "SANDBOX=true"}, nil, "sandbox must not be true"},
	} {
		t.Run(name, func(t *testing.T) {
			output, exit, err := harness.Command{Path: binary, Args: test.args, Env: test.env}.Run(t.Context())
			if err != nil || exit != 1 || !strings.Contains(output, test.says) || strings.Contains(output, "canary") {
				t.Errorf("exit code %d, %v: %s", exit, err, output)
			}
		})
	}
	t.Run("help needs no right setting", func(t *testing.T) {
		output, exit, err := harness.Command{Path: binary, Args: []string{"-h"}, Env: []string{"TEXTER_PROJET=acme"}}.Run(t.Context())
		if err != nil || exit != 0 || !strings.Contains(output, "TEXTER_PROJECT") {
			t.Errorf("exit code %d, %v: %s", exit, err, output)
		}
	})
	t.Run("the variables that Kubernetes makes for services do not matter", func(t *testing.T) {
		start(t, []string{"TEXTER_GRAPHQL_SERVICE_HOST=10.0.0.1", "TEXTER_GRAPHQL_PORT_80_TCP_ADDR=10.0.0.1"})
	})
}

// TestSandboxIsMarked: nobody can take made-up chats for real ones.
func TestSandboxIsMarked(t *testing.T) {
	texter := serveTexter(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, oneChat) })
	for name, test := range map[string]struct {
		p    program
		want bool
	}{
		"the sandbox":                    {start(t, nil), true},
		"the sandbox for other machines": {start(t, []string{"ADDR=:0"}, "-sandbox=true"), true},
		"a real Texter":                  {start(t, []string{"TEXTER_API_TOKEN=token"}, "-texter-url", texter), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Contains(test.p.Banner, "andbox"); got != test.want {
				t.Errorf("the first lines are %s", test.p.Banner)
			}
			for _, path := range []string{"/readyz", "/healthz"} {
				res, body := test.p.get(t, "GraphQL", path)
				if strings.Contains(body, `"sandbox":true`) != test.want || (res.Header.Get("X-Sandbox") != "") != test.want {
					t.Errorf("%s: %v, %s", path, res.Header, body)
				}
			}
			if res, _ := test.p.search(t); res.StatusCode != 200 || (res.Header.Get("X-Sandbox") != "") != test.want {
				t.Errorf("a response is %d, %v", res.StatusCode, res.Header)
			}
			if metrics, err := test.p.Metrics(t.Context()); err != nil || strings.Contains(metrics, "\ntexter_graphql_sandbox 1\n") != test.want {
				t.Errorf("the metrics are %v, %s", err, metrics)
			}
		})
	}
}

// TestAdmin reads what the service shows to operators.
func TestAdmin(t *testing.T) {
	p := start(t, []string{"TEXTER_API_TOKEN=canary", "ADMIN_ADDR=127.0.0.1:0"}, "-texter-project", "acme", "-texter-timeout", "3s")
	for path, want := range map[string]string{
		"/settings": "\ntexter-timeout = 3s\n", "/metrics": "\ntexter_graphql_sandbox 0\n", "/healthz": `"ok"`, "/readyz": `"ready"`,
		"/debug/pprof/": "goroutine", "/debug/pprof/goroutine?debug=1": "goroutine profile: total",
	} {
		t.Run(path, func(t *testing.T) {
			if res, body := p.get(t, "Admin", path); res.StatusCode != 200 || !strings.Contains(body, want) || strings.Contains(body, "canary") {
				t.Errorf("it is %d: %s", res.StatusCode, body)
			}
		})
	}
	t.Run("callers do not get there", func(t *testing.T) {
		for _, path := range []string{"/settings", "/debug/pprof/", "/metrics"} {
			if res, body := p.get(t, "GraphQL", path); res.StatusCode != 404 {
				t.Errorf("%s is %d: %.100s", path, res.StatusCode, body)
			}
		}
	})
}

// TestHangup sends SIGHUP while a request is in flight.
func TestHangup(t *testing.T) {
	arrived, release := make(chan bool), make(chan bool)
	p := start(t, []string{"TEXTER_API_TOKEN=token"}, "-texter-url", serveTexter(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- true
		<-release
		_, _ = io.WriteString(w, oneChat)
	}))
	answer := make(chan string, 1)
	go func() {
		_, body := p.search(t)
		answer <- body
	}()
	<-arrived
	if err := p.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if res, _ := p.get(t, "GraphQL", "/readyz"); res.StatusCode != 200 {
		t.Errorf("/readyz is %d", res.StatusCode)
	}
	close(release)
	if body := <-answer; !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`) {
		t.Errorf("got %s", body)
	}
	if err := p.Stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
