package load

import (
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

var enduranceRequests = flag.Int("endurance-requests", 20_000, "requests of TestEndurance; a quarter of them with -short")

// samples is how often TestEndurance looks at the service.
const samples = 50

// TestEndurance sends many requests. Memory and goroutines do not grow from the
// second tenth of them on.
func TestEndurance(t *testing.T) {
	requests := *enduranceRequests
	if testing.Short() {
		requests /= 4
	}
	p := start(t, newUpstream(t))
	var sent atomic.Int64
	var group sync.WaitGroup
	var use usage
	for i := range 8 {
		group.Go(func() {
			client := newClient(t)
			for n := int(sent.Add(1)); n <= requests; n = int(sent.Add(1)) {
				caller := fmt.Sprint("caller", n%997) // equal searches at the same time would be one
				if r, err := p.post(client, caller, search); err != nil || !r.ok() {
					t.Errorf("worker %d: %d, %.200s, %v", i, r.status, r.body, err)
					return
				}
				if n%(requests/samples) == 0 && n > requests/10 {
					use.sample(t, p, n)
				}
			}
		})
	}
	group.Wait()
	use.assertFlat(t, float64(requests))
}

// usage is what the service takes, after so many requests.
type usage struct {
	mu                           sync.Mutex
	requests, memory, goroutines []float64
}

func (u *usage) sample(t *testing.T, p program, requests int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	memory, _ := p.memory(t)
	u.requests = append(u.requests, float64(requests))
	u.memory = append(u.memory, float64(memory))
	u.goroutines = append(u.goroutines, float64(p.goroutines(t)))
}

// assertFlat fails if so many requests take more of anything.
func (u *usage) assertFlat(t *testing.T, requests float64) {
	t.Helper()
	moreMemory, moreGoroutines := slope(u.requests, u.memory)*requests, slope(u.requests, u.goroutines)*requests
	t.Logf("%.0f requests: %+.1f MB, %+.1f goroutines", requests, moreMemory, moreGoroutines)
	if moreGoroutines > 10 {
		t.Errorf("%.0f goroutines more", moreGoroutines)
	}
	if moreMemory > 50 {
		t.Errorf("%.0f MB more", moreMemory)
	}
}

// slope is that of the line through the points by least squares.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
