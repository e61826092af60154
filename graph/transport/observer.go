package transport

import (
	"context"
	"time"
)

// Protocol names a protocol of subscriptions.
type Protocol string

// The protocols of subscriptions.
const (
	WebSocket Protocol = "websocket" // graphql-transport-ws
	SSE       Protocol = "sse"       // GraphQL over SSE, distinct connections
)

// Reason says why a subscription or a connection has ended.
type Reason string

// The reasons.
const (
	Completed    Reason = "completed"    // the subscription came to its end
	Left         Reason = "left"         // the client ended it, or closed the connection
	Lost         Reason = "lost"         // the connection broke
	Stalled      Reason = "stalled"      // the client did not receive a message in time
	Silent       Reason = "silent"       // the client answered no ping
	Unauthorized Reason = "unauthorized" // the caller was not let in, or is not any more
	Violated     Reason = "violated"     // the client broke the protocol, or sent no connection_init in time
	Crowded      Reason = "crowded"      // too many connections or subscriptions are open
	Failed       Reason = "failed"       // a fault of the service
	Stopped      Reason = "stopped"      // the service stops
)

// Reasons are all reasons.
var Reasons = []Reason{Completed, Left, Lost, Stalled, Silent, Unauthorized, Violated, Crowded, Failed, Stopped}

// End describes a subscription that has ended.
type End struct {
	Protocol Protocol
	Reason   Reason
	// Deliveries is the number of responses that were sent, Bytes their size.
	Deliveries, Bytes int
	// Duration is how long the subscription was open.
	Duration time.Duration
}

// Observer observes what is open. Each function may be nil. Contexts are those of
// operations.
type Observer struct {
	// Connected is called with 1 when a WebSocket has opened, and with -1 when it has
	// closed.
	Connected func(change int)
	// Closed is called with the reason for which a WebSocket has closed.
	Closed func(Reason)
	// Operation begins to observe an operation on a WebSocket. The context that it
	// returns is for that operation. The function is called if the operation was no
	// subscription, with the size of its response.
	Operation func(context.Context) (context.Context, func(size int))
	// Subscribed is called when a subscription has started.
	Subscribed func(context.Context, Protocol)
	// Delivered is called when a response of a subscription has been sent.
	Delivered func(Protocol)
	// Unsubscribed is called when a subscription that had started has ended.
	Unsubscribed func(context.Context, End)
}

// orNone returns an observer whose functions can be called.
func (o Observer) orNone() Observer {
	if o.Connected == nil {
		o.Connected = func(int) {}
	}
	if o.Closed == nil {
		o.Closed = func(Reason) {}
	}
	if o.Operation == nil {
		o.Operation = func(ctx context.Context) (context.Context, func(int)) { return ctx, func(int) {} }
	}
	if o.Subscribed == nil {
		o.Subscribed = func(context.Context, Protocol) {}
	}
	if o.Delivered == nil {
		o.Delivered = func(Protocol) {}
	}
	if o.Unsubscribed == nil {
		o.Unsubscribed = func(context.Context, End) {}
	}
	return o
}
