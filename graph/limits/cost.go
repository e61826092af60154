package limits

import (
	"cmp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

const (
	// metaWeight is the cost of a field of introspection. gqlgen's executor resolves
	// it, which takes many times longer than to write another field.
	metaWeight = 10
	// rawWeight is the cost of a raw object, which is as long as many fields.
	rawWeight = 8
	// rootListSize is how many elements the list of a root field counts for: as
	// many labels as one call to Texter returns.
	rootListSize = 10_000
)

// Cost is the cost of an operation: 1 for each field of the largest possible
// response, and 1 for each row that is read. Some fields cost more. Fields that
// @skip or @include remove count too. A field that is selected twice counts twice.
type Cost struct {
	// Connections is the number of root fields that are connections.
	Connections int

	fixed    int
	searches []search
}

// search is a root field that reads rows.
type search struct {
	field  *ast.Field
	perRow int // the cost of each row
}

// CostOf computes the part of a cost that does not depend on variables. The
// document must be valid, and must have passed Limits.Check.
func (l Limits) CostOf(schema *ast.Schema, document *ast.QueryDocument, operation *ast.OperationDefinition) Cost {
	w := costWalk{newWalk(document), listSizes(schema), cmp.Or(l.Changes, DefaultChanges), map[*ast.Field]int{}}
	var c Cost
	w.fields(operation.SelectionSet, func(f *ast.Field) {
		if f.Definition.Type.Name() != relay.TypeName {
			c.fixed = add(c.fixed, w.field(f))
			return
		}
		c.Connections++
		fixed, perRow := w.connection(f)
		c.fixed = add(c.fixed, fixed)
		if perRow > 0 {
			c.searches = append(c.searches, search{f, perRow})
		}
	})
	return c
}

// Requested returns the cost with these coerced variables.
func (c Cost) Requested(variables map[string]any) int {
	total := c.fixed
	for _, s := range c.searches {
		total = add(total, multiply(pageSize(s.field, variables), s.perRow))
	}
	return total
}

// Rows returns the largest number of rows that the operation can ask for with
// these coerced variables.
func (c Cost) Rows(variables map[string]any) int {
	rows := 0
	for _, s := range c.searches {
		rows = add(rows, pageSize(s.field, variables))
	}
	return rows
}

// costWalk computes costs. It computes the cost of each field once.
type costWalk struct {
	*walk
	sizes   map[string]int // the sizes of the lists of introspection, by field name
	changes int            // see Limits
	costs   map[*ast.Field]int
}

// connection returns the cost of a connection without its rows, and the cost of
// each row.
func (w costWalk) connection(connection *ast.Field) (fixed, perRow int) {
	fixed = 1
	readsRows := false
	w.fields(connection.SelectionSet, func(f *ast.Field) {
		readsRows = readsRows || !w.fromCounts(f)
		switch f.Name {
		case "nodes", "edges":
			fixed = add(fixed, 1)
			perRow = add(perRow, w.selection(f.SelectionSet))
		default:
			fixed = add(fixed, w.field(f))
		}
	})
	if readsRows {
		perRow = add(perRow, 1)
	}
	return fixed, perRow
}

// fromCounts reports whether a field, with all fields that are selected below it,
// can be resolved without rows.
func (w costWalk) fromCounts(f *ast.Field) bool {
	if !relay.FromCounts(f.ObjectDefinition.Name, f.Name) {
		return false
	}
	all := true
	w.fields(f.SelectionSet, func(below *ast.Field) { all = all && w.fromCounts(below) })
	return all
}

func (w costWalk) selection(set ast.SelectionSet) (cost int) {
	w.fields(set, func(f *ast.Field) { cost = add(cost, w.field(f)) })
	return cost
}

func (w costWalk) field(f *ast.Field) int {
	cost, ok := w.costs[f]
	if !ok {
		cost = add(weight(f), multiply(w.elements(f), w.selection(f.SelectionSet)))
		w.costs[f] = cost
	}
	return cost
}

func weight(f *ast.Field) int {
	switch {
	case strings.HasPrefix(f.ObjectDefinition.Name, "__"):
		return metaWeight
	case f.Name == "raw":
		return rawWeight
	}
	return 1
}

// elements returns how many elements the value of a field is assumed to have.
func (w costWalk) elements(f *ast.Field) int {
	if f.Definition.Type.Elem == nil {
		return 1
	}
	switch f.ObjectDefinition.Name {
	case "Query":
		return rootListSize
	case "ChatChanges":
		return w.changes
	}
	return max(w.sizes[f.Name], 2)
}

// listSizes returns the sizes of the long lists of introspection. The size of a
// list of a type's members is the average over all types.
func listSizes(schema *ast.Schema) map[string]int {
	members := 0
	for _, definition := range schema.Types {
		members += len(definition.Fields) + len(definition.EnumValues)
	}
	average := members/len(schema.Types) + 1
	return map[string]int{
		"types": len(schema.Types), "directives": len(schema.Directives),
		"fields": average, "inputFields": average, "enumValues": average,
	}
}
