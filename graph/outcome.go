package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/graph/document"
)

// Outcome is what came of one request. It holds nothing personal.
type Outcome struct {
	// Operation is the name that the client gave its operation, a GraphQL name;
	// empty if it gave none, or if the document could not be read.
	Operation string
	// Type is query, or empty if nothing was executed.
	Type string
	// RootFields are the fields of the query type that were executed, by the
	// schema's names, each once, in order.
	RootFields []string
	// Rows is how many chats the answer's connections hold.
	Rows int
	// Cost is what the operation costs: see limits.Cost. 0 if it is not known.
	Cost int
	// Codes are the values of extensions.code, each once, in order.
	Codes []string
}

// observer is told of each answer.
type observer func(context.Context, Outcome)

// intercept implements graphql.ResponseMiddleware.
func (o observer) intercept(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	var outcome Outcome
	if graphql.HasOperationContext(ctx) {
		outcome = operationOutcome(ctx, graphql.GetOperationContext(ctx))
	}
	if response != nil {
		for _, err := range response.Errors {
			if code, _ := err.Extensions["code"].(string); !slices.Contains(outcome.Codes, code) {
				outcome.Codes = append(outcome.Codes, code)
			}
		}
	}
	o(ctx, outcome)
	return response
}

func operationOutcome(ctx context.Context, op *graphql.OperationContext) (o Outcome) {
	if op.Operation == nil {
		return o
	}
	o.Operation = op.Operation.Name
	if cost := document.CostOf(ctx); cost != nil {
		o.Cost = cost.Requested
	}
	executed, ok := ctx.Value(sharedSearchesKey{}).(*sharedSearches)
	if !ok {
		return o
	}
	o.Type = string(op.Operation.Operation)
	o.Rows = int(executed.rows.Load())
	for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"}) {
		if !slices.Contains(o.RootFields, field.Name) {
			o.RootFields = append(o.RootFields, field.Name)
		}
	}
	slices.Sort(o.RootFields)
	return o
}
