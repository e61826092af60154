package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	otlp "go.opentelemetry.io/proto/otlp/trace/v1"

	"texter-graphql/internal/config"
	"texter-graphql/internal/health"
	"texter-graphql/texter/upstream"
)

// crowd is an upstream of people who must stay unknown, and remembers under
// which traceparent it was called.
type crowd struct {
	*httptest.Server
	mu           sync.Mutex
	traceparents []string
}

// newCrowd answers by the status that the searched name ends in.
func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.traceparents = append(c.traceparents, r.Header.Get("Traceparent"))
		c.mu.Unlock()
		if r.Header.Get("Tracestate") != "" || r.Header.Get("Baggage") != "" {
			t.Errorf("the upstream saw %v", r.Header)
		}
		name := r.URL.Query().Get("search")
		if status, err := strconv.Atoi(name[max(len(name)-3, 0):]); err == nil && status >= 400 && status < 600 {
			w.WriteHeader(status)
			return
		}
		_, _ = io.WriteString(w, `{"data":[{"_id":"1","title":"canary-title","clientPhone":"+972canary","crmData":{"note":"canary-crm"}},{"_id":"2"}],"total":2}`)
	}))
	t.Cleanup(c.Close)
	return c
}

// mixed are requests of many kinds: method, headers and body.
func mixed(i int) (method string, headers []string, body string) {
	caller := fmt.Sprintf("Authorization: Bearer canary-token-%d", i%20)
	search := func(name string) string {
		return fmt.Sprintf(`{"query":"query Inbox($s: String) { searchChats(filter: {search: $s}) { nodes { id title } } }","variables":{"s":"canary-name-%s"}}`, name)
	}
	headers = []string{caller, "Content-Type: application/json", fmt.Sprintf("X-Request-Id: r-%d", i), "Tracestate: canary=state", "Baggage: canary=baggage"}
	if i%3 == 0 {
		headers = append(headers, fmt.Sprintf("Traceparent: 00-%032x-%016x-01", i+1, i+1))
	}
	switch i % 10 {
	case 0:
		return http.MethodPost, headers, search("403")
	case 1:
		return http.MethodPost, headers, search(fmt.Sprintf("%d-429", i))
	case 2:
		return http.MethodPost, headers, `{"query":"{ searchChats(first: -1, filter: {search: \"canary-literal\"}) { totalCount } }"}`
	case 3:
		return http.MethodPost, headers, `{"query":"query { canaryField(x: \"canary-literal\") }"}`
	case 4:
		return http.MethodGet, append(headers, "Apollo-Require-Preflight: 1"), ""
	case 5:
		return http.MethodPost, headers[1:], search("nobody")
	case 6:
		return http.MethodPost, headers, search("shared")
	case 7:
		return http.MethodPost, headers, `{"query":"{ a: searchChats(filter: {search: \"canary-a\"}) { totalCount } b: searchChats(filter: {search: \"canary-b\"}) { nodes { crmData } } __typename }"}`
	}
	return http.MethodPost, headers, search(fmt.Sprintf("%d-unique", i))
}

// codes are what the log says of the requests that mixed makes.
var mixedCodes = map[int]string{0: "FORBIDDEN", 1: "RATE_LIMITED", 2: "BAD_USER_INPUT", 3: "GRAPHQL_VALIDATION_FAILED", 4: "BAD_REQUEST", 5: "UNAUTHENTICATED"}

// line is a line of the access log.
type line struct {
	Msg, RequestID, TraceID, Operation, RootFields, Cache, ErrorCodes string
	Rows, UpstreamAttempts, Status                                    int
}

