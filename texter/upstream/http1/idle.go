package http1

import (
	"slices"
	"time"
)

// sweepInterval is how often idle connections are looked at. Nobody reads from
// them, so this is how the end of one is noticed while there are no requests.
const sweepInterval = 10 * time.Second

// takeIdle returns the idle connection to an origin that was used last, or nil
// if there is none. It closes those that can't be used again.
func (t *Transport) takeIdle(origin string) *conn {
	for {
		c := t.popIdle(origin)
		if c == nil || c.isReusable() {
			return c
		}
		_ = c.Close()
	}
}

func (t *Transport) popIdle(origin string) *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.idle) - 1; i >= 0; i-- {
		if c := t.idle[i]; c.origin == origin {
			t.idle = slices.Delete(t.idle, i, i+1)
			return c
		}
	}
	return nil
}

// putIdle keeps a connection for the next request. If there are too many, it
// closes the one that has been idle for longest.
func (t *Transport) putIdle(c *conn) {
	c.idleSince = time.Now()
	t.mu.Lock()
	t.idle = append(t.idle, c)
	var excess *conn
	if len(t.idle) > t.options.MaxIdleConns {
		excess = t.idle[0]
		t.idle = slices.Delete(t.idle, 0, 1)
	}
	t.startSweeper()
	t.mu.Unlock()
	if excess != nil {
		_ = excess.Close()
	}
}

// startSweeper has sweep called some time later, if there is something to look
// at. The caller holds mu.
func (t *Transport) startSweeper() {
	if t.sweeper != nil || len(t.idle) == 0 {
		return
	}
	interval := sweepInterval
	if t.options.IdleConnTimeout > 0 {
		interval = min(interval, t.options.IdleConnTimeout)
	}
	t.sweeper = time.AfterFunc(interval, t.sweep)
}

// sweep closes the idle connections that can't be used again.
func (t *Transport) sweep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.idle = slices.DeleteFunc(t.idle, func(c *conn) bool {
		if c.isReusable() {
			return false
		}
		_ = c.Close()
		return true
	})
	t.sweeper = nil
	t.startSweeper()
}

// CloseIdleConnections closes the idle connections and stops the timer that looks
// at them. Connections in use stay open.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.idle {
		_ = c.Close()
	}
	t.idle = nil
	if t.sweeper != nil && t.sweeper.Stop() { // otherwise sweep is about to run
		t.sweeper = nil
	}
}
