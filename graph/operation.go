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
	"texter-graphql/texter"
)

// operation is one operation of a request. If it cannot be executed, it holds only
// what is known of it. It implements transport.Operation.
type operation struct {
	executor *executor
	prepared document.Operation
	context  graphql.OperationContext
	started  bool // whether Execute has started it
	searches searches
	memory   operationMemory
	fast     *fast.Operation // nil in the ordinary lane
	rows     atomic.Int64    // the number of chats in its connections
}

// Type implements transport.Operation.
func (o *operation) Type() ast.Operation { return o.prepared.Definition.Operation }

// Execute implements transport.Operation. It takes all the memory that the operation
// may hold, once: if each search took its own, two operations could wait for each
// other for ever. It releases the memory and the pages of the searches when the loop
// over the responses ends, because the responses read from them.
func (o *operation) Execute(ctx context.Context) iter.Seq[*transport.Response] {
	return func(yield func(*transport.Response) bool) {
		if ctx.Err() != nil {
			return
		}
		o.start()
		if err := o.acquireMemory(ctx); err != nil {
			yield(o.respond(ctx, transport.JSON("null"), gqlerror.List{o.executor.presentError(ctx, err)}))
			return
		}
		defer o.memory.release()
		defer o.searches.release()
		ctx := context.WithValue(ctx, searchesKey{}, &o.searches)
		ctx = graphql.WithOperationContext(ctx, &o.context)
		if o.fast != nil {
			ctx := o.collectErrors(ctx)
			errs := o.fast.Exec(ctx)
			o.memory.shrink(o.pagesSize(), o.wholeSize())
			if o.memory.joined {
				o.memory.tryWhole(o.largestWhole())
			}
			response := o.respond(ctx, o.fast, append(errs, graphql.GetErrors(ctx)...))
			response.Encoded = func(size int) {
				o.searches.release()
				o.memory.encoded(size)
			}
			yield(response)
			return
		}
		if o.prepared.HasNulls() {
			o.executeWithNulls(ctx, yield)
			return
		}
		o.executeOrdinary(ctx, yield)
	}
}

// acquireMemory takes the memory of the operation: see memory.acquire. The ordinary
// lane really needs what holding says, so that an operation which can never have
// that much is refused.
func (o *operation) acquireMemory(ctx context.Context) (err error) {
	size, memory := o.holding(), o.executor.memory
	if o.fast == nil && size > memory.pool.Largest() {
		return tooMuchMemory(memory.pool.Largest())
	}
	o.memory.from, o.memory.caller = memory, o.executor.caller(ctx)
	if o.memory.held, err = memory.acquire(ctx, o.searches.deadline, o.memory.caller, size); err != nil {
		return err
	}
	if o.searches.single && size > smallOperation {
		o.memory.splitPage(o.wholeSize(), o.prepared.Cost.Rows)
		o.searches.memory = &o.memory
	}
	return nil
}

// executeOrdinary yields the responses of gqlgen's executor: one for a query, any
// number for a subscription.
func (o *operation) executeOrdinary(ctx context.Context, yield func(*transport.Response) bool) {
	first := o.collectErrors(ctx)
	next := o.executor.schema.Exec(first)
	if errs := graphql.GetErrors(first); len(errs) > 0 {
		yield(o.respond(ctx, nil, errs)) // a subscription that can't start: gqlgen panics if next is called
		return
	}
	for ctx := first; ; ctx = o.collectErrors(ctx) {
		response := next(ctx)
		if response == nil {
			return
		}
		errs := append(response.Errors, graphql.GetErrors(ctx)...)
		if o.prepared.HasNulls() {
			errs = firstErrors(response.Data, errs)
		}
		if !yield(o.respond(ctx, transport.JSON(response.Data), errs)) {
			return
		}
	}
}

