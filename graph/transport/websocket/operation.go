package websocket

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gobwas/ws"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/refusal"
)

// operation is an operation of a client.
type operation struct {
	isReady    atomic.Bool // whether it waits in deliveries, or in the connection's ready
	deliveries *deliveries
	connection *connection
	id         string
	head       []byte // the beginning of its messages
	ctx        context.Context
	cancel     context.CancelFunc

	mu     sync.Mutex
	ended  bool
	stream transport.Stream // nil if there is none, or none any more
	opened time.Time
	totals transport.End
}

// subscribe starts an operation. An error closes the connection.
func (c *connection) subscribe(m message) error {
	if c.caller == nil {
		return violation(closeUnknown, "Unauthorized")
	}
	params, err := transport.ParseBody(m.payload, nil)
	if err != nil {
		return violation(closeBadRequest, errMessage.Error())
	}
	o := &operation{deliveries: &c.server.deliveries, connection: c, id: m.id, head: head(m.id, "next")}
	err = c.add(o)
	if refused, ok := errors.AsType[*refusal.Error](err); ok {
		return o.sendErrors(o.refuse(c.ctx, refused))
	}
	if err != nil {
		return err
	}
	c.spawn(func() { o.run(params) })
	return nil
}

// add adds an operation. It errors if there is one of its id, or with a
// *refusal.Error if there are too many.
func (c *connection) add(o *operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.index(o.id) >= 0:
		return violation(closeDuplicate, "Subscriber for this id already exists")
	case len(c.operations) >= c.server.Connections.Limits.OperationsPerConnection:
		return refusal.New(http.StatusTooManyRequests, "Too many operations are in progress on this connection: complete some.")
	}
	o.ctx, o.cancel = context.WithCancel(c.ctx)
	c.operations = append(c.operations, o)
	return nil
}

// remove removes the operation of an id, and returns it; nil if there is none.
func (c *connection) remove(id string) *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := c.index(id)
	if i < 0 {
		return nil
	}
	o := c.operations[i]
	c.operations = slices.Delete(c.operations, i, i+1)
	return o
}

// index returns the index of the operation of an id; -1 if there is none. The caller
// holds mu.
func (c *connection) index(id string) int {
	return slices.IndexFunc(c.operations, func(o *operation) bool { return o.id == id })
}

// leave removes an operation from its connection. It reports whether it was there: if
// not, the client has completed it, and may have another one of the same id.
func (o *operation) leave() bool {
	c := o.connection
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.operations, o)
	if i < 0 {
		return false
	}
	c.operations = slices.Delete(c.operations, i, i+1)
	return true
}

// run prepares and executes an operation. For a subscription, it returns when that
// has begun.
func (o *operation) run(params *graphql.RawParams) {
	c := o.connection
	executor, connections := c.server.Executor, c.server.Connections
	ctx, report := connections.Observer.Operation(o.ctx)
	var prepared transport.Operation
	defer func() {
		if value := recover(); value != nil {
			o.fail(executor.Recover(ctx, prepared, value), transport.Failed)
		}
	}()
	authenticated, err := connections.Callers.Authenticate(c.request(ctx))
	if err != nil {
		o.reject(ctx, err)
		report(0)
		return
	}
	ctx = authenticated
	prepared, errs := executor.Prepare(ctx, params)
	if errs != nil {
		o.fail(executor.Refuse(ctx, prepared, errs), transport.Failed)
		report(0)
		return
	}
	if prepared.Type() == ast.Subscription {
		o.follow(ctx, prepared)
		return
	}
	report(o.execute(ctx, prepared))
}

// execute executes a query or a mutation. It returns the size of the response.
func (o *operation) execute(ctx context.Context, prepared transport.Operation) (size int) {
	for response := range prepared.Execute(ctx) {
		n, err := o.connection.writeResponse(o, response)
		if size += n; err != nil {
			return size
		}
	}
	o.complete()
	return size
}

// follow starts a subscription.
func (o *operation) follow(ctx context.Context, prepared transport.Operation) {
	connections := o.connection.server.Connections
	if err := connections.AddSubscription(o.connection.name); err != nil {
		o.reject(ctx, err)
		return
	}
	stream := prepared.Subscribe(ctx, o.wake)
	connections.Observer.Subscribed(ctx, transport.WebSocket)
	o.mu.Lock()
	o.opened, o.stream, o.ctx = time.Now(), stream, ctx
	ended := o.ended
	o.mu.Unlock()
	if ended { // while it began
		o.closeStream(transport.Left)
		return
	}
	o.wake()
}

// reject ends an operation whose caller may not execute it. If the caller is not let
// in any more, that ends the connection.
func (o *operation) reject(ctx context.Context, err error) {
	refused, ok := errors.AsType[*refusal.Error](err)
	if !ok || refused.Status == http.StatusUnauthorized {
		o.connection.close(closeForbidden, "Forbidden", transport.Unauthorized)
		return
	}
	o.fail(o.refuse(ctx, refused), transport.Crowded)
}

// refuse returns the response for an operation that is refused.
func (o *operation) refuse(ctx context.Context, e *refusal.Error) *transport.Response {
	return o.connection.server.Executor.Refuse(ctx, nil, gqlerror.List{{Message: e.Message, Extensions: e.Extensions()}})
}

// fail ends an operation that has no result. No complete follows: the protocol,
// "Error".
func (o *operation) fail(response *transport.Response, reason transport.Reason) {
	if !o.leave() {
		return
	}
	o.end(reason)
	_ = o.sendErrors(response) // an error has ended the connection
}

func (o *operation) sendErrors(response *transport.Response) error {
	errs, err := json.Marshal(response.Errors)
	if err != nil {
		panic(err) // only what this program puts into errors can fail
	}
	return o.connection.write(ws.OpText, true, head(o.id, "error"), errs, endOfMessage)
}

// complete ends an operation that came to its end.
func (o *operation) complete() {
	if !o.leave() {
		return // the client needs not be told
	}
	o.end(transport.Completed)
	_ = o.connection.write(ws.OpText, true, completeMessage(o.id)) // an error has ended the connection
}

// end ends what runs for an operation.
func (o *operation) end(reason transport.Reason) {
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.cancel()
	o.closeStream(reason)
}

// closeStream closes the stream of a subscription, if it has one.
func (o *operation) closeStream(reason transport.Reason) {
	o.mu.Lock()
	stream, totals := o.stream, o.totals
	o.stream = nil
	if stream != nil {
		stream.Close()
	}
	o.mu.Unlock()
	if stream == nil {
		return
	}
	connections := o.connection.server.Connections
	connections.RemoveSubscription(o.connection.name)
	totals.Protocol, totals.Reason, totals.Duration = transport.WebSocket, reason, time.Since(o.opened)
	connections.Observer.Unsubscribed(o.ctx, totals)
}

func (o *operation) isEnded() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ended
}
