package graph

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
)

// executeWithNulls executes an operation that has nulls where they are not
// allowed: see document.Operation.HasNulls.
func (o *operation) executeWithNulls(ctx context.Context, yield func(*transport.Response) bool) {
	if err := o.prepared.SelectionError(o.prepared.Definition.SelectionSet, o.rootType().Name); err != nil {
		yield(o.respond(ctx, transport.JSON("null"), gqlerror.List{o.executor.presentError(ctx, err)}))
		return
	}
	o.context.ResolverMiddleware = o.resolveUnlessNull
	o.executeOrdinary(ctx, yield)
}

func (o *operation) rootType() *ast.Definition {
	schema := o.executor.schema.Schema()
	switch o.Type() {
	case ast.Mutation:
		return schema.Mutation
	case ast.Subscription:
		return schema.Subscription
	}
	return schema.Query
}

// resolveUnlessNull implements graphql.FieldMiddleware. A field has an error if an
// argument is null where that is not allowed, or if a condition is null that its
// value's fields depend on.
func (o *operation) resolveUnlessNull(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx).Field
	if err := o.prepared.ArgumentError(field.Field); err != nil {
		return nil, graphql.ErrorOnPath(ctx, err)
	}
	result, err := o.resolveField(ctx, next)
	if err != nil || len(field.Selections) == 0 {
		return result, err
	}
	path, isThere := firstObject(graphql.GetPath(ctx), reflect.ValueOf(result))
	if !isThere {
		return result, nil
	}
	if err := o.prepared.SelectionError(field.Selections, field.Definition.Type.Name()); err != nil {
		err.Path = path
		return nil, err
	}
	return result, nil
}

// firstObject is the path of the first object in the value of a field: the
// object, or the first element of a list. There is none in null and empty lists.
func firstObject(path ast.Path, value reflect.Value) (ast.Path, bool) {
	switch value.Kind() {
	case reflect.Invalid:
		return nil, false
	case reflect.Pointer, reflect.Interface, reflect.Map:
		return path, !value.IsNil()
	case reflect.Slice:
		return append(path, ast.PathIndex(0)), value.Len() > 0
	}
	return path, true
}