// start sets the deadline and chooses the lane.
func (o *operation) start() {
	o.started = true
	o.searches.deadline = o.executor.timeouts.start()
	o.searches.maxCalls = maxCalls(o.prepared.Cost.Searches)
	o.searches.perSearch = o.searches.maxCalls / max(o.prepared.Cost.Searches, 1)
	if o.executor.fast != nil && o.Type() == ast.Query && !o.prepared.HasNulls() {
		o.fast = o.executor.fast.Begin(&o.context)
		o.searches.single = o.fast.IsSingle()
	}
}

// collectErrors returns a context that collects the errors of one response.
func (o *operation) collectErrors(ctx context.Context) context.Context {
	return graphql.WithResponseContext(ctx, o.executor.presentError, o.executor.recoverPanic)
}

// resolveField implements graphql.FieldMiddleware, which gqlgen calls for each
// field. It counts the rows of connections, and gives the connections that the
// fast lane covers to the fast lane.
func (o *operation) resolveField(ctx context.Context, next graphql.Resolver) (any, error) {
	result, err := next(ctx)
	connection, ok := result.(*relay.Connection)
	if err != nil {
		return nil, o.place(ctx, err)
	}
	if !ok {
		return introspected(ctx, result), nil
	}
	if connection == nil {
		return result, nil
	}
	o.rows.Add(int64(len(connection.NodeViews())))
	if o.fast == nil {
		return result, nil
	}
	field := graphql.GetFieldContext(ctx).Field
	if marshaler := o.fast.Marshaler(field, connection, o.labels(ctx, field, connection)); marshaler != nil {
		return marshaler, nil
	}
	return result, nil
}

// place adds to an error of a field the path and all locations of the field in the
// document. gqlgen adds only the first location.
func (o *operation) place(ctx context.Context, err error) error {
	field, selections := graphql.GetFieldContext(ctx), o.prepared.Definition.SelectionSet
	for parent := field.Parent; parent != nil; parent = parent.Parent {
		if parent.Field.Field != nil {
			selections = parent.Field.Selections
			break
		}
	}
	placed := gqlerror.WrapPath(graphql.GetPath(ctx), err)
	placed.Locations = o.prepared.Locations(selections, field.Object, field.Field.Alias)
	return placed
}

// labels are the labels that the fast lane writes a connection with; nil if it
// needs none, or if they can't be read.
func (o *operation) labels(ctx context.Context, field graphql.CollectedField, connection *relay.Connection) *texter.Labels {
	first, ok := o.fast.FirstLabel(field, connection)
	if !ok {
		return nil
	}
	labels, err := o.executor.labels.Labels(ctx)
	if err != nil {
		o.searches.labels.miss(&missingLabels{
			path: append(graphql.GetPath(ctx), first.Path...), place: append(placeOf(ctx), first.Place...), field: first.Field, err: err,
		})
	}
	return labels
}

// allErrors adds the error of labels that can't be read. It returns at most maxErrors.
func (o *operation) allErrors(ctx context.Context, errs gqlerror.List) gqlerror.List {
	if missing := o.searches.labels.missing; missing != nil {
		errs = append(errs, o.executor.presentError(ctx, missing.error()))
	}
	return errs[:min(len(errs), maxErrors)]
}

// respond returns a response with at most maxErrors errors and with the cost of the
// operation, and gives its outcome to the observer.
func (o *operation) respond(ctx context.Context, data transport.Data, errs gqlerror.List) *transport.Response {
	response := &transport.Response{Data: data, Errors: o.allErrors(ctx, errs)}
	if cost := o.prepared.Cost; cost != nil {
		response.Extensions = append(cost.AppendJSON(append(make([]byte, 0, 64), `{"cost":`...)), '}')
	}
	response.WholeSize, response.MaxSize = o.wholeSize(), o.executor.maxAnswer
	response.TooLarge = func() *transport.Response {
		return o.executor.Refuse(ctx, o, gqlerror.List{gqlerror.Wrap(answerTooLarge(o.executor.maxAnswer))})
	}
	if o.isKeepable(response) {
		response.Keep = o.keep(ctx)
	}
	if o.executor.observe != nil {
		o.executor.observe(ctx, o.outcome(response.Errors))
	}
	return response
}
