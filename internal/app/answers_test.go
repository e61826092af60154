package app

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// repeat is how often an equal request is sent: from the third on, the finished
// answer is sent again.
const repeat = 6

// TestKeptAnswersAreObserved: logs, metrics and traces say of an answer that is
// sent again what they say of one that is made.
func TestKeptAnswersAreObserved(t *testing.T) {
	traces, texter := newCollector(t), newCrowd(t)
	s := start(t, nil, "-texter-url", texter.URL, "-cache-ttl", "1m", "-metrics-addr", "127.0.0.1:0",
		"-otel-exporter-otlp-endpoint", traces.URL, "-otel-traces-sampler-arg", "1")
	headers := []string{"Authorization: Bearer one", "Content-Type: application/json", "Traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"}
	body := `{"query":"query Inbox { searchChats { nodes { id title } } }"}`
	var first string
	for i := range repeat {
		res, answer := s.send(t, http.MethodPost, "/graphql", body, append(headers, fmt.Sprintf("X-Request-Id: r-%d", i))...)
		if first == "" {
			first = answer
		}
		if answer != first || res.Header.Get("X-Request-Id") != fmt.Sprintf("r-%d", i) {
			t.Errorf("answer %d of %s: %s", i, res.Header.Get("X-Request-Id"), answer)
		}
	}
	counted := s.scrapeAll(t, repeat)
	for pattern, want := range map[string]int{
		`texter_graphql_requests_total{code="OK",operation="searchChats".*}`: repeat,
		`texter_graphql_cache_searches_total{outcome="hit"}`:                 repeat - 1,
	} {
		if got := sum(counted, pattern); got != want {
			t.Errorf("%d are counted under %s, want %d", got, pattern, want)
		}
	}
	s.stop()
	lines := map[string]map[string]any{}
	for text := range strings.Lines(<-s.log) {
		var l map[string]any
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		lines[fmt.Sprint(l["requestId"])] = strip(l)
	}
	for i := 2; i < repeat; i++ {
		got, want := lines[fmt.Sprintf("r-%d", i)], lines["r-1"]
		if fmt.Sprint(got) != fmt.Sprint(want) || got["cache"] != "hit" || got["operation"] != "Inbox" || got["rows"] != 2.0 {
			t.Errorf("line %d: %v, want %v", i, got, want)
		}
	}
	if len(texter.traceparents) != 1 || len(lines) != repeat {
		t.Errorf("%d calls, %d lines", len(texter.traceparents), len(lines))
	}
}

// strip leaves out what differs between equal requests.
func strip(line map[string]any) map[string]any {
	for _, name := range []string{"time", "requestId", "durationMs", "duration"} {
		delete(line, name)
	}
	return line
}

// TestKeptAnswersInScope: callers of one Texter token and several scopes ask
// the same, again and again, with and without compression.
func TestKeptAnswersInScope(t *testing.T) {
	s, keys, chats := scoped(t, scopes(), "-cache-ttl", "1m")
	body := `{"query":"{ searchChats(first: 100) { totalCount nodes { id } } }"}`
	ask := func(key string) string {
		res, answer := s.send(t, http.MethodPost, "/graphql", body, "Authorization: Bearer "+key, "Content-Type: application/json", "Accept-Encoding: gzip")
		if res.Header.Get("Content-Encoding") != "gzip" {
			return answer
		}
		r, err := gzip.NewReader(strings.NewReader(answer))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(plain)
	}
	for range repeat {
		for i, scope := range scopes() {
			var p page
			if err := json.Unmarshal([]byte(ask(keys[i])), &p); err != nil {
				t.Fatal(err)
			}
			want := 0
			for _, c := range chats.Chats() {
				if scope.holds(c) && c.LastMessageTimestamp != nil {
					want++
				}
			}
			if got := p.Data.SearchChats; got == nil || got.TotalCount != want || len(got.Nodes) != min(want, 100) {
				t.Errorf("the scope %s of %d chats got %+v", scope.json(), want, got)
			}
		}
	}
	if n := chats.Requests(); n != len(scopes()) {
		t.Errorf("%d requests for %d scopes", n, len(scopes()))
	}
}
