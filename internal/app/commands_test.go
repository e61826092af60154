package app

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	for _, arg := range []string{"-version", "--version"} {
		t.Run(arg+" writes one line", func(t *testing.T) {
			var stdout bytes.Buffer
			if err := execute(t.Context(), []string{arg}, environment{}.get, &stdout, io.Discard); err != nil {
				t.Error(err)
			}
			if !regexp.MustCompile(`^texter-graphql \S+ \(.+, go1\.\S+\)\n$`).MatchString(stdout.String()) {
				t.Errorf("it says %s", &stdout)
			}
		})
	}
}

// configCommand runs the command config.
func configCommand(t *testing.T, env environment, args ...string) (output string, err error) {
	t.Helper()
	var stdout bytes.Buffer
	err = execute(t.Context(), append([]string{"config"}, args...), env.get, &stdout, io.Discard)
	return stdout.String(), err
}

func TestConfigCheck(t *testing.T) {
	t.Run("it writes the settings in effect, without secrets", func(t *testing.T) {
		output, err := configCommand(t, environment{"TEXTER_PROJECT": "acme", "TEXTER_API_TOKEN": "canary"}, "check", "-texter-timeout", "3s")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"addr = 127.0.0.1:8080\n", "texter-project = acme\n", "texter-timeout = 3s\n", "TEXTER_API_TOKEN is set\n"} {
			if !strings.Contains(output, line) {
				t.Errorf("%q is missing: %s", line, output)
			}
		}
		if strings.Contains(output, "canary") {
			t.Errorf("it shows a secret: %s", output)
		}
	})
	t.Run("the sandbox needs no setting", func(t *testing.T) {
		if _, err := configCommand(t, nil, "check"); err != nil {
			t.Error(err)
		}
	})
	t.Run("a file that can't be read is an error", func(t *testing.T) {
		if _, err := configCommand(t, nil, "check", "-trusted-documents", "none.json"); err == nil || !strings.HasPrefix(err.Error(), "trusted-documents ") {
			t.Errorf("got %v", err)
		}
	})
}

func TestBadConfigCheck(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string // how the error begins
	}{
		"a timeout that is none": {[]string{"check", "-texter-timeout", "soon"}, "texter-timeout "},
		"a delay below zero":     {[]string{"check", "-drain-delay", "-1s"}, "drain-delay "},
		"a misspelled command":   {[]string{"chekc"}, "the command "},
		"no command":             {nil, "the command "},
	} {
		t.Run(name+" is an error", func(t *testing.T) {
			if output, err := configCommand(t, nil, test.args...); err == nil || !strings.HasPrefix(err.Error(), test.want) || output != "" {
				t.Errorf("got %v, %s", err, output)
			}
		})
	}
}

func TestAccessKeyCommand(t *testing.T) {
	for name, args := range map[string][]string{
		"no name": {}, "an empty name": {""}, "two words": {"two words"}, "a slash": {"a/b"},
		"three arguments": {"one", "{}", "{}"}, "a scope that is not JSON": {"one", "two"}, "an empty list": {"one", `{"labels":[]}`},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			err := execute(t.Context(), append([]string{"access-key"}, args...), environment{}.get, &stdout, &stderr)
			if err == nil || stdout.Len()+stderr.Len() > 0 {
				t.Errorf("got %v, %s%s", err, &stdout, &stderr)
			}
		})
	}
}
