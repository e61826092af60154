package causes

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sample is a line of what a service exports: a series and its value.
var sample = regexp.MustCompile(`(?m)^([a-z_]+)(?:\{(.*)\})? (\S+)$`)

// counterType is a line that makes a metric a counter.
var counterType = regexp.MustCompile(`(?m)^# TYPE (\S+) (counter|histogram)$`)

// history is how often Prometheus scrapes in a test, 15 seconds apart.
const history = 120

// seriesBetween returns the series of promtool for a service that goes on as it did
// between two scrapes: counters rise by the same in each interval, and other values
// stay what they are in the second scrape.
func seriesBetween(before, after string) []map[string]string {
	var counters []string
	for _, found := range counterType.FindAllStringSubmatch(after, -1) {
		counters = append(counters, found[1], found[1]+"_bucket", found[1]+"_sum", found[1]+"_count")
	}
	first := map[string]float64{}
	for _, s := range sample.FindAllStringSubmatch(before, -1) {
		first[s[1]+s[2]], _ = strconv.ParseFloat(s[3], 64)
	}
	series := []map[string]string{{"series": `up{job="texter-graphql",instance="a"}`, "values": fmt.Sprintf("1x%d", history)}}
	for _, s := range sample.FindAllStringSubmatch(after, -1) {
		now, err := strconv.ParseFloat(s[3], 64)
		if err != nil {
			continue
		}
		labels := strings.TrimPrefix(s[2]+`,job="texter-graphql",instance="a"`, ",")
		values := fmt.Sprintf("%gx%d", now, history)
		if start, known := first[s[1]+s[2]]; slices.Contains(counters, s[1]) {
			if values = fmt.Sprintf("%g+%gx%d", start, now-start, history); !known { // it appears with its first event
				values = fmt.Sprintf("_ %g+%gx%d", now, now, history)
			}
		}
		series = append(series, map[string]string{"series": s[1] + "{" + labels + "}", "values": values})
	}
	return series
}

// expectation is an expression and its value after half an hour.
type expectation struct {
	Expr    string              `json:"expr"`
	At      string              `json:"eval_time"`
	Samples []expectationSample `json:"exp_samples"`
}

type expectationSample struct {
	Labels string  `json:"labels"`
	Value  float64 `json:"value"`
}

// promtool tests the rules with series. JSON is YAML, too.
func promtool(t *testing.T, series []map[string]string, expected []expectation) {
	t.Helper()
	rules, err := filepath.Abs("../../deploy/prometheus/rules/texter-graphql.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.MarshalIndent(map[string]any{
		"rule_files": []string{rules}, "evaluation_interval": "1m", "group_eval_order": []string{"texter-graphql-objective", "texter-graphql"},
		"tests": []map[string]any{{"interval": "15s", "input_series": series, "promql_expr_test": expected}},
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.yaml")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), "promtool", "test", "rules", path).CombinedOutput(); err != nil {
		t.Errorf("promtool, of Debian's package prometheus: %v\n%s", err, said)
	}
}

// assertAlerts fails unless exactly these alerts fire, for a service that goes on
// as it did between two scrapes.
func assertAlerts(t *testing.T, before, after string, alerts ...string) {
	t.Helper()
	firing := expectation{Expr: `count by (alertname) (ALERTS{alertstate="firing"})`, At: "25m"}
	for _, alert := range alerts {
		firing.Samples = append(firing.Samples, expectationSample{fmt.Sprintf("{alertname=%q}", alert), 1})
	}
	promtool(t, seriesBetween(before, after), []expectation{firing})
}

// TestRulesOverTime runs the tests that stand beside the rules.
func TestRulesOverTime(t *testing.T) {
	for _, file := range []string{"hours", "days"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			path := "../../deploy/prometheus/tests/" + file + ".yaml"
			if said, err := exec.CommandContext(t.Context(), "promtool", "test", "rules", path).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}

// dashboard is a dashboard of Grafana.
type dashboard struct {
	Panels []struct {
		Title   string
		Targets []struct{ Expr string }
	}
}

// TestPanelsOfHealthyService: each panel shows something of a service that works,
// and each metric of the service is in a panel, and explained in docs/operation.md.
func TestPanelsOfHealthyService(t *testing.T) {
	content, err := os.ReadFile("../../deploy/grafana/dashboards/texter-graphql.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/operation.md")
	if err != nil {
		t.Fatal(err)
	}
	var board dashboard
	if err := json.Unmarshal(content, &board); err != nil {
		t.Fatal(err)
	}
	p := start(t, nil, "-texter-url", serve(t, chats))
	before := p.scrape(t)
	for i := range 10 {
		p.search(t, fmt.Sprint("r-", i), caller)
	}
	after := p.scrape(t)
	var expected []expectation
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			expr := strings.NewReplacer("$instance", ".*", "$__rate_interval", "1m").Replace(target.Expr)
			expected = append(expected, expectation{fmt.Sprintf("count((%s) >= 0) > bool 0", expr), "25m", []expectationSample{{"{}", 1}}})
		}
	}
	promtool(t, seriesBetween(before, after), expected)
	for _, metric := range regexp.MustCompile(`(?m)^# TYPE (texter_graphql_\w+) `).FindAllStringSubmatch(after, -1) {
		if !strings.Contains(string(content), metric[1]) {
			t.Errorf("no panel shows %s", metric[1])
		}
		if !strings.Contains(string(page), "`"+strings.TrimPrefix(metric[1], "texter_graphql_")) {
			t.Errorf("docs/operation.md does not explain %s", metric[1])
		}
	}
}
