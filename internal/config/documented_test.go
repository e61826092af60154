package config_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"texter-graphql/internal/config"
)

// TestDocumentation: docs/configuration.md has a row for each setting, with its
// default, and no other rows.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var settings bytes.Buffer
	if _, err := config.Check(nil, environment{}.get, &settings); err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{} // the defaults, by flag and variable
	for _, row := range regexp.MustCompile("(?m)^\\| (?:`-(.+?)`)? ?\\| `(.+?)` \\| (.*?) ?\\| ").FindAllStringSubmatch(string(page), -1) {
		rows[row[1]+" "+row[2]] = row[3]
	}
	for line := range strings.Lines(settings.String()) {
		name, value, isFlag := strings.Cut(strings.TrimSuffix(line, "\n"), " = ")
		keys := []string{name + " " + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))}
		if !isFlag {
			secret := strings.TrimSuffix(name, " is not set")
			keys = []string{" " + secret, " " + secret + "_FILE"}
		}
		for _, key := range keys {
			t.Run(key, func(t *testing.T) {
				if shown, ok := rows[key]; !ok || value != "" && !strings.Contains(shown, "`"+value+"`") {
					t.Errorf("no row has the default %q; there is %q", value, shown)
				}
			})
			delete(rows, key)
		}
	}
	for key := range rows {
		t.Errorf("there is no setting %q", key)
	}
}
