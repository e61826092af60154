package app

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// decode reads a file, by json.Unmarshal or yaml.Unmarshal.
func decode[T any](t *testing.T, path string, unmarshal func([]byte, any) error) (value T) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		err = unmarshal(content, &value)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return value
}

func unmarshalYAML(content []byte, into any) error { return yaml.Unmarshal(content, into) }

// dashboard is a dashboard of Grafana.
type dashboard struct {
	Panels []struct {
		Type, Title string
		Targets     []struct{ Expr string }
	}
}

// rules are alert rules of Prometheus.
type rules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

// metricsAtStart are those that a service exports before its first request.
func metricsAtStart(t *testing.T) string {
	t.Helper()
	return start(t, nil, "-texter-project", "acme", "-metrics-addr", "127.0.0.1:0").metrics(t)
}

func TestDashboardShowsExportedMetrics(t *testing.T) {
	metrics := metricsAtStart(t)
	panels := decode[dashboard](t, "../../deploy/grafana/dashboards/texter-graphql.json", json.Unmarshal).Panels
	for _, panel := range panels {
		t.Run(panel.Title, func(t *testing.T) {
			if len(panel.Targets) == 0 && panel.Type != "row" {
				t.Error("it shows nothing")
			}
			for _, target := range panel.Targets {
				assertExported(t, metrics, target.Expr)
			}
		})
	}
	if len(panels) == 0 {
		t.Error("it has no panels")
	}
}

// TestAlerts: each alert uses exported metrics, and leads to a runbook.
func TestAlerts(t *testing.T) {
	metrics := metricsAtStart(t)
	operation, err := os.ReadFile("../../docs/operation.md")
	if err != nil {
		t.Fatal(err)
	}
	groups := decode[rules](t, "../../deploy/prometheus/rules/texter-graphql.yaml", unmarshalYAML).Groups
	for _, recorded := range groups[0].Rules {
		assertExported(t, metrics, recorded.Expr)
	}
	alerts := groups[1].Rules
	for _, alert := range alerts {
		t.Run(alert.Alert, func(t *testing.T) {
			assertExported(t, metrics, alert.Expr)
			heading := "\n### " + alert.Alert + "\n"
			if alert.For == "" || alert.Labels["severity"] == "" || alert.Annotations["summary"] == "" || !strings.Contains(string(operation), heading) ||
				!strings.HasSuffix(alert.Annotations["runbook_url"], "/docs/operation.md#"+strings.ToLower(alert.Alert)) {
				t.Errorf("something is missing in %+v", alert)
			}
		})
	}
	if len(alerts) != 16 {
		t.Errorf("there are %d", len(alerts))
	}
}

var (
	metricNames = regexp.MustCompile(`\b(?:(?:texter_graphql|go|process)_\w+|texter_graphql:failures:\w+|up\b)`)
	labelNames  = regexp.MustCompile(`(\w+)(?:=~|!~|!=|=)"`)
	groupings   = regexp.MustCompile(`by \(([^)]*)\)`)
)

// assertExported fails if a metric or a label that an expression names is not
// exported. Prometheus itself adds the labels instance and job.
func assertExported(t *testing.T, metrics, expr string) {
	t.Helper()
	names := metricNames.FindAllString(expr, -1)
	if len(names) == 0 {
		t.Errorf("no metric is in %s", expr)
	}
	for _, name := range names {
		if name == "up" || strings.HasPrefix(name, "texter_graphql:") { // of Prometheus, and of a rule
			continue
		}
		if !regexp.MustCompile(`(?m)^` + name + `[{ ]`).MatchString(metrics) {
			t.Errorf("%s is not exported", name)
		}
	}
	var labels []string
	for _, found := range labelNames.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, found[1])
	}
	for _, found := range groupings.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, strings.Split(found[1], ", ")...)
	}
	for _, label := range slices.DeleteFunc(labels, func(l string) bool { return l == "instance" || l == "job" }) {
		if !regexp.MustCompile(`[{,]` + label + `="`).MatchString(metrics) {
			t.Errorf("no metric has the label %s", label)
		}
	}
}
