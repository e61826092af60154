package operation

import (
	"encoding/json"
	"net"
	"strings"
	"syscall"
	"testing"

	"texter-graphql/test/harness"
)

// event is a line of the log about the life of the service.
type event struct{ Time, Level, Msg, Version, Reason, GraphQL, Metrics string }

// events parses all that a service has written: each line must be JSON.
func events(t *testing.T, text string) (all []event) {
	t.Helper()
	for line := range strings.Lines(text) {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Time == "" {
			t.Errorf("%v: %s", err, line)
		}
		all = append(all, e)
	}
	return all
}

// TestFirstAndLastLine: they say what has started, and why it has ended, whatever the
// level of the log.
func TestFirstAndLastLine(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run("a service that is stopped by "+signal.String(), func(t *testing.T) {
			p := start(t, []string{"LOG_LEVEL=error"})
			if err := p.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := p.Wait(); err != nil {
				t.Error(err)
			}
			all := events(t, p.Banner+p.log.String())
			if len(all) != 3 {
				t.Fatalf("the lines are %+v", all)
			}
			reason := signal.String() + " signal received"
			if e := all[0]; e.Msg != "listening" || e.Version == "" || e.GraphQL != p.URL("GraphQL") || e.Metrics != p.URL("Metrics") {
				t.Errorf("the first line is %+v", e)
			}
			if e := all[1]; e.Msg != "stopping" || e.Reason != reason {
				t.Errorf("then comes %+v", e)
			}
			if e := all[2]; e.Msg != "stopped" || e.Level != "INFO" || e.Reason != reason {
				t.Errorf("the last line is %+v", e)
			}
		})
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, test := range map[string]struct{ env, reason string }{
		"a wrong setting":      {"DRAIN_DELAY=canary", "drain-delay must be a duration, such as 5s, or 0"},
		"a misspelled setting": {"TEXTER_PROJET=canary", "TEXTER_PROJET is not a setting of this program: did you mean TEXTER_PROJECT?"},
		"an address in use":    {"ADDR=" + taken.Addr().String(), "address already in use; set another address by -addr or ADDR"},
	} {
		t.Run(name, func(t *testing.T) {
			output, exit, err := harness.Command{Path: harness.Binary(t), Env: []string{test.env}}.Run(t.Context())
			all := events(t, output)
			if err != nil || exit != 1 || len(all) != 1 || all[0].Level != "ERROR" || all[0].Msg != "stopped" || !strings.Contains(all[0].Reason, test.reason) || strings.Contains(output, "canary") {
				t.Errorf("exit code %d, %v: %s", exit, err, output)
			}
		})
	}
}
