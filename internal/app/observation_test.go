package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
)

// TestObservation sends mixed requests with all that observes them switched on.
func TestObservation(t *testing.T) {
	const requests = 1000
	traces, texter := newCollector(t), newCrowd(t)
	s := start(t, startRedis(t).environment(), "-texter-url", texter.URL, "-cache-ttl", "1m", "-log-level", "debug", "-metrics-addr", "127.0.0.1:0",
		"-otel-exporter-otlp-endpoint", traces.URL, "-otel-traces-sampler-arg", "1")
	s.load(t, requests, func(i int, res *http.Response, body string) {
		if code := mixedCodes[i%10]; (code == "") != !strings.Contains(body, `"errors"`) || !strings.Contains(body, code) {
			t.Errorf("request %d: %d, %s", i, res.StatusCode, body)
		}
	})
	log := s.end(t)
	metrics, lines := s.metrics(t), accessLog(t, log)
	t.Run("the log has a line for each request", func(t *testing.T) { assertLines(t, lines, requests) })
	t.Run("the metrics count each request and call", func(t *testing.T) {
		assertCounts(t, metrics, requests, len(texter.traceparents))
	})
	t.Run("the traces have a span for each request and call", func(t *testing.T) {
		assertTraces(t, traces, lines, texter.traceparents)
	})
	for where, text := range map[string]string{"log": log, "metrics": metrics, "traces": string(traces.raw)} {
		t.Run("nothing personal is in the "+where, func(t *testing.T) {
			if at := strings.Index(text, "canary"); at >= 0 {
				t.Errorf("they say %q", text[max(at-50, 0):min(at+50, len(text))])
			}
		})
	}
}

func assertLines(t *testing.T, lines map[string]line, requests int) {
	t.Helper()
	if len(lines) != requests {
		t.Errorf("%d lines", len(lines))
	}
	for i := range requests {
		l := lines[fmt.Sprintf("r-%d", i)]
		if l.ErrorCodes != mixedCodes[i%10] || l.Status == 0 || i%3 == 0 && l.TraceID != fmt.Sprintf("%032x", i+1) {
			t.Errorf("request %d: the log says %+v", i, l)
		}
	}
}

func assertCounts(t *testing.T, metrics string, requests, calls int) {
	t.Helper()
	if hits := sum(metrics, `texter_graphql_cache_searches_total{outcome="hit"}`); hits == 0 {
		t.Error("no page was kept")
	}
	byCode := map[string]int{}
	for i := range requests {
		byCode[mixedCodes[i%10]]++
	}
	for code, want := range byCode {
		if code == "" {
			code = "OK"
		}
		if got := sum(metrics, `texter_graphql_requests_total{code="`+code+`".*}`); got != want {
			t.Errorf("%d of %d requests are counted under %s", got, want, code)
		}
	}
	if got := sum(metrics, `texter_graphql_upstream_attempts_total{outcome="answered".*}`); got != calls || calls == 0 {
		t.Errorf("%d of %d calls are counted", got, calls)
	}
	if got := sum(metrics, `texter_graphql_upstream_attempt_duration_seconds_count`); got != calls {
		t.Errorf("%d of %d calls are timed", got, calls)
	}
}

// assertTraces fails unless there is a span for each line of the log and, below
// it, one for each call to Texter, which Texter got in the header traceparent.
func assertTraces(t *testing.T, c *collector, lines map[string]line, traceparents []string) {
	t.Helper()
	servers := map[string]span{} // by id
	for _, s := range c.kind(otlp.Span_SPAN_KIND_SERVER) {
		l, ok := lines[s.attributes["request.id"]]
		if !ok || s.trace != l.TraceID || s.attributes["error.type"] != l.ErrorCodes {
			t.Errorf("the span %v has no line in the log", s.Span)
		}
		servers[s.id] = s
	}
	if len(servers) != len(lines) {
		t.Errorf("%d spans for %d requests", len(servers), len(lines))
	}
	seen := map[string]bool{}
	for _, traceparent := range traceparents {
		seen[traceparent] = true
	}
	calls := map[string]int{} // by request
	for _, s := range c.kind(otlp.Span_SPAN_KIND_CLIENT) {
		if !seen["00-"+s.trace+"-"+s.id+"-01"] {
			t.Errorf("Texter did not get the span %v", s.Span)
		}
		parent := servers[s.parent]
		if parent.Span == nil || parent.trace != s.trace {
			t.Errorf("the span %v has no parent", s.Span)
			continue
		}
		calls[parent.attributes["request.id"]]++
	}
	for id, l := range lines {
		if calls[id] != l.UpstreamAttempts {
			t.Errorf("%s: %d spans for %d calls", id, calls[id], l.UpstreamAttempts)
		}
	}
	if len(seen) != len(traceparents) || seen[""] {
		t.Error("some calls have no span, or share one")
	}
}

func TestAccessLog(t *testing.T) {
	for level, logged := range map[string]bool{"debug": true, "info": true, "warn": false} {
		t.Run(fmt.Sprintf("at level %s, requests are logged: %t", level, logged), func(t *testing.T) {
			url, _ := startTexter(t)
			s := start(t, nil, "-texter-url", url, "-log-level", level)
			s.search(t, "X-Request-Id: id-1", "Authorization: Bearer caller")
			const line = `"requestId":"id-1","caller":"token:61de55ba3388aec4","rootFields":"searchChats","rows":0,"cost":2,"cache":"miss","upstreamAttempts":1,"upstreamOutcome":"answered","upstreamStatus":200,`
			if log := s.end(t); strings.Contains(log, line) != logged {
				t.Errorf("it logs %s", log)
			}
		})
	}
}

func TestMetricsAreNotForCallers(t *testing.T) {
	s := start(t, nil, "-texter-project", "acme", "-metrics-addr", "127.0.0.1:0")
	if _, body := s.send(t, http.MethodGet, "/metrics", ""); strings.Contains(body, "texter_graphql_") {
		t.Errorf("callers see %s", body)
	}
	if want := `"metrics":"http://` + s.program.metrics.listener.Addr().String() + `/metrics"`; !strings.Contains(s.banner, want) {
		t.Errorf("the banner is %s", s.banner)
	}
}

// Connections that do go the ordinary way are counted too: the tests in
// test/extend hold that, with a field that has a resolver.
func TestOrdinaryQueriesStayFast(t *testing.T) {
	s := start(t, nil, "-metrics-addr", "127.0.0.1:0")
	s.query(t, `{ searchChats(first: 2) { nodes { id ... { title } } pageInfo { hasNextPage } } }`)
	s.end(t)
	if got := sum(s.metrics(t), "texter_graphql_encoder_fallbacks_total"); got != 0 {
		t.Errorf("%d fallbacks are counted", got)
	}
}
