package websocket

import (
	"bytes"
	"runtime"
	"slices"
	"sync"

	"texter-graphql/graph/transport"
)

// deliveries are the connections whose subscriptions may have something to write. A
// few goroutines serve them, so that one change for thousands of viewers does not
// start thousands of goroutines.
type deliveries struct {
	mu      sync.Mutex
	waiting []*connection // the first one is next
	running int           // how many goroutines serve
}

// add has a connection served. The connection waits for that to end.
func (d *deliveries) add(c *connection) {
	c.running.Add(1)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = append(d.waiting, c)
	d.start()
}

// start starts a goroutine if there is something to do for one. The caller holds mu.
func (d *deliveries) start() {
	if len(d.waiting) > 0 && d.running < runtime.GOMAXPROCS(0) {
		d.running++
		go (&courier{deliveries: d}).run()
	}
}

// next takes the connection that is next. It returns nil if there is none: the
// goroutine then ends.
func (d *deliveries) next() *connection {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		d.waiting = nil
		d.running--
		return nil
	}
	c := d.waiting[0]
	d.waiting[0] = nil
	d.waiting = d.waiting[1:]
	return c
}

// courier is one of the goroutines that serve.
type courier struct {
	deliveries *deliveries
	hasLeft    bool
	frame      bytes.Buffer // the one that is written
}

// run serves connections until none waits, or the courier has left.
func (w *courier) run() {
	for !w.hasLeft {
		c := w.deliveries.next()
		if c == nil {
			return
		}
		c.deliver(w)
		c.running.Done()
	}
}

// leave lets another goroutine serve the connections that wait, because this one
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

// wake has the responses of a subscription be written. It is what the stream calls.
func (o *operation) wake() {
	c := o.connection
	c.mu.Lock()
	defer c.mu.Unlock()
	if o.isReady || c.closing {
		return
	}
	o.isReady = true
	c.ready = append(c.ready, o)
	if !c.delivering {
		c.delivering = true
		c.server.deliveries.add(c)
	}
}

// deliver writes what the ready subscriptions have, in turn, until none is ready.
func (c *connection) deliver(w *courier) {
	for o := c.nextReady(); o != nil; o = c.nextReady() {
		body, ended := o.next()
		if body != nil && c.writeNext(o, body, w) == nil {
			c.server.Connections.Observer.Delivered(transport.WebSocket)
		}
		switch {
		case ended:
			w.leave() // a message may have to wait
			o.complete()
		case body != nil:
			o.wake() // there may be more
		}
	}
}

// nextReady takes the first of the ready subscriptions. It returns nil if there is
// none, and then deliver ends.
func (c *connection) nextReady() *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ready) == 0 || c.closing {
		c.ready, c.delivering = c.ready[:0], false
		return nil
	}
	o := c.ready[0]
	c.ready = slices.Delete(c.ready, 0, 1)
	o.isReady = false // so that a wake from now on counts
	return o
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
