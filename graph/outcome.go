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
	// Type is query, or empty if nothing was executed.
	Type string
	// RootFields are the fields of the query type that were executed, by the
	// schema's names, each once, in order. They are read-only.
	RootFields []string
	// Rows is how many chats the answer's connections hold.
	Rows int
	// Cost is what the operation costs: see limits.Cost. 0 if it is not known.
	Cost int
	// Codes are the values of extensions.code, each once, in order.
	Codes []string
}

// outcome is what came of an execution, which is nil if the request was refused
// before there was one.
func (x *execution) outcome(errs gqlerror.List) (o Outcome) {
	for _, err := range errs {
		if code, _ := err.Extensions["code"].(string); !slices.Contains(o.Codes, code) {
			o.Codes = append(o.Codes, code)
		}
	}
	if x == nil || x.Operation == nil {
		return o
	}
	o.Operation = x.Operation.Name
	if x.cost != nil {
		o.Cost = x.cost.Requested
	}
	if x.selection == nil {
		return o
	}
	o.Type = string(x.Operation.Operation)
	o.RootFields = x.selection.rootFields
	o.Rows = int(x.searches.rows.Load())
	return o
}
