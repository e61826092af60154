package graph

import (
	"bytes"
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document"
	"texter-graphql/graph/generated"
	"texter-graphql/graph/transport"
	"texter-graphql/texter"
)

// maxErrors bounds the errors of an answer.
const maxErrors = 10

// executor executes operations. What gqlgen generates resolves their fields;
// what its package executor does around that for any server is done here for
// this one. It implements transport.Executor.
type executor struct {
	schema        graphql.ExecutableSchema
	documents     *document.Loader
	selections    *selections
	searcher      texter.Searcher
	limits        timeLimits
	room          room
	observe       func(context.Context, Outcome) // nil for none
	fast          *fastEncoding
	presentError  graphql.ErrorPresenterFunc
	recoverPanic  graphql.RecoverFunc
	introspection bool
}

// newExecutor makes an executor that writes connections by fast.
func newExecutor(o Options, fast *fastEncoding) *executor {
	schema, report := newSchema(), reporter{o.Logger}
	return &executor{
		schema:        schema,
		documents:     document.NewLoader(o.documents(schema.Schema())),
		selections:    newSelections(),
		searcher:      o.Searcher,
		limits:        timeLimits{o.Timeout, o.SearchTimeout},
		room:          newRoom(o.Waiting),
		observe:       o.Observe,
		fast:          fast,
		presentError:  report.present,
		recoverPanic:  report.recoverPanic,
		introspection: !o.DisableIntrospection,
	}
}

// execution is what is known of an operation while it is executed, or of one
// that is refused.
type execution struct {
	graphql.OperationContext
	cost      *document.Cost // nil if it is not known
	selection *selection     // nil if nothing was executed
	searches  sharedSearches
}

type executionKey struct{}

// executionOf is the execution that ctx belongs to, or nil.
func executionOf(ctx context.Context) *execution {
	x, _ := ctx.Value(executionKey{}).(*execution)
	return x
}

// Prepare implements transport.Executor.
func (e *executor) Prepare(ctx context.Context, params *graphql.RawParams) (context.Context, *ast.OperationDefinition, gqlerror.List) {
	operation, errs := e.documents.Prepare(params)
	x := &execution{cost: operation.Cost, OperationContext: graphql.OperationContext{
		Doc:                    operation.Document,
		Operation:              operation.Definition,
		Variables:              operation.Variables,
		DisableIntrospection:   !e.introspection,
		RecoverFunc:            e.recoverPanic,
		ResolverMiddleware:     e.fast.resolve,
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	}}
	return context.WithValue(ctx, executionKey{}, x), operation.Definition, errs
}

// Execute implements transport.Executor.
func (e *executor) Execute(ctx context.Context) *transport.Response {
	if ctx.Err() != nil {
		return nil
	}
	x := executionOf(ctx)
	x.selection = e.selections.of(&x.OperationContext)
	limit := e.limits.begin()
	x.searches = sharedSearches{
		searcher: e.searcher,
		limit:    limit,
		makeRoom: e.room.forRows(ctx, x.cost.Rows, limit),
		alone:    len(x.selection.plans) == 1,
	}
	transport.OnSent(ctx, x.searches.release)
	ctx = graphql.WithOperationContext(ctx, &x.OperationContext)
	ctx = graphql.WithResponseContext(ctx, e.presentError, e.recoverPanic)
	if x.selection.alone != nil && e.fast != nil {
		return e.answer(ctx, e.search(ctx, *x.selection.alone), graphql.GetErrors(ctx))
	}
	response := e.schema.Exec(ctx)(ctx)
	return e.answer(ctx, response.Data, append(response.Errors, graphql.GetErrors(ctx)...))
}

// search resolves a search that is alone in its operation, as nearly all are,
// and returns the operation's data. What the schema does for several fields at a
// time takes as long as all else that it does.
func (e *executor) search(ctx context.Context, field graphql.CollectedField) []byte {
	data := bytes.NewBuffer(make([]byte, 0, 64))
	data.WriteByte('{')
	graphql.MarshalString(field.Alias).MarshalGQL(data)
	data.WriteByte(':')
	generated.ResolveSearchChats(ctx, e.schema, field).MarshalGQL(data)
	data.WriteByte('}')
	return data.Bytes()
}

// Refuse implements transport.Executor.
func (e *executor) Refuse(ctx context.Context, errs gqlerror.List) *transport.Response {
	for i, err := range errs {
		errs[i] = e.presentError(ctx, err)
	}
	return e.answer(ctx, nil, errs)
}

// answer bounds the errors of a response, tells what its operation costs, and
// has it observed.
func (e *executor) answer(ctx context.Context, data []byte, errs gqlerror.List) *transport.Response {
	x, errs := executionOf(ctx), errs[:min(len(errs), maxErrors)]
	response := &transport.Response{Data: data, Errors: errs}
	if x != nil && x.cost != nil {
		response.Extensions = append(x.cost.AppendJSON(append(make([]byte, 0, 64), `{"cost":`...)), '}')
	}
	if e.observe != nil {
		e.observe(ctx, x.outcome(errs))
	}
	return response
}
