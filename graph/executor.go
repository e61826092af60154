package graph

import (
	"cmp"
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document"
	"texter-graphql/graph/fast"
	"texter-graphql/graph/generated"
	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/transport"
	"texter-graphql/texter"
)

// maxErrors is the largest number of errors in a response.
const maxErrors = 10

// executor executes operations. gqlgen's generated code resolves their fields. The
// executor replaces gqlgen's package executor, which does more than this service
// needs. It implements transport.Executor.
type executor struct {
	schema        graphql.ExecutableSchema
	fast          *fast.Lane // nil if every operation goes through the ordinary lane
	documents     *document.Loader
	timeouts      timeouts
	memory        *memory
	maxAnswer     int
	caller        func(context.Context) string
	labels        texter.LabelSource
	answers       texter.Answers                 // nil for none
	observe       func(context.Context, Outcome) // nil for none
	presentError  graphql.ErrorPresenterFunc
	recoverPanic  graphql.RecoverFunc
	introspection bool
}

// newExecutor returns an executor without the fast lane.
func newExecutor(o Options) *executor {
	if o.Caller == nil {
		o.Caller = func(context.Context) string { return "" }
	}
	labels, report := operationLabelSource{o.Labels}, reporter{o.Logger, o.ServiceToken}
	schema := newSchema(operationSearcher{o.Searcher}, labels, o.Upstream, o.Feed)
	return &executor{
		schema:        schema,
		documents:     document.NewLoader(o.documents(schema.Schema())),
		timeouts:      timeouts{o.Timeout, o.SearchTimeout},
		memory:        newMemory(cmp.Or(o.Memory, DefaultMemory), o.Waiting),
		maxAnswer:     cmp.Or(o.MaxAnswerSize, DefaultMaxAnswerSize),
		caller:        o.Caller,
		labels:        labels,
		answers:       o.Answers,
		observe:       o.Observe,
		presentError:  report.present,
		recoverPanic:  report.recoverPanic,
		introspection: !o.DisableIntrospection,
	}
}

// newSchema returns the schema with resolvers that use these sources.
func newSchema(searcher texter.Searcher, labels texter.LabelSource, upstream *relay.Upstream, feed *live.Feed) graphql.ExecutableSchema {
	config := generated.Config{Resolvers: &Resolver{searcher, labels, upstream, feed}}
	config.Schema = asSpecified(generated.NewExecutableSchema(config).Schema())
	return generated.NewExecutableSchema(config)
}

// Prepare implements transport.Executor.
func (e *executor) Prepare(_ context.Context, params *graphql.RawParams) (transport.Operation, gqlerror.List) {
	prepared, errs := e.documents.Prepare(params)
	return e.newOperation(prepared), errs
}

func (e *executor) newOperation(prepared document.Operation) *operation {
	o := &operation{executor: e, prepared: prepared, context: graphql.OperationContext{
		Doc:                    prepared.Document,
		Operation:              prepared.Definition,
		Variables:              prepared.Variables,
		DisableIntrospection:   !e.introspection,
		RecoverFunc:            e.recoverPanic,
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	}}
	o.context.ResolverMiddleware = o.resolveField
	return o
}

// Refuse implements transport.Executor.
func (e *executor) Refuse(ctx context.Context, refused transport.Operation, errs gqlerror.List) *transport.Response {
	for i, err := range errs {
		errs[i] = e.presentError(ctx, err)
	}
	o, ok := refused.(*operation)
	if !ok {
		o = &operation{executor: e}
	}
	return o.respond(ctx, nil, errs)
}

// Recover implements transport.Executor.
func (e *executor) Recover(ctx context.Context, ended transport.Operation, panicked any) *transport.Response {
	return e.Refuse(ctx, ended, gqlerror.List{gqlerror.Wrap(e.recoverPanic(ctx, panicked))})
}
