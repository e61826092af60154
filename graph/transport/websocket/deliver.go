package websocket

import (
	"slices"

	"texter-graphql/graph/transport"
)

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
		c.running.Go(c.deliver)
	}
}

// deliver writes what the ready subscriptions have, in turn, until none is ready.
func (c *connection) deliver() {
	for o := c.nextReady(); o != nil; o = c.nextReady() {
		body, ended := o.next()
		if body != nil && c.writeNext(o, body) == nil {
			c.server.Connections.Observer.Delivered(transport.WebSocket)
		}
		switch {
		case ended:
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
		c.ready, c.delivering = nil, false
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
