package load

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	// places is how many searches the service of TestOverload sends at once.
	places = 4
	// served is how many searches the upstream answers under overload.
	served = 200
	// refusedEach is how many requests are refused for each that is served.
	refusedEach = 10
)

// TestOverload sends many more requests than the upstream can take. As long as
// it lasts, the upstream always has as many searches as it can take, and all
// other requests are refused without waiting for one of these to be answered.
func TestOverload(t *testing.T) {
	upstream := newHeldUpstream(t)
	p := start(t, upstream.url, "-texter-concurrency", fmt.Sprint(places),
		"-request-timeout", "10m", "-texter-timeout", "9m", "-texter-attempt-timeout", "8m") // a busy machine is no fault
	release := sync.OnceFunc(func() { close(upstream.release) })
	t.Cleanup(release) // the service stops when its searches have ended
	c := &crowd{program: p, refused: make(chan struct{}), unexpected: make(chan error, 1)}
	c.start(t, 80)
	for range places {
		c.await(t, upstream.arrived)
	}
	for range served {
		for range refusedEach {
			c.await(t, c.refused)
		}
		upstream.release <- struct{}{}
		c.await(t, upstream.arrived)
	}
	c.leaving.Store(true)
	go func() {
		for range c.refused {
		}
	}()
	release()
	c.group.Wait()
	close(c.refused)
	close(c.unexpected)
	if err := <-c.unexpected; err != nil {
		t.Fatal(err)
	}
	if n := c.answered.Load(); n < served {
		t.Errorf("%d requests got chats, want %d or more", n, served)
	}
}

// crowd are callers who send one request after another.
type crowd struct {
	program    program
	group      sync.WaitGroup
	refused    chan struct{} // gets a value for each refusal
	unexpected chan error    // gets the first answer that is neither chats nor a refusal
	answered   atomic.Int64  // requests that got chats
	leaving    atomic.Bool   // lets every caller send no more
}

// await waits for an event. An unexpected answer ends the test.
func (c *crowd) await(t *testing.T, event <-chan struct{}) {
	t.Helper()
	select {
	case <-event:
	case err := <-c.unexpected:
		t.Fatal(err)
	}
}

func (c *crowd) start(t *testing.T, callers int) {
	t.Helper()
	for i := range callers {
		c.group.Go(func() {
			client := newClient(t)
			for !c.leaving.Load() {
				r, err := c.program.post(client, fmt.Sprint("caller", i), search)
				switch {
				case err == nil && r.ok():
					c.answered.Add(1)
				case bytes.Contains(r.body, []byte(`"code":"UPSTREAM_UNAVAILABLE"`)):
					c.refused <- struct{}{}
				default:
					select {
					case c.unexpected <- fmt.Errorf("refused otherwise: %d, %.300s, %w", r.status, r.body, err):
					default: // another caller reports its own
					}
					return
				}
			}
		})
	}
}
