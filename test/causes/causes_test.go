package causes

import (
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"testing"
)

var discard = log.New(io.Discard, "", 0)

// cause is a failure of Texter, or on the way to it.
type cause struct {
	texter func(*testing.T) (url string)
	env    []string // NAME=value
	flags  []string

	failure, outcome string // in the log
	status           int    // of Texter
	code             string // at the caller
	warning          string // whose token Texter refuses, in the log
	alerts           []string
}

const (
	failing       = "TexterGraphQLFailing"
	breakerOpen   = "TexterGraphQLBreakerOpen"
	failingSlowly = "TexterGraphQLFailingSlowly"
	unauthorized  = "TexterGraphQLUnauthorized"
	rateLimited   = "TexterGraphQLRateLimited"
)

var (
	failures = []string{failing, failingSlowly}
	down     = append([]string{breakerOpen}, failures...)
	refused  = append([]string{unauthorized}, failures...)
)

// ofURL is a Texter at a fixed URL.
func ofURL(url string) func(*testing.T) string { return func(*testing.T) string { return url } }

var ownToken = []string{"TEXTER_API_TOKEN=canary-service"}

// causes are all that docs/operation.md has a row for.
func causes(t *testing.T) map[string]cause {
	quick := []string{"-texter-attempt-timeout", "100ms", "-texter-timeout", "300ms"}
	return map[string]cause{
		"a host without an address": {texter: ofURL("https://nobody.invalid"), failure: "dns", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down},
		"a port where nobody listens": {
			texter: func(t *testing.T) string { return "http://" + closedPort(t) }, failure: "refused", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"a network without a route": {texter: ofURL("https://255.255.255.255:1"), failure: "unreachable", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down},
		"a dead proxy": {
			texter: ofURL("https://texter.example"), env: []string{"HTTPS_PROXY=http://" + closedPort(t)}, failure: "proxy", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"a proxy that makes no connection": {
			texter: ofURL("https://texter.example"), env: []string{"HTTPS_PROXY=" + serve(t, answer(502, "canary"))}, failure: "proxy", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"a proxy that hangs up": {
			texter: ofURL("https://texter.example"), env: []string{"HTTPS_PROXY=" + serve(t, breakOff)}, failure: "proxy", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"a proxy that is no URL": {
			texter: ofURL("https://texter.example"), env: []string{"HTTPS_PROXY=http://canary:x"}, failure: "proxy", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"TLS to a port of plain HTTP": {
			texter:  func(t *testing.T) string { return strings.Replace(serve(t, chats), "http:", "https:", 1) },
			failure: "tls", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"an untrusted certificate": {texter: serveTLS, failure: "certificate", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down},
		"a connection that breaks": {
			texter: func(t *testing.T) string { return serve(t, breakOff) }, failure: "reset", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"a body that breaks off": {
			texter: func(t *testing.T) string {
				return "http://" + serveTCP(t, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
			},
			failure: "reset", outcome: "failed", status: 200, code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"no answer in time": {
			texter: func(t *testing.T) string { return serve(t, silent) }, flags: quick, failure: "timeout", outcome: "failed", code: "UPSTREAM_TIMEOUT", alerts: down,
		},
		"malformed HTTP": {
			texter: func(t *testing.T) string { return "http://" + serveTCP(t, "SSH-2.0-canary\r\n") }, failure: "protocol", outcome: "failed", code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"gzip that is broken": {
			texter:  func(t *testing.T) string { return serve(t, answer(200, "canary", "Content-Encoding", "gzip")) },
			failure: "body", outcome: "answered", status: 200, code: "UPSTREAM_INVALID_RESPONSE", alerts: failures,
		},
		"a body that is no JSON": {
			texter:  func(t *testing.T) string { return serve(t, answer(200, "<p>canary")) },
			failure: "body", outcome: "answered", status: 200, code: "UPSTREAM_INVALID_RESPONSE", alerts: failures,
		},
		"a server error": {
			texter: func(t *testing.T) string { return serve(t, answer(500, "canary")) }, outcome: "answered", status: 500, code: "UPSTREAM_UNAVAILABLE", alerts: down,
		},
		"a redirect": {
			texter: func(t *testing.T) string { return serve(t, answer(302, "canary")) }, outcome: "answered", status: 302, code: "UPSTREAM_INVALID_RESPONSE", alerts: failures,
		},
		"the service's token is refused": {
			texter: func(t *testing.T) string { return serve(t, answer(401, "canary")) }, env: ownToken,
			outcome: "answered", status: 401, code: "UPSTREAM_UNAUTHORIZED", warning: "TEXTER_API_TOKEN", alerts: refused,
		},
		"the service's token lacks the scope": {
			texter: func(t *testing.T) string { return serve(t, answer(403, "canary")) }, env: ownToken,
			outcome: "answered", status: 403, code: "UPSTREAM_UNAUTHORIZED", warning: "TEXTER_API_TOKEN", alerts: refused,
		},
		"the caller's token is refused": {
			texter:  func(t *testing.T) string { return serve(t, answer(401, "canary")) },
			outcome: "answered", status: 401, code: "UNAUTHENTICATED", warning: "the caller's",
		},
		"the caller's token lacks the scope": {
			texter:  func(t *testing.T) string { return serve(t, answer(403, "canary")) },
			outcome: "answered", status: 403, code: "FORBIDDEN", warning: "the caller's",
		},
		"too many calls": {
			texter: func(t *testing.T) string { return serve(t, answer(429, "canary", "Retry-After", "3600")) }, env: ownToken,
			outcome: "answered", status: 429, code: "RATE_LIMITED", warning: "TEXTER_API_TOKEN", alerts: []string{rateLimited},
		},
	}
}

const caller = "Authorization: Bearer canary-caller"

// TestCauses holds what each cause leaves in the log, the metrics and the traces,
// and the code that the caller gets, for both transports.
func TestCauses(t *testing.T) {
	for name, c := range causes(t) {
		for _, transport := range []string{"direct", "standard"} {
			t.Run(name+", "+transport, func(t *testing.T) {
				t.Parallel()
				traces := newCollector(t)
				p := start(t, c.env, append(c.flags, "-texter-url", c.texter(t), "-texter-transport", transport, "-log-level", "error",
					"-otel-exporter-otlp-endpoint", traces.url, "-otel-traces-sampler-arg", "1")...)
				if code := p.search(t, "r-1", caller); code != c.code {
					t.Errorf("the caller gets %s", code)
				}
				assertCounted(t, p.scrape(t), c)
				lines := p.lines(t)
				traces.expect(t, c)
				l := requestLine(t, lines, "r-1")
				l.TraceID = ""
				want := line{
					Level: "WARN", Msg: "request", RequestID: "r-1", ErrorCodes: c.code, Status: 200,
					UpstreamOutcome: c.outcome, UpstreamFailure: c.failure, UpstreamStatus: c.status,
				}
				if l != want {
					t.Errorf("the line is %+v", l)
				}
			})
		}
	}
}

// assertCounted fails unless the metrics have the cause.
func assertCounted(t *testing.T, metrics string, c cause) {
	t.Helper()
	if c.failure != "" && value(t, metrics, fmt.Sprintf("texter_graphql_upstream_failures_total{class=%q}", c.failure)) == 0 {
		t.Error("the failure is not counted")
	}
	status := "none"
	if c.status > 0 {
		status = fmt.Sprint(c.status)
	}
	if value(t, metrics, fmt.Sprintf("texter_graphql_upstream_attempts_total{outcome=%q,status=%q}", c.outcome, status)) == 0 {
		t.Error("the attempt is not counted")
	}
}

// TestAlertsOfCauses sends requests while a cause lasts, and gives Prometheus what
// the service exports. Its alerts must be those of the cause, and no others.
func TestAlertsOfCauses(t *testing.T) {
	all := causes(t)
	all["nothing"] = cause{texter: func(t *testing.T) string { return serve(t, chats) }}
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, c.env, append(c.flags, "-texter-url", c.texter(t))...)
			before := p.scrape(t)
			for i := range 40 {
				p.search(t, fmt.Sprint("r-", i), caller)
			}
			assertAlerts(t, before, p.scrape(t), c.alerts...)
			lines := p.lines(t)
			assertWarning(t, lines, c)
			if states := withMessage(lines, "circuit breaker"); slices.Contains(c.alerts, breakerOpen) {
				if len(states) == 0 || states[0].UpstreamFailure != c.failure || states[0].State != "open" {
					t.Errorf("the lines of the circuit breaker are %+v", states)
				}
				if last := requestLine(t, lines, "r-39"); last.UpstreamOutcome == "open" && last.UpstreamFailure != c.failure {
					t.Errorf("a request that is not sent says %+v", last)
				}
			}
		})
	}
}

// assertWarning fails unless there is one warning that Texter refuses calls, if
// it does.
func assertWarning(t *testing.T, lines []line, c cause) {
	t.Helper()
	warnings := withMessage(lines, "Texter refuses calls")
	if c.warning == "" && len(warnings) == 0 {
		return
	}
	if len(warnings) != 1 || warnings[0].Token != c.warning || warnings[0].Status != c.status || warnings[0].Calls != 1 || warnings[0].RequestID != "r-0" {
		t.Errorf("the warnings are %+v", warnings)
	}
}

// TestOperationPage: docs/operation.md has a row for each failure, outcome and code
// that a cause leaves, and names its alerts.
func TestOperationPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/operation.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range causes(t) {
		t.Run(name, func(t *testing.T) {
			mark := fmt.Sprintf("`%s`", c.failure)
			if c.failure == "" {
				mark = fmt.Sprint(c.status)
			}
			for row := range strings.Lines(string(page)) {
				if strings.HasPrefix(row, "| "+mark) && strings.Contains(row, "`"+c.code+"`") {
					return
				}
			}
			t.Errorf("no row begins with %s and has %s", mark, c.code)
		})
	}
}
