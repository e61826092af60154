package operation

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"texter-graphql/test/harness"
)

// heldLog is a log that nobody reads until it is released.
type heldLog struct {
	release chan struct{}
	text    strings.Builder // complete once the service has ended
}

func (l *heldLog) Write(b []byte) (int, error) {
	<-l.release
	return l.text.Write(b)
}

// TestALogThatNobodyReads: requests go on. Each has its line in the log, or is counted
// among those that were dropped.
func TestALogThatNobodyReads(t *testing.T) {
	log := &heldLog{release: make(chan struct{})}
	p := program{Process: harness.Start(t, harness.Command{Log: log, Env: []string{"ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0"}})}
	const workers, each = 4, 2000 // the pipe and the service hold about 4,000 lines
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range each {
				if res, body := p.search(t); res.StatusCode != 200 {
					t.Errorf("%d: %s", res.StatusCode, body)
				}
			}
		})
	}
	group.Wait()
	metrics, err := p.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^texter_graphql_log_lines_dropped_total [1-9]`).MatchString(metrics) {
		t.Error("no line was dropped")
	}
	close(log.release)
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	written, dropped := strings.Count(log.text.String(), `"msg":"request"`), 0
	for _, lines := range regexp.MustCompile(`"lines":(\d+)`).FindAllStringSubmatch(log.text.String(), -1) {
		n, _ := strconv.Atoi(lines[1]) // digits
		dropped += n
	}
	if written+dropped < workers*each {
		t.Errorf("%d lines are written and %d are said to be dropped, of %d requests", written, dropped, workers*each)
	}
}
