package document

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Transport serves requests by t, and gives it an executor whose documents come
// from the loader.
func (l *Loader) Transport(t graphql.Transport) graphql.Transport { return transport{t, l} }

type transport struct {
	graphql.Transport
	loader *Loader
}

// Do implements graphql.Transport.
func (t transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	t.Transport.Do(w, r, executor{exec, t.loader})
}

// executor loads documents ahead of another executor.
type executor struct {
	graphql.GraphExecutor
	loader *Loader
}

type documentKey struct{}

// CreateOperationContext implements graphql.GraphExecutor.
func (e executor) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	r, errs := e.loader.prepare(params)
	op := &graphql.OperationContext{Operation: r.operation}
	if errs == nil {
		op, errs = e.GraphExecutor.CreateOperationContext(context.WithValue(ctx, documentKey{}, r.document), params)
	}
	op.Stats.SetExtension(costExtension, r.cost)
	return op, errs
}

// Cache is the cache of documents for gqlgen's executor, which would else parse
// the request's anew: it holds the one that was loaded for the request.
func (l *Loader) Cache() graphql.Cache[*ast.QueryDocument] { return loaded{} }

type loaded struct{}

// Get implements graphql.Cache.
func (loaded) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	d, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return d, ok
}

// Add implements graphql.Cache.
func (loaded) Add(context.Context, string, *ast.QueryDocument) {}

const costExtension = "cost"

// Cost is what an operation costs.
type Cost struct {
	// Requested is the cost of the operation: see limits.Cost.
	Requested int `json:"requested"`
	// Limit is what it may cost.
	Limit int `json:"limit"`
	// Rows is how many rows it asks for at most.
	Rows int `json:"-"`
}

// CostOf is the cost of the operation that ctx belongs to; nil if it was not
// known before the request was refused.
func CostOf(ctx context.Context) *Cost {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	cost, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(costExtension).(*Cost)
	return cost
}
