package app

import (
	"context"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/observe"
)

// subscriptions observes subscriptions and WebSockets.
func (o *observation) subscriptions() transport.Observer {
	var all transport.Observer
	all.Operation = func(ctx context.Context) (context.Context, func(int)) { return observe.Operation(ctx, o.observers...) }
	if o.metrics != nil {
		all.Connected, all.Closed, all.Delivered = o.metrics.WebSocketConnected, o.metrics.WebSocketClosed, o.metrics.Delivered
	}
	all.Subscribed = func(ctx context.Context, protocol transport.Protocol) {
		known := observe.Subscribed(ctx)
		if o.metrics != nil {
			o.metrics.Subscribed(protocol)
		}
		o.subscriptionLog.Started(ctx, &known, protocol)
	}
	all.Unsubscribed = func(ctx context.Context, end transport.End) {
		if o.metrics != nil {
			o.metrics.Unsubscribed(end)
		}
		o.subscriptionLog.Ended(ctx, observe.Unsubscribed(ctx, end))
	}
	return all
}
