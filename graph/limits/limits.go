// Package limits bounds the complexity of documents and operations. It checks the
// shape of a document before validation, because validation of a hostile document
// takes long. It checks the cost of an operation when its variables are known.
//
// The time of each check is at most quadratic in the size of the document, because
// each selection set is computed once. Numbers saturate instead of overflowing.
package limits

import (
	"cmp"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// MaxTokens is the largest number of GraphQL tokens in a document, comments
// included. GraphiQL's introspection query has fewer than 300.
const MaxTokens = 1000

// The limits that no setting changes.
const (
	maxAliases    = 100  // in the document
	maxNameLength = 255  // of aliases, operations, fragments and variables; each alias is in the answer for every row
	maxDirectives = 100  // in the document
	maxRootFields = 10   // of an operation, by response key
	maxFields     = 5000 // of all operations; fragments count at each spread, lists as one element
)

// The limits without settings.
const (
	// DefaultDepth allows the deepest field of the schema, which is at depth 6, and
	// introspection, which needs 15.
	DefaultDepth = 20
	// DefaultCost allows a page of 10,000 chats with all fields.
	DefaultCost = 1_250_000
	// DefaultChanges is the default number of rows that are watched.
	DefaultChanges = 100
)

// Limits are the limits that settings change.
type Limits struct {
	// Depth is how deeply fields may be nested; 0 for DefaultDepth.
	Depth int
	// Cost is the highest cost of an operation: see Cost. 0 for DefaultCost.
	Cost int
	// Changes is how many changes a batch of a subscription counts for: one for each
	// row that is watched. 0 for DefaultChanges.
	Changes int
}

// Exceeded is the error of a document or an operation that exceeds a limit.
type Exceeded struct {
	// Name is the name of the limit: tokens, depth, aliases, nameLength,
	// directives, rootFields, fields or cost.
	Name string `json:"name"`
	// Value is the value that exceeds the limit. It can be lower than the true
	// value, because counting stops early.
	Value int `json:"value"`
	// Limit is the highest value that is allowed.
	Limit int `json:"limit"`
}

// Error returns the message for the client.
func (e *Exceeded) Error() string {
	return fmt.Sprintf("The query is too complex: %s %d, limit %d.", e.Name, e.Value, e.Limit)
}

// bound errors with an *Exceeded if a value is above its limit.
func bound(name string, value, limit int) error {
	if value <= limit {
		return nil
	}
	return &Exceeded{name, value, limit}
}

// CycleError is the error of a fragment that spreads itself, directly or through
// other fragments.
type CycleError struct {
	// Fragment is the name of the fragment.
	Fragment string
}

// Error returns the message for the client.
func (e *CycleError) Error() string {
	return fmt.Sprintf("Cannot spread fragment %q within itself.", e.Fragment)
}

// Check checks the shape of a document that is parsed but not validated. It errors
// with an *Exceeded or a *CycleError.
func (l Limits) Check(document *ast.QueryDocument) error {
	if err := checkCounts(document); err != nil {
		return err
	}
	w := newWalk(document)
	if err := w.checkCycles(document.Fragments); err != nil {
		return err
	}
	depth := cmp.Or(l.Depth, DefaultDepth)
	fields := 0
	for _, operation := range document.Operations {
		extent := w.extent(operation.SelectionSet)
		fields = add(fields, extent.fields)
		for _, err := range []error{
			bound("rootFields", w.responseKeys(operation.SelectionSet), maxRootFields),
			bound("depth", extent.depth, depth),
			bound("fields", fields, maxFields),
		} {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// MaxCost returns the highest cost of an operation.
func (l Limits) MaxCost() int { return cmp.Or(l.Cost, DefaultCost) }

// CheckCost errors with an *Exceeded if a cost is above MaxCost.
func (l Limits) CheckCost(requested int) error { return bound("cost", requested, l.MaxCost()) }
