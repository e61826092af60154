package load

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// What the upstream of TestOverload can do: 4 requests at once, of 200 ms each.
const (
	latency  = 200 * time.Millisecond
	capacity = int(4 * time.Second / latency) // a second
	lasting  = 4 * time.Second
)

// outcome is what came of a request.
type outcome struct {
	ok   bool
	code string
	took time.Duration
}

// openLoop sends requests at a rate, whatever comes of those before, and returns
// their outcomes.
func (p *program) openLoop(t *testing.T, rate int) []outcome {
	t.Helper()
	client := newClient(t)
	outcomes := make([]outcome, rate*int(lasting/time.Second))
	var wg sync.WaitGroup
	began := time.Now()
	for i := range outcomes {
		time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(rate))))
		wg.Go(func() {
			sent := time.Now()
			a, err := p.post(client, fmt.Sprint("caller", callers.Add(1)), search)
			if err != nil {
				t.Error(err)
			}
			o := &outcomes[i]
			if o.took, o.ok = time.Since(sent), a.ok(); !o.ok {
				o.code = "another"
				if bytes.Contains(a.body, []byte(`"code":"UPSTREAM_UNAVAILABLE"`)) {
					o.code = "UPSTREAM_UNAVAILABLE"
				}
			}
		})
	}
	wg.Wait()
	return outcomes
}

// callers counts them: each is another, or equal searches would be one.
var callers atomic.Int64

// TestOverload sends ten times as many requests as the upstream can take: those
// that it can take are served, and the others refused at once.
func TestOverload(t *testing.T) {
	p := start(t, newUpstream(t, latency), "-texter-concurrency", "4")
	p.openLoop(t, capacity/2) // makes connections
	peak := count(p.openLoop(t, capacity), true)
	outcomes := p.openLoop(t, 10*capacity)
	goodput := count(outcomes, true)
	t.Logf("at capacity %d are served in %v, at ten times that %d", peak, lasting, goodput)
	if float64(goodput) < .9*float64(peak) {
		t.Errorf("goodput falls from %d to %d", peak, goodput)
	}
	var refusals []time.Duration
	for _, o := range outcomes {
		if !o.ok {
			refusals = append(refusals, o.took)
			if o.code != "UPSTREAM_UNAVAILABLE" {
				t.Errorf("refused otherwise: %+v", o)
			}
		}
	}
	slices.Sort(refusals)
	t.Logf("%d refusals: median %v, p99 %v, slowest %v", len(refusals), refusals[len(refusals)/2], refusals[len(refusals)*99/100], refusals[len(refusals)-1])
	if most := refusals[len(refusals)*3/4]; most > 50*time.Millisecond { // the slowest may be the fault of a busy machine
		t.Errorf("refusals take %v", most)
	}
}

func count(outcomes []outcome, ok bool) (n int) {
	for _, o := range outcomes {
		if o.ok == ok {
			n++
		}
	}
	return n
}
