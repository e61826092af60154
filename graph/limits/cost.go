package limits

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

const (
	// metaWeight is what a field of introspection costs: it goes through
	// gqlgen's executor, and so takes many times what others do.
	metaWeight = 10
	// rawWeight is what a raw object costs: it is as long as many fields.
	rawWeight = 8
)

// Cost is what an operation costs: 1 for each field of the answer, at most, and
// 1 for each row that is read for it; some fields weigh more. What @skip and
// @include leave out is counted too, and a field that is selected twice twice.
type Cost struct {
	fixed    int
	searches []search
}

// search is a field that reads rows.
type search struct {
	field  *ast.Field
	perRow int
}

// CostOf prepares the cost of an operation of a valid document that is within
// the limits.
func CostOf(schema *ast.Schema, document *ast.QueryDocument, operation *ast.OperationDefinition) Cost {
	w := costWalk{newWalk(document), listSizes(schema), map[*ast.Field]int{}}
	var c Cost
	w.fields(operation.SelectionSet, func(f *ast.Field) {
		if f.Definition.Type.Name() != relay.TypeName {
			c.fixed = add(c.fixed, w.field(f))
			return
		}
		fixed, perRow := w.connection(f)
		c.fixed = add(c.fixed, fixed)
		if perRow > 0 {
			c.searches = append(c.searches, search{f, perRow})
		}
	})
	return c
}

// Requested is the cost with these variables, which have been coerced.
func (c Cost) Requested(variables map[string]any) int {
	total := c.fixed
	for _, s := range c.searches {
		total = add(total, multiply(pageSize(s.field, variables), s.perRow))
	}
	return total
}

// Rows is how many rows the operation asks for at most, with these variables,
// which have been coerced.
func (c Cost) Rows(variables map[string]any) int {
	rows := 0
	for _, s := range c.searches {
		rows = add(rows, pageSize(s.field, variables))
	}
	return rows
}

// costWalk computes costs; what a field costs is computed once.
type costWalk struct {
	*walk
	sizes map[string]int // of the lists of introspection, by field
	costs map[*ast.Field]int
}

// connection is the cost of a search: what it costs once, and for each row.
func (w costWalk) connection(connection *ast.Field) (fixed, perRow int) {
	fixed = 1
	reads := false
	w.fields(connection.SelectionSet, func(f *ast.Field) {
		reads = reads || !w.fromCounts(f)
		switch f.Name {
		case "nodes", "edges":
			fixed = add(fixed, 1)
			perRow = add(perRow, w.selection(f.SelectionSet))
		default:
			fixed = add(fixed, w.field(f))
		}
	})
	if reads {
		perRow = add(perRow, 1)
	}
	return fixed, perRow
}

// fromCounts reports whether a field, with all that is selected of it, takes no
// rows.
func (w costWalk) fromCounts(f *ast.Field) bool {
	if !relay.FromCounts(f.ObjectDefinition.Name, f.Name) {
		return false
	}
	all := true
	w.fields(f.SelectionSet, func(part *ast.Field) { all = all && w.fromCounts(part) })
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

// elements is how many elements the value of a field is taken to have.
func (w costWalk) elements(f *ast.Field) int {
	if f.Definition.Type.Elem == nil {
		return 1
	}
	return max(w.sizes[f.Name], 2)
}

// listSizes are the sizes of the lists of introspection that are long: of those
// of a type, the average.
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
