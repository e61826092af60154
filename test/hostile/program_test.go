// Package hostile attacks the built service over TCP, as a stranger would. It
// sends bytes, and looks at the response, at what Texter is asked, at the log,
// and at whether the service goes on running.
package hostile

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// program is a running service.
type program struct {
	*harness.Process
	addr string        // host:port
	log  *bytes.Buffer // complete once the service has ended
}

// settings are environment variables of a process, as NAME=value.
type settings []string

// start runs the service on a free port until the test ends. Then it must still
// run, end when it is asked to, and have printed no canary.
func start(t *testing.T, s settings, args ...string) *program {
	t.Helper()
	p := &program{log: new(bytes.Buffer)}
	p.Process = harness.Start(t, harness.Command{
		Args: args, Log: p.log,
		Env: append(s, "ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=debug"),
	})
	p.addr = p.Addr("GraphQL")
	t.Cleanup(func() { p.end(t) })
	return p
}

func (p *program) end(t *testing.T) {
	t.Helper()
	select {
	case <-p.Done():
		t.Errorf("the service ended during the test: %v\n%s", p.Wait(), p.log)
		return
	default:
	}
	metrics, err := p.Metrics(context.Background()) // the test's context has ended
	if err != nil {
		t.Error(err)
	}
	assertClean(t, "the metrics", metrics)
	if err := p.Stop(); err != nil {
		t.Errorf("the service ended with %v\n%s", err, p.log)
	}
	assertClean(t, "the log", p.Banner+p.log.String())
}

// assertClean fails if a text of the service contains a canary, or a trace of a
// panic.
func assertClean(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if lower := strings.ToLower(line); strings.Contains(lower, "canary") || strings.Contains(lower, "panic") || strings.Contains(line, "goroutine ") {
			t.Errorf("%s: %s", name, line)
		}
	}
}

// cpuTime returns how long the service has worked, 0 where the system does not
// count it.
func (p *program) cpuTime() time.Duration {
	worked, err := p.CPUTime()
	if err != nil {
		return 0
	}
	return worked
}
