package app

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
)

// TestVersion writes one line.
func TestVersion(t *testing.T) {
	for _, arg := range []string{"-version", "--version"} {
		var stdout bytes.Buffer
		if err := execute(t.Context(), []string{arg}, environment{}.get, &stdout, io.Discard); err != nil {
			t.Errorf("%s: %v", arg, err)
		}
		if !regexp.MustCompile(`^texter-graphql \S+ \(.+, go1\.\S+\)\n$`).MatchString(stdout.String()) {
			t.Errorf("%s: it says %s", arg, &stdout)
		}
	}
}

// TestConfigCheck writes what is in effect, without secrets.
func TestConfigCheck(t *testing.T) {
	var stdout bytes.Buffer
	env := environment{"TEXTER_PROJECT": "acme", "TEXTER_API_TOKEN": "canary"}
	if err := execute(t.Context(), []string{"config", "check", "-texter-timeout", "3s"}, env.get, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"addr = 127.0.0.1:8080\n", "texter-project = acme\n", "texter-timeout = 3s\n", "TEXTER_API_TOKEN is set\n"} {
		if !strings.Contains(stdout.String(), line) {
			t.Errorf("%q is missing: %s", line, &stdout)
		}
	}
	if strings.Contains(stdout.String(), "canary") {
		t.Errorf("it shows a secret: %s", &stdout)
	}
}

// TestBadConfigCheck errors as the service would.
func TestBadConfigCheck(t *testing.T) {
	for setting, args := range map[string][]string{
		"texter-timeout": {"check", "-texter-timeout", "canary"},
		"drain-delay":    {"check", "-drain-delay", "-1s"},
		"the command":    {"chekc"},
		"the command ":   {},
	} {
		var stdout bytes.Buffer
		err := execute(t.Context(), append([]string{"config"}, args...), environment{}.get, &stdout, io.Discard)
		if err == nil || !strings.HasPrefix(err.Error(), strings.TrimSpace(setting)) || stdout.Len() > 0 {
			t.Errorf("%v: got %v, %s", args, err, &stdout)
		}
	}
	if err := execute(t.Context(), []string{"config", "check"}, environment{}.get, io.Discard, io.Discard); err != nil {
		t.Errorf("the sandbox: %v", err)
	}
}
