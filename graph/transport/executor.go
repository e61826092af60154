package transport

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Executor executes what is read here.
type Executor interface {
	// Prepare makes an operation of the parameters of a request, and returns the
	// context that belongs to it. It errors if the operation can't be executed.
	Prepare(context.Context, *graphql.RawParams) (context.Context, *ast.OperationDefinition, gqlerror.List)
	// Execute executes the operation that the context belongs to. It returns nil
	// if the caller is gone.
	Execute(context.Context) *Response
	// Refuse is the response where no operation is executed.
	Refuse(context.Context, gqlerror.List) *Response
}

// Response is a response of GraphQL: section 7.1.
type Response struct {
	// Data is JSON; nil if nothing was executed.
	Data []byte
	// Errors are what went wrong.
	Errors gqlerror.List
	// Extensions is a JSON object; nil for none.
	Extensions []byte
}
