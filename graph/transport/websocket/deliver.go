package websocket

import (
	"bytes"
	"runtime"
	"slices"
	"sync"

	"texter-graphql/graph/transport"
)

// deliveries are the subscriptions that may have something to write. A few goroutines
// serve them, so that one change for thousands of viewers does not start thousands of
// goroutines.
type deliveries struct {
	mu      sync.Mutex
	waiting []*operation // the first one is next
	running int          // how many goroutines serve
}

// add has a subscription served.
func (d *deliveries) add(o *operation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = append(d.waiting, o)
	d.start()
}

// start starts a goroutine if there is something to do for one. The caller holds mu.
func (d *deliveries) start() {
	if len(d.waiting) > 0 && d.running < runtime.GOMAXPROCS(0) {
		d.running++
		go (&courier{deliveries: d}).run()
	}
}

// next takes the subscription that is next. It returns nil if there is none: the
// goroutine then ends.
func (d *deliveries) next() *operation {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		d.waiting = nil
		d.running--
		return nil
	}
	o := d.waiting[0]
	d.waiting[0] = nil
	d.waiting = d.waiting[1:]
	return o
}

// courier is one of the goroutines that serve.
type courier struct {
	deliveries *deliveries
	hasLeft    bool
	frame      bytes.Buffer // the one that is written
	sending    sending
}

// run serves subscriptions until none waits, or the courier has left.
func (w *courier) run() {
	for !w.hasLeft {
		o := w.deliveries.next()
		if o == nil {
			return
		}
		o.connection.serve(o, w)
	}
}

// leave lets another goroutine serve the subscriptions that wait, because this one
// has to wait for a client. It finishes what it has begun, and ends.
func (w *courier) leave() {
	if w.hasLeft {
		return
	}
	w.hasLeft = true
	w.deliveries.mu.Lock()
	defer w.deliveries.mu.Unlock()
	w.deliveries.running--
	w.deliveries.start()
}

// wake has the responses of a subscription be written. It is what the stream calls. It
// touches nothing of the connection: one change wakes thousands, and their memory is
// not in the processor's cache.
func (o *operation) wake() {
	if !o.isReady.Swap(true) {
		o.deliveries.add(o)
	}
}

// serve writes what a subscription has, and then what others of the connection have,
// unless a courier does so already.
func (c *connection) serve(o *operation, w *courier) {
	if !c.startServing(o) {
		return
	}
	defer c.running.Done()
	for ; o != nil; o = c.nextReady() {
		o.deliver(w)
	}
}

// startServing reports whether nobody serves the connection. If somebody does, the
// subscription is served next.
func (c *connection) startServing(o *operation) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing:
		return false
	case c.serving:
		c.ready = append(c.ready, o)
		return false
	}
	c.serving = true
	c.running.Add(1)
	return true
}

// nextReady takes the first of the subscriptions that came meanwhile. It returns nil if
// there is none, and then serve ends.
func (c *connection) nextReady() *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ready) == 0 || c.closing {
		c.ready, c.serving = nil, false
		return nil
	}
	o := c.ready[0]
	c.ready = slices.Delete(c.ready, 0, 1)
	return o
}

// atOnce is how many responses of one subscription are written before those of others.
const atOnce = 8

// deliver writes what a subscription has.
func (o *operation) deliver(w *courier) {
	o.isReady.Store(false) // a wake from now on counts
	for range atOnce {
		body, ended := o.next()
		if body != nil {
			if o.connection.writeNext(o, body, w) != nil {
				return // the operation or its connection has ended
			}
			o.connection.server.Connections.Observer.Delivered(transport.WebSocket)
		}
		if ended {
			w.leave() // a message may have to wait
			o.complete()
		}
		if ended || body == nil {
			return
		}
	}
	o.wake()
}

// next asks the stream for the next response. A panic of the stream ends it.
func (o *operation) next() (body []byte, ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer func() {
		if value := recover(); value != nil {
			body, ended = o.connection.server.Executor.Recover(o.ctx, nil, value).Body(), true
		}
	}()
	if o.stream == nil {
		return nil, false
	}
	return o.stream.Next()
}

// count counts a response that is about to be sent: the client may end the
// subscription as soon as it is. It reports false if the subscription has ended.
func (o *operation) count(size int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return false
	}
	o.totals.Deliveries++
	o.totals.Bytes += size
	return true
}
