package graph

import (
	"errors"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/internal/failure"
	"texter-graphql/texter"
)

// Outcome describes the response to one request. It holds no personal data.
type Outcome struct {
	// Operation is the name that the client gave the operation, a GraphQL name. It
	// is empty if the operation has no name, or if the document is not valid
	// GraphQL.
	Operation string
	// Type is query, mutation or subscription. It is empty if nothing was executed.
	Type string
	// RootFields are the names of the root fields that the operation selects, as in
	// the schema, sorted and without duplicates. It is empty if nothing was
	// executed. It is read-only.
	RootFields []string
	// Rows is the number of chats in the response's connections.
	Rows int
	// Cost is the cost of the operation: see limits.Cost. 0 if it is not known.
	Cost int
	// Codes are the values of extensions.code, each once, in the order of the errors.
	Codes []string
	// Arguments are the values of extensions.argument, sorted, each once: root fields
	// fail in any order.
	Arguments []string
	// Failure is why a call to Texter failed that an error is about; empty if there
	// is none, or if Texter answered with a status.
	Failure failure.Class
}

// outcome returns the outcome of an operation, or of a request that has none.
func (o *operation) outcome(errs gqlerror.List) (outcome Outcome) {
	for _, err := range errs {
		outcome.add(err)
	}
	slices.Sort(outcome.Arguments)
	if o.prepared.Definition == nil {
		return outcome
	}
	outcome.Operation = o.prepared.Definition.Name
	if o.prepared.Cost != nil {
		outcome.Cost = o.prepared.Cost.Requested
	}
	if o.started {
		outcome.Type = string(o.prepared.Definition.Operation)
		outcome.RootFields = o.prepared.RootFields
		outcome.Rows = int(o.rows.Load())
	}
	return outcome
}

// add adds what is known of an error.
func (o *Outcome) add(err *gqlerror.Error) {
	if code, _ := err.Extensions["code"].(string); !slices.Contains(o.Codes, code) {
		o.Codes = append(o.Codes, code)
	}
	if argument, ok := err.Extensions["argument"].(string); ok && !slices.Contains(o.Arguments, argument) {
		o.Arguments = append(o.Arguments, argument)
	}
	if upstream, ok := errors.AsType[*texter.Error](err); ok && upstream.Failure != "" {
		o.Failure = upstream.Failure
	}
}

// clone returns an outcome that shares no memory with the document.
func (o Outcome) clone() Outcome {
	o.Operation = strings.Clone(o.Operation)
	o.RootFields = slices.Clone(o.RootFields)
	for i, name := range o.RootFields {
		o.RootFields[i] = strings.Clone(name)
	}
	return o
}
