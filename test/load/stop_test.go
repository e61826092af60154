package load

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

const (
	stops  = 50 // services that TestStop stops
	atOnce = 25 // of them at the same time
)

// TestStop stops services under load. As a load balancer does, the load goes
// elsewhere once a service says that it is not ready: every request until then
// is answered.
func TestStop(t *testing.T) {
	upstream := newUpstream(t)
	var requests atomic.Int64
	var group sync.WaitGroup
	for worker := range atOnce {
		group.Go(func() {
			for i := worker; i < stops; i += atOnce {
				t.Run(fmt.Sprintf("stop %d drops no request", i), func(t *testing.T) {
					requests.Add(stopUnderLoad(t, upstream))
				})
			}
		})
	}
	group.Wait()
	t.Logf("%d requests", requests.Load())
}

// stopUnderLoad returns how many requests were answered.
func stopUnderLoad(t *testing.T, upstream string) int64 {
	p := start(t, upstream, "-drain-delay", "5s") // a busy machine takes its time to notice
	var answered atomic.Int64
	var away atomic.Bool
	var group sync.WaitGroup
	underLoad := make(chan struct{})
	for i := range 4 {
		group.Go(func() {
			client := newClient(t)
			for !away.Load() {
				if r, err := p.post(client, fmt.Sprint("caller", i), search); err != nil || !r.ok() {
					t.Errorf("dropped: %d, %.200s, %v", r.status, r.body, err)
				}
				if answered.Add(1) == 20 {
					close(underLoad)
				}
			}
		})
	}
	<-underLoad
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	for client := newClient(t); p.ready(t, client); {
	}
	away.Store(true)
	group.Wait()
	if err := p.Wait(); err != nil {
		t.Errorf("the service ended with %v", err)
	}
	return answered.Load()
}

// ready asks the service whether it takes requests.
func (p program) ready(t *testing.T, client *http.Client) bool {
	t.Helper()
	res, err := client.Get("http://" + p.Addr("GraphQL") + "/readyz")
	if err != nil {
		t.Errorf("the service ended before it said that it is not ready: %v", err)
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}
