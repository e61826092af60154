package app

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"strings"
	"syscall"
	"testing"

	"texter-graphql/internal/rule"
	"texter-graphql/test/harness"
)

func TestBadSettings(t *testing.T) {
	for name, test := range map[string]struct {
		env     environment
		args    []string
		setting string // which is named
	}{
		"a project that is no id":   {nil, []string{"-texter-project", "canary.example"}, "texter-project"},
		"a timeout that is none":    {nil, []string{"-texter-timeout", "canary"}, "texter-timeout"},
		"an address that is none":   {nil, []string{"-addr", "canary"}, "addr"},
		"an address elsewhere":      {nil, []string{"-addr", "192.0.2.1:0", "-texter-project", "acme"}, "addr"},
		"a token with a space":      {environment{"TEXTER_API_TOKEN": "canary canary"}, []string{"-texter-project", "acme"}, "TEXTER_API_TOKEN"},
		"plain http":                {nil, []string{"-texter-url", "http://canary.example"}, "texter-url"},
		"a bad line of access keys": {environment{"TEXTER_API_TOKEN": "canary"}, []string{"-texter-project", "acme", "-access-keys", keyFile(t, "canary")}, "access-keys"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			err := run(t.Context(), test.args, test.env.get, &stderr)
			if err == nil || !strings.HasPrefix(err.Error(), test.setting+" ") {
				t.Errorf("got %v", err)
			} else if strings.Contains(err.Error()+stderr.String(), "canary") {
				t.Errorf("the value is repeated: %v, %s", err, &stderr)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	if err := run(t.Context(), []string{"-h"}, environment{}.get, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("got %v", err)
	}
}

func TestTakenAddress(t *testing.T) {
	taken := strings.TrimPrefix(start(t, nil, "-texter-project", "acme").url, "http://")
	for setting, test := range map[string]struct {
		args   []string
		advice string
	}{
		"addr":         {[]string{"-addr", taken}, "set another address by -addr or ADDR"},
		"metrics-addr": {[]string{"-addr", "127.0.0.1:0", "-metrics-addr", taken}, "set another address by -metrics-addr or METRICS_ADDR"},
	} {
		t.Run(setting+" is to be changed", func(t *testing.T) {
			err := run(t.Context(), append(test.args, "-texter-project", "acme"), environment{}.get, io.Discard)
			if _, isRule := errors.AsType[*rule.Error](err); isRule || !errors.Is(err, syscall.EADDRINUSE) {
				t.Fatalf("got %v", err)
			}
			if want := taken + ": address already in use; " + test.advice; err.Error() != want {
				t.Errorf("got %q, want %q", err, want)
			}
		})
	}
}

// TestProgram runs the built service as a process.
func TestProgram(t *testing.T) {
	binary := harness.Binary(t)
	command := func(args ...string) harness.Command {
		return harness.Command{Path: binary, Args: args, Env: []string{"ADDR=127.0.0.1:0"}}
	}
	t.Run("a signal stops it", func(t *testing.T) {
		var log bytes.Buffer
		c := command()
		c.Log = &log
		process := harness.Start(t, c)
		s := &instance{url: "http://" + process.Addr("GraphQL")}
		if res, body := s.search(t); res.StatusCode != 200 {
			t.Errorf("%d: %s", res.StatusCode, body)
		}
		if err := process.Stop(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		if strings.Count(log.String(), `"msg":"request"`) != 1 {
			t.Errorf("it logs %s", &log)
		}
	})
	t.Run("a bad setting is named, without its value", func(t *testing.T) {
		output, exit, err := command("-texter-timeout", "canary").Run(t.Context())
		if err != nil || exit != 1 {
			t.Errorf("exit code %d, %v", exit, err)
		}
		if !strings.Contains(output, "texter-timeout") || strings.Contains(output, "canary") {
			t.Errorf("it says %s", output)
		}
	})
	t.Run("-h lists the settings", func(t *testing.T) {
		if output, exit, err := command("-h").Run(t.Context()); err != nil || exit != 0 || !strings.Contains(output, "-texter-project") {
			t.Errorf("exit code %d, %v: %s", exit, err, output)
		}
	})
}
