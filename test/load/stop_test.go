package load

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestStop stops the program under load, 50 times. As a load balancer does, the
// load goes elsewhere once the program says that it is not ready: every request
// until then is answered.
func TestStop(t *testing.T) {
	upstream := newUpstream(t, 20*time.Millisecond)
	var requests atomic.Int64
	for range 5 {
		t.Run("", func(t *testing.T) {
			for i := range 10 {
				t.Run(fmt.Sprint(i), func(t *testing.T) { t.Parallel(); stopUnderLoad(t, upstream, &requests) })
			}
		})
	}
	t.Logf("%d requests", requests.Load())
}

func stopUnderLoad(t *testing.T, upstream string, requests *atomic.Int64) {
	p := start(t, upstream, "-drain-delay", "1s")
	client := newClient(t)
	var away atomic.Bool
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for !away.Load() {
				if a, err := p.post(client, fmt.Sprint("caller", i), search); err != nil || !a.ok() {
					t.Errorf("dropped: %d, %.200s, %v", a.status, a.body, err)
				}
				requests.Add(1)
			}
		})
	}
	for before := requests.Load(); requests.Load() < before+20; time.Sleep(time.Millisecond) {
	}
	p.stop(t)
	for p.ready(t, client) {
		time.Sleep(5 * time.Millisecond)
	}
	away.Store(true)
	wg.Wait()
	if err := <-p.ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// ready asks the program whether it takes requests.
func (p *program) ready(t *testing.T, client *http.Client) bool {
	t.Helper()
	res, err := client.Get(p.url + "/readyz")
	if err != nil {
		t.Errorf("it stopped before it said so: %v", err)
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}
