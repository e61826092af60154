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

// TestDashboard asks for nothing that is not exported.
func TestDashboard(t *testing.T) {
	scrape := startScrape(t)
	panels := decode[dashboard](t, "../../deploy/grafana/dashboards/texter-graphql.json", json.Unmarshal).Panels
	for _, panel := range panels {
		if len(panel.Targets) == 0 && panel.Type != "row" {
			t.Errorf("%s asks for nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			assertExported(t, scrape, panel.Title, target.Expr)
		}
	}
	if len(panels) == 0 {
		t.Error("it has no panels")
	}
}

// TestAlerts look at nothing that is not exported, and each says what to do.
func TestAlerts(t *testing.T) {
	scrape := startScrape(t)
	operation, err := os.ReadFile("../../docs/operation.md")
	if err != nil {
		t.Fatal(err)
	}
	alerts := decode[rules](t, "../../deploy/prometheus/rules/texter-graphql.yaml", unmarshalYAML).Groups[0].Rules
	for _, alert := range alerts {
		assertExported(t, scrape, alert.Alert, alert.Expr)
		heading := "\n### " + alert.Alert + "\n"
		if alert.For == "" || alert.Labels["severity"] == "" || alert.Annotations["summary"] == "" || !strings.Contains(string(operation), heading) ||
			alert.Annotations["runbook"] != "docs/operation.md#"+strings.ToLower(alert.Alert) {
			t.Errorf("%+v is not whole", alert)
		}
	}
	if len(alerts) != 3 {
		t.Errorf("there are %d", len(alerts))
	}
}

// startScrape is what a service exports before its first request.
func startScrape(t *testing.T) string {
	t.Helper()
	return start(t, nil, "-metrics-addr", "127.0.0.1:0").scrapeAll(t, 0)
}

var (
	metricNames = regexp.MustCompile(`\b(texter_graphql|go|process)_\w+`)
	labelNames  = regexp.MustCompile(`(\w+)(?:=~|!~|!=|=)"`)
	groupings   = regexp.MustCompile(`by \(([^)]*)\)`)
)

// assertExported fails if a scrape lacks a metric or a label that an expression
// names. The label instance is Prometheus's own.
func assertExported(t *testing.T, scrape, where, expr string) {
	t.Helper()
	names := metricNames.FindAllString(expr, -1)
	if len(names) == 0 {
		t.Errorf("%s looks at no metric: %s", where, expr)
	}
	for _, name := range names {
		if !regexp.MustCompile(`(?m)^` + name + `[{ ]`).MatchString(scrape) {
			t.Errorf("%s: %s is not exported", where, name)
		}
	}
	var labels []string
	for _, found := range labelNames.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, found[1])
	}
	for _, found := range groupings.FindAllStringSubmatch(expr, -1) {
		labels = append(labels, strings.Split(found[1], ", ")...)
	}
	for _, label := range slices.DeleteFunc(labels, func(l string) bool { return l == "instance" }) {
		if !regexp.MustCompile(`[{,]` + label + `="`).MatchString(scrape) {
			t.Errorf("%s: no metric has the label %s", where, label)
		}
	}
}