// load sends n requests, 16 at a time, and hands each answer over.
func (s *service) load(t *testing.T, n int, answered func(i int, res *http.Response, body string)) {
	t.Helper()
	next := make(chan int)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for i := range next {
				method, headers, body := mixed(i)
				res, answer := s.send(t, method, "/graphql", body, headers...)
				answered(i, res, answer)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// accessLog are the lines of requests, by request id.
func accessLog(t *testing.T, log string) map[string]line {
	t.Helper()
	lines := map[string]line{}
	scanner := bufio.NewScanner(strings.NewReader(log))
	for scanner.Scan() {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			t.Fatalf("%v: %s", err, scanner.Text())
		}
		if _, twice := lines[l.RequestID]; twice && l.Msg == "request" {
			t.Errorf("%s has two lines", l.RequestID)
		}
		if l.Msg == "request" {
			lines[l.RequestID] = l
		}
	}
	return lines
}

// TestEverythingOn drives mixed requests and looks for each in the log, the
// metrics and the traces, and for anything personal in all three.
func TestEverythingOn(t *testing.T) {
	const requests = 1000
	traces, texter := newCollector(t), newCrowd(t)
	s := start(t, startRedis(t).environment(), "-texter-url", texter.URL, "-cache-ttl", "1m", "-log-level", "debug", "-metrics-addr", "127.0.0.1:0",
		"-otel-exporter-otlp-endpoint", traces.URL, "-otel-traces-sampler-arg", "1")
	s.load(t, requests, func(i int, res *http.Response, body string) {
		if code := mixedCodes[i%10]; (code == "") != !strings.Contains(body, `"errors"`) || !strings.Contains(body, code) {
			t.Errorf("request %d: %d, %s", i, res.StatusCode, body)
		}
	})
	counted := s.scrapeAll(t, requests)
	s.stop()
	log := <-s.log
	lines := accessLog(t, log)
	if len(lines) != requests {
		t.Errorf("%d lines", len(lines))
	}
	byCode := map[string]int{}
	for i := range requests {
		l := lines[fmt.Sprintf("r-%d", i)]
		if l.ErrorCodes != mixedCodes[i%10] || l.Status == 0 || i%3 == 0 && l.TraceID != fmt.Sprintf("%032x", i+1) {
			t.Errorf("request %d: the log says %+v", i, l)
		}
		byCode[l.ErrorCodes]++
	}
	if hits := sum(counted, `texter_graphql_cache_searches_total{outcome="hit"}`); hits == 0 {
		t.Error("no page was kept")
	}
	assertCounts(t, counted, byCode, len(texter.traceparents))
	assertTraces(t, traces, lines, texter.traceparents)
	for where, text := range map[string]string{"log": log, "metrics": counted, "traces": string(traces.raw)} {
		if at := strings.Index(text, "canary"); at >= 0 {
			t.Errorf("the %s say %q", where, text[max(at-50, 0):min(at+50, len(text))])
		}
	}
}

// metricsURL is where a service says that its metrics are.
func (s *service) metrics() *service {
	return &service{url: regexp.MustCompile(`Metrics: (\S+)/metrics`).FindStringSubmatch(s.banner)[1]}
}

// scrapeAll scrapes until this many requests are counted, which is shortly
// after they are answered.
func (s *service) scrapeAll(t *testing.T, requests int) string {
	t.Helper()
	for began := time.Now(); time.Since(began) < 20*time.Second; {
		_, text := s.metrics().send(t, http.MethodGet, "/metrics", "")
		if sum(text, `texter_graphql_requests_total{.*}`) >= requests {
			return text
		}
	}
	t.Fatal("some requests are not counted")
	return ""
}

// sum adds up the series that a pattern matches.
func sum(scrape, pattern string) (total int) {
	for _, found := range regexp.MustCompile(`(?m)^`+pattern+` (\d+)$`).FindAllStringSubmatch(scrape, -1) {
		n, _ := strconv.Atoi(found[1])
		total += n
	}
	return total
}

func assertCounts(t *testing.T, scrape string, byCode map[string]int, calls int) {
	t.Helper()
	for code, want := range byCode {
		if code == "" {
			code = "OK"
		}
		if got := sum(scrape, `texter_graphql_requests_total{code="`+code+`".*}`); got != want {
			t.Errorf("%d of %d requests are counted under %s", got, want, code)
		}
	}
	if got := sum(scrape, `texter_graphql_upstream_attempts_total{outcome="answered".*}`); got != calls || calls == 0 {
		t.Errorf("%d of %d calls are counted", got, calls)
	}
	if got := sum(scrape, `texter_graphql_upstream_attempt_duration_seconds_count`); got != calls {
		t.Errorf("%d of %d calls are timed", got, calls)
	}
}

// assertTraces wants a span for each line of the log, and one for each call,
// which the upstream has seen, below that of the request which made it.
func assertTraces(t *testing.T, c *collector, lines map[string]line, traceparents []string) {
	t.Helper()
	servers := map[string]span{} // by id
	for _, s := range c.kind(otlp.Span_SPAN_KIND_SERVER) {
		l, ok := lines[s.attributes["request.id"]]
		if !ok || s.trace != l.TraceID || s.attributes["error.type"] != l.ErrorCodes {
			t.Errorf("the span %v is of no line", s.Span)
		}
		servers[s.id] = s
	}
	if len(servers) != len(lines) {
		t.Errorf("%d spans of %d requests", len(servers), len(lines))
	}
	seen := map[string]bool{}
	for _, traceparent := range traceparents {
		seen[traceparent] = true
	}
	calls := map[string]int{} // by request
	for _, s := range c.kind(otlp.Span_SPAN_KIND_CLIENT) {
		if !seen["00-"+s.trace+"-"+s.id+"-01"] {
			t.Errorf("the upstream has not seen the span %v", s.Span)
		}
		parent := servers[s.parent]
		if parent.Span == nil || parent.trace != s.trace {
			t.Errorf("the span %v is below none", s.Span)
			continue
		}
		calls[parent.attributes["request.id"]]++
	}
	for id, l := range lines {
		if calls[id] != l.UpstreamAttempts {
			t.Errorf("%s: %d spans of %d calls", id, calls[id], l.UpstreamAttempts)
		}
	}
	if len(seen) != len(traceparents) || seen[""] {
		t.Error("calls without a span of their own")
	}
}

// TestFallbacksAreCounted counts what the encoder does not cover, and nothing
// else.
func TestFallbacksAreCounted(t *testing.T) {
	s := start(t, nil, "-metrics-addr", "127.0.0.1:0")
	for i, test := range []struct {
		query string
		want  int
	}{
		{`{ searchChats(first: 2) { nodes { id ... { title } } pageInfo { hasNextPage } } }`, 0},
		{`{ searchChats(first: 2) { totalCount ... @defer { nodes { id } } } }`, 1},
	} {
		s.send(t, http.MethodPost, "/graphql", `{"query":"`+test.query+`"}`, "Content-Type: application/json")
		if got := sum(s.scrapeAll(t, i+1), "texter_graphql_encoder_fallbacks_total"); got != test.want {
			t.Errorf("%s: %d fallbacks are counted", test.query, got)
		}
	}
}

// TestEverythingOff puts nothing in the way of requests.
func TestEverythingOff(t *testing.T) {
	off, err := newObservation(t.Context(), config.Config{LogLevel: slog.LevelWarn}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	next := http.NewServeMux()
	if off.requests(next) != http.Handler(next) || off.on() || off.upstream(upstream.Options{}, &health.Health{}).Around != nil {
		t.Errorf("got %+v", off)
	}
}

// TestOutagesLoseNoRequest kills Redis and the collector amid a load, hangs
// another collector, and breaks off scrapes.
func TestOutagesLoseNoRequest(t *testing.T) {
	dies, texter := newCollector(t), newCrowd(t)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	for name, url := range map[string]string{"dies": dies.URL, "is silent": silent.URL} {
		redis := startRedis(t)
		s := start(t, redis.environment(), "-texter-url", texter.URL, "-cache-ttl", "1m", "-metrics-addr", "127.0.0.1:0",
			"-otel-exporter-otlp-endpoint", url, "-otel-traces-sampler-arg", "1")
		s.load(t, 300, func(i int, res *http.Response, body string) {
			if code := mixedCodes[i%10]; (code == "") != !strings.Contains(body, `"errors"`) || !strings.Contains(body, code) {
				t.Errorf("the collector %s: request %d: %d, %s", name, i, res.StatusCode, body)
			}
			switch {
			case i == 100:
				dies.CloseClientConnections()
				dies.Close()
			case i == 150:
				redis.kill()
			case i%20 == 0:
				s.metrics().breakOff(t)
			}
		})
		s.scrapeAll(t, 300)
		s.stop()
		if err := <-s.done; err != nil {
			t.Errorf("the collector %s: it ended with %v", name, err)
		}
	}
}

// breakOff asks for the metrics and does not wait for them.
func (s *service) breakOff(t *testing.T) {
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err == nil {
		_, err = io.WriteString(connection, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
		_ = connection.Close()
	}
	if err != nil {
		t.Error(err)
	}
}
