// Package limits bounds what a document may ask for: its shape before it is
// validated, for validation itself takes long over a hostile one, and what it
// costs once its variables are known.
//
// No walk here takes more than the square of the document's size, whatever the
// document: what a selection set comes to is computed once, and numbers
// saturate instead of overflowing.
package limits

import (
	"cmp"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// MaxTokens bounds a document, in GraphQL tokens, comments among them.
// GraphiQL's introspection takes fewer than 300.
const MaxTokens = 1000

// The bounds that no setting changes.
const (
	maxAliases    = 100  // in the document
	maxDirectives = 100  // in the document
	maxRootFields = 10   // of an operation
	maxFields     = 5000 // of all operations, fragments spread out, lists taken as one element
)

// The bounds that settings change.
const (
	// DefaultDepth lets the deepest field of the schema through, at 6, and
	// introspection, at 15.
	DefaultDepth = 20
	// DefaultCost lets a page of 10000 chats with all fields through.
	DefaultCost = 1_000_000
)

// Limits are the bounds that settings change.
type Limits struct {
	// Depth is how many fields may be nested; 0 is DefaultDepth.
	Depth int
	// Cost is what an operation may cost: see Cost. 0 is DefaultCost.
	Cost int
}

// Exceeded says which limit a document exceeds.
type Exceeded struct {
	// Name is of the limit: tokens, depth, aliases, directives, rootFields,
	// fields or cost.
	Name string `json:"name"`
	// Value is what the document has of it, or where counting ended.
	Value int `json:"value"`
	// Limit is the most that is allowed.
	Limit int `json:"limit"`
}

// Error says what is too much.
func (e *Exceeded) Error() string {
	return fmt.Sprintf("The query is too complex: %s %d, limit %d.", e.Name, e.Value, e.Limit)
}

func bound(name string, value, limit int) error {
	if value <= limit {
		return nil
	}
	return &Exceeded{name, value, limit}
}

// CycleError says that a fragment spreads itself, be it through others.
type CycleError struct {
	// Fragment is its name.
	Fragment string
}

// Error names the fragment.
func (e *CycleError) Error() string {
	return fmt.Sprintf("Cannot spread fragment %q within itself.", e.Fragment)
}

// Check looks at a document that was parsed but not validated. Its error is an
// *Exceeded or a *CycleError.
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

// MaxCost is what an operation may cost.
func (l Limits) MaxCost() int { return cmp.Or(l.Cost, DefaultCost) }

// CheckCost errors with an *Exceeded if an operation costs too much.
func (l Limits) CheckCost(requested int) error { return bound("cost", requested, l.MaxCost()) }
