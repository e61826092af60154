package graph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Outcome is what came of one request. It holds nothing personal.
type Outcome struct {
	// Operation is the name that the client gave its operation, a GraphQL name;
	// empty if it gave none, or if the document could not be read.
	Operation string
	// Type is query, mutation or subscription, or empty if nothing was executed.
	Type string
	// RootFields are the fields of the root type that the operation selects, by
	// the schema's names, each once, in order; empty if nothing was executed. They
	// are read-only.
	RootFields []string
	// Rows is how many chats the answer's connections hold.
	Rows int
	// Cost is what the operation costs: see limits.Cost. 0 if it is not known.
	Cost int
	// Codes are the values of extensions.code, each once, in order.
	Codes []string
}

// outcome is what came of an operation, or of a request that has none.
func (o *operation) outcome(errs gqlerror.List) (outcome Outcome) {
	for _, err := range errs {
		if code, _ := err.Extensions["code"].(string); !slices.Contains(outcome.Codes, code) {
			outcome.Codes = append(outcome.Codes, code)
		}
	}
	if o.prepared.Definition == nil {
		return outcome
	}
	outcome.Operation = o.prepared.Definition.Name
	if o.prepared.Cost != nil {
		outcome.Cost = o.prepared.Cost.Requested
	}
	if o.executed {
		outcome.Type = string(o.prepared.Definition.Operation)
		outcome.RootFields = o.prepared.RootFields
		outcome.Rows = int(o.rows.Load())
	}
	return outcome
}
