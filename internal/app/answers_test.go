package app

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/internal/config"
	"texter-graphql/internal/health"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/scope"
)

// repeat is how often an equal request is sent. From the third time on, the
// service repeats the finished answer.
const repeat = 6

// TestKeptAnswersAreObserved: logs, metrics and traces say the same of an answer
// that is repeated and of one that is made.
func TestKeptAnswersAreObserved(t *testing.T) {
	traces, texter := newCollector(t), newCrowd(t)
	s := start(t, nil, "-texter-url", texter.URL, "-cache-ttl", "1m", "-metrics-addr", "127.0.0.1:0",
		"-otel-exporter-otlp-endpoint", traces.URL, "-otel-traces-sampler-arg", "1")
	var answers []string
	for i := range repeat {
		id := fmt.Sprintf("r-%d", i)
		res, answer := s.query(t, "query Inbox { searchChats { nodes { id title } } }", "Authorization: Bearer one",
			"Traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01", "X-Request-Id: "+id)
		if res.Header.Get("X-Request-Id") != id {
			t.Errorf("answer %d has the request id %s", i, res.Header.Get("X-Request-Id"))
		}
		answers = append(answers, answer)
	}
	lines := linesByRequestID(t, s.end(t))
	t.Run("the answers are equal, and Texter is asked once", func(t *testing.T) {
		if len(slices.Compact(answers)) != 1 || len(texter.traceparents) != 1 {
			t.Errorf("%d calls, %s", len(texter.traceparents), answers)
		}
	})
	for pattern, want := range map[string]int{
		`texter_graphql_requests_total{code="OK",operation="searchChats".*}`: repeat,
		`texter_graphql_cache_searches_total{outcome="hit"}`:                 repeat - 1,
	} {
		t.Run(fmt.Sprintf("%d are counted under %s", want, pattern), func(t *testing.T) {
			if got := sum(s.metrics(t), pattern); got != want {
				t.Errorf("it is %d", got)
			}
		})
	}
	t.Run("the lines of the log are equal", func(t *testing.T) {
		for i := 2; i < repeat; i++ {
			got, want := lines[fmt.Sprintf("r-%d", i)], lines["r-1"]
			if fmt.Sprint(got) != fmt.Sprint(want) || got["cache"] != "hit" || got["operation"] != "Inbox" || got["rows"] != 2.0 {
				t.Errorf("line %d: %v, want %v", i, got, want)
			}
		}
		if len(lines) != repeat {
			t.Errorf("%d lines", len(lines))
		}
	})
}

// TestAnswersAreKept: finished answers are kept if pages are, apart for each scope.
func TestAnswersAreKept(t *testing.T) {
	for name, test := range map[string]struct {
		env  environment
		want graph.Options
	}{
		"no pages are cached":       {environment{"CACHE_TTL": "0s"}, graph.Options{}},
		"callers have their tokens": {environment{"CACHE_TTL": "1m"}, graph.Options{Answers: &cache.Cache{}}},
		"callers have a scope":      {environment{"CACHE_TTL": "1m", "TEXTER_API_TOKEN": "token", "JWT_ISSUER": "https://issuer.example", "JWT_AUDIENCE": "chats"}, graph.Options{Answers: scope.Answers{}}},
	} {
		t.Run(name, func(t *testing.T) {
			test.env["TEXTER_PROJECT"] = "acme"
			cfg, err := config.Parse(nil, test.env.get, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			observed, err := newObservation(t.Context(), cfg, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			s := &service{health: &health.Health{}}
			got, err := s.graphQL(cfg, observed)
			if err != nil {
				t.Fatal(err)
			}
			defer s.close(t.Context())
			if fmt.Sprintf("%T", got.Answers) != fmt.Sprintf("%T", test.want.Answers) {
				t.Errorf("answers are kept by %T, want %T", got.Answers, test.want.Answers)
			}
		})
	}
}

// linesByRequestID returns the lines of a log by the ids of their requests,
// without the fields in which equal requests differ.
func linesByRequestID(t *testing.T, log string) map[string]map[string]any {
	t.Helper()
	lines := map[string]map[string]any{}
	for text := range strings.Lines(log) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if line["msg"] != "request" {
			continue
		}
		id := fmt.Sprint(line["requestId"])
		for _, name := range []string{"time", "requestId", "durationMs"} {
			delete(line, name)
		}
		lines[id] = line
	}
	return lines
}

// TestKeptAnswersInScope has callers of one Texter token and several scopes send
// the same request, again and again, compressed and not.
func TestKeptAnswersInScope(t *testing.T) {
	s, keys, chats := scoped(t, scopes(), "-cache-ttl", "1m")
	for round := range repeat {
		for i, scope := range scopes() {
			t.Run(fmt.Sprintf("request %d of %s has the chats of the scope", round, scope.json()), func(t *testing.T) {
				var p page
				if err := json.Unmarshal([]byte(searchCompressed(t, s, keys[i])), &p); err != nil {
					t.Fatal(err)
				}
				want := 0
				for _, c := range chats.Chats() {
					if scope.holds(c) && c.LastMessageTimestamp != nil {
						want++
					}
				}
				if got := p.Data.SearchChats; got == nil || got.TotalCount != want || len(got.Nodes) != min(want, 100) {
					t.Errorf("%d chats: got %+v", want, got)
				}
			})
		}
	}
	t.Run("Texter is asked once for each scope", func(t *testing.T) {
		if n := chats.Requests(); n != len(scopes()) {
			t.Errorf("%d requests for %d scopes", n, len(scopes()))
		}
	})
}

// searchCompressed asks for a page that may be compressed.
func searchCompressed(t *testing.T, s *instance, key string) string {
	t.Helper()
	res, answer := s.query(t, "{ searchChats(first: 100) { totalCount nodes { id } } }", "Authorization: Bearer "+key, "Accept-Encoding: gzip")
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
