package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

// countsOnly reports whether the connection that is being resolved is asked for
// nothing but counts. No rows are read for it then.
func countsOnly(ctx context.Context) bool {
	op, connection := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	return !plainlyNeedsRows(connection.Selections) && areCounts(op, connection.Selections, relay.TypeName)
}

// plainlyNeedsRows reports whether a field that needs rows stands in a selection
// set itself, without a condition. It nearly always does where rows are needed,
// and a look takes no memory.
func plainlyNeedsRows(set ast.SelectionSet) bool {
	for _, selection := range set {
		if field, ok := selection.(*ast.Field); ok && len(field.Directives) == 0 && !relay.FromCounts(relay.TypeName, field.Name) {
			return true
		}
	}
	return false
}

// areCounts reports whether all fields of a selection set are counts.
func areCounts(op *graphql.OperationContext, set ast.SelectionSet, typeName string) bool {
	for _, field := range graphql.CollectFields(op, set, []string{typeName}) {
		if !relay.FromCounts(typeName, field.Name) || !areCounts(op, field.Selections, field.Definition.Type.Name()) {
			return false
		}
	}
	return true
}
