package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/metrics"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// scrape returns the metrics as Prometheus gets them.
func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// assertLines fails unless a scrape has all these lines.
func assertLines(t *testing.T, scrape string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(scrape, "\n"+line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	if t.Failed() {
		t.Log(scrape)
	}
}

// TestAtStart: series that alerts use are there before the first event.
func TestAtStart(t *testing.T) {
	assertLines(t, scrape(t, metrics.New(metrics.Build{Version: "v1", Revision: "abc", GoVersion: "go1"})),
		`texter_graphql_build_info{goversion="go1",revision="abc",version="v1"} 1`,
		`texter_graphql_requests_total{code="OK",operation="searchChats"} 0`,
		`texter_graphql_cache_searches_total{outcome="shared"} 0`,
		`texter_graphql_requests_in_flight 0`,
		`texter_graphql_upstream_breaker{state="closed"} 1`,
		`# TYPE go_goroutines gauge`,
		`# TYPE process_cpu_seconds_total counter`,
	)
}

// TestRequests: no label has a value that a client chose.
func TestRequests(t *testing.T) {
	m := metrics.New(metrics.Build{})
	for i := range 100 {
		m.Request(t.Context(), &observe.Request{
			Outcome: graph.Outcome{Operation: fmt.Sprint("canary", i), Type: "query", RootFields: []string{"__typename", "searchChats"}, Rows: 30},
			ID:      fmt.Sprint("canary", i), Status: 200, Duration: 3 * time.Millisecond, Cache: []cache.Outcome{cache.Miss, cache.Shared, cache.Shared},
		})
	}
	m.Request(t.Context(), &observe.Request{Outcome: graph.Outcome{RootFields: []string{"__schema"}, Codes: []string{"BAD_USER_INPUT", "FORBIDDEN"}}})
	m.Request(t.Context(), &observe.Request{Outcome: graph.Outcome{Codes: []string{"GRAPHQL_PARSE_FAILED"}}})
	got := scrape(t, m)
	assertLines(t, got,
		`texter_graphql_requests_total{code="OK",operation="searchChats"} 100`,
		`texter_graphql_requests_total{code="BAD_USER_INPUT",operation="__schema"} 1`,
		`texter_graphql_requests_total{code="GRAPHQL_PARSE_FAILED",operation="none"} 1`,
		`texter_graphql_request_duration_seconds_bucket{operation="searchChats",le="0.005"} 100`,
		`texter_graphql_request_duration_seconds_bucket{operation="searchChats",le="0.0025"} 0`,
		`texter_graphql_rows_total 3000`,
		`texter_graphql_cache_searches_total{outcome="miss"} 100`,
		`texter_graphql_cache_searches_total{outcome="shared"} 200`,
	)
	if strings.Contains(got, "canary") {
		t.Error("a label has a value that the client chose")
	}
}

func TestUpstream(t *testing.T) {
	m := metrics.New(metrics.Build{})
	for _, a := range []upstream.Attempt{
		{Number: 1, Outcome: upstream.Answered, Status: 503, Duration: 20 * time.Millisecond},
		{Number: 2, Outcome: upstream.Answered, Status: 200, Duration: 20 * time.Millisecond},
		{Number: 1, Outcome: upstream.Failed, Duration: 3 * time.Second},
		{Number: 1, Outcome: upstream.Shed},
	} {
		m.Attempt(t.Context(), a)
	}
	m.Breaker("open")
	m.Spans(7, nil)
	m.Spans(2, http.ErrHandlerTimeout)
	assertLines(t, scrape(t, m),
		`texter_graphql_upstream_attempts_total{outcome="answered",status="503"} 1`,
		`texter_graphql_upstream_attempts_total{outcome="answered",status="200"} 1`,
		`texter_graphql_upstream_attempts_total{outcome="failed",status="none"} 1`,
		`texter_graphql_upstream_attempts_total{outcome="shed",status="none"} 1`,
		`texter_graphql_upstream_retries_total 1`,
		`texter_graphql_upstream_attempt_duration_seconds_bucket{le="0.025"} 2`,
		`texter_graphql_upstream_attempt_duration_seconds_count 3`,
		`texter_graphql_upstream_breaker{state="closed"} 0`,
		`texter_graphql_upstream_breaker{state="open"} 1`,
		`texter_graphql_trace_spans_total{outcome="exported"} 7`,
		`texter_graphql_trace_spans_total{outcome="failed"} 2`,
	)
}

func TestARequestIsInFlightUntilItsHandlerEnds(t *testing.T) {
	m := metrics.New(metrics.Build{})
	h := m.InFlight(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		assertLines(t, scrape(t, m), `texter_graphql_requests_in_flight 1`)
		panic("canary")
	}))
	func() {
		defer func() { _ = recover() }()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	}()
	assertLines(t, scrape(t, m), `texter_graphql_requests_in_flight 0`)
}

// BenchmarkRequest measures what it costs to count a request.
func BenchmarkRequest(b *testing.B) {
	m := metrics.New(metrics.Build{})
	r := &observe.Request{Outcome: graph.Outcome{RootFields: []string{"searchChats"}, Rows: 30}, Duration: time.Millisecond, Cache: []cache.Outcome{cache.Miss}}
	b.ReportAllocs()
	for b.Loop() {
		m.Request(b.Context(), r)
	}
}
