package graph

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document"
	"texter-graphql/graph/fast"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/transport"
)

// operation is an operation that can be executed, or what is known of one that
// can't. It implements transport.Operation.
type operation struct {
	executor *executor
	prepared document.Operation
	context  graphql.OperationContext
	executed bool // whether its execution has begun
	searches searches
	fast     *fast.Operation // nil in the ordinary lane
	rows     atomic.Int64    // chats in its connections
}

// Type implements transport.Operation.
func (o *operation) Type() ast.Operation { return o.prepared.Definition.Operation }

// Execute implements transport.Operation. The pages that a response was made of
// are released when the response has been sent, or can't be.
func (o *operation) Execute(ctx context.Context) iter.Seq[*transport.Response] {
	return func(yield func(*transport.Response) bool) {
		if ctx.Err() != nil {
			return
		}
		o.begin()
		defer o.searches.release()
		ctx := context.WithValue(ctx, searchesKey{}, &o.searches)
		ctx = graphql.WithOperationContext(ctx, &o.context)
		if o.fast != nil {
			ctx := o.withErrors(ctx)
			errs := o.fast.Exec(ctx)
			yield(o.respond(ctx, o.fast, append(errs, graphql.GetErrors(ctx)...)))
			return
		}
		o.executeOrdinary(ctx, yield)
	}
}

// executeOrdinary yields what gqlgen's executor responds: once for a query, until
// it ends for a subscription.
func (o *operation) executeOrdinary(ctx context.Context, yield func(*transport.Response) bool) {
	first := o.withErrors(ctx)
	next := o.executor.schema.Exec(first)
	for ctx := first; ; ctx = o.withErrors(ctx) {
		response := next(ctx)
		if response == nil || !yield(o.respond(ctx, transport.JSON(response.Data), append(response.Errors, graphql.GetErrors(ctx)...))) {
			return
		}
	}
}

// begin prepares what an execution takes.
func (o *operation) begin() {
	o.executed = true
	o.searches.limit = o.executor.limits.begin()
	o.searches.room = o.executor.room.forRows(o.prepared.Cost.Rows)
	if o.executor.fast != nil && o.Type() == ast.Query {
		o.fast = o.executor.fast.Begin(&o.context)
		o.searches.single = o.fast.IsSingle()
	}
}

// withErrors is a context that collects the errors of one response.
func (o *operation) withErrors(ctx context.Context) context.Context {
	return graphql.WithResponseContext(ctx, o.executor.presentError, o.executor.recoverPanic)
}

// resolveField implements graphql.FieldMiddleware, which gqlgen calls for every
// field. It counts the rows of connections, and lets the fast lane write those
// that it covers.
func (o *operation) resolveField(ctx context.Context, next graphql.Resolver) (any, error) {
	result, err := next(ctx)
	connection, ok := result.(*relay.Connection)
	if !ok || connection == nil || err != nil {
		return result, err
	}
	o.rows.Add(int64(len(connection.NodeViews())))
	if o.fast != nil {
		if marshaler := o.fast.Marshaler(graphql.GetFieldContext(ctx).Field, connection); marshaler != nil {
			return marshaler, nil
		}
	}
	return result, nil
}

// respond makes a response: it bounds the errors, says what the operation costs,
// and tells the observer.
func (o *operation) respond(ctx context.Context, data transport.Data, errs gqlerror.List) *transport.Response {
	response := &transport.Response{Data: data, Errors: errs[:min(len(errs), maxErrors)]}
	if cost := o.prepared.Cost; cost != nil {
		response.Extensions = append(cost.AppendJSON(append(make([]byte, 0, 64), `{"cost":`...)), '}')
	}
	if o.isKeepable(response) {
		response.Keep = o.keeper(ctx)
	}
	if o.executor.observe != nil {
		o.executor.observe(ctx, o.outcome(response.Errors))
	}
	return response
}
