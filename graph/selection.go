package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// countsOnly reports whether the connection being resolved is asked for
// nothing that its chats are needed for.
func countsOnly(ctx context.Context) bool {
	op := graphql.GetOperationContext(ctx)
	for _, field := range graphql.CollectFieldsCtx(ctx, []string{"ChatConnection"}) {
		switch field.Name {
		case "edges", "nodes":
			return false
		case "pageInfo":
			for _, info := range graphql.CollectFields(op, field.Selections, []string{"PageInfo"}) {
				if info.Name == "startCursor" || info.Name == "endCursor" {
					return false
				}
			}
		}
	}
	return true
}
