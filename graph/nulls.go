package graph

import (
	"context"
	"encoding/json"
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
	t := field.Definition.Type
	if err := o.prepared.ArgumentError(field.Field); err != nil {
		err.Path = graphql.GetPath(ctx)
		return nil, propagating(err, t)
	}
	result, err := o.resolveField(ctx, next)
	if err != nil || len(field.Selections) == 0 {
		return result, err
	}
	path, isThere := firstObject(graphql.GetPath(ctx), reflect.ValueOf(result))
	if !isThere {
		return result, nil
	}
	if err := o.prepared.SelectionError(field.Selections, t.Name()); err != nil {
		if err.Path = path; t.Elem != nil {
			t = t.Elem
		}
		return nil, propagating(err, t)
	}
	return result, nil
}

// nonNullRule marks an error whose null is not allowed at its path, and so takes
// the place of what is around it: GraphQL, section 6.4.4.
const nonNullRule = "NonNull"

func propagating(err *gqlerror.Error, t *ast.Type) *gqlerror.Error {
	if t.NonNull {
		err.Rule = nonNullRule
	}
	return err
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

// firstErrors leaves out all but the first of the errors whose nulls came to one
// place: GraphQL, section 6.4.4. gqlgen executes the elements of a list at the same
// time, and so finds an error in each.
func firstErrors(data json.RawMessage, errs gqlerror.List) (first gqlerror.List) {
	var root any
	if json.Unmarshal(data, &root) != nil {
		return errs
	}
	places := map[string]int{} // in first, by the path of the null
	for _, err := range errs {
		null := pathOfNull(root, err.Path)
		i, found := places[null]
		switch {
		case err.Rule != nonNullRule:
			first = append(first, err)
		case !found:
			places[null] = len(first)
			first = append(first, err)
		case isEarlier(err.Path, first[i].Path):
			first[i] = err
		}
	}
	return first
}

// pathOfNull is the part of a path that leads to null.
func pathOfNull(value any, path ast.Path) string {
	for i, element := range path {
		switch element := element.(type) {
		case ast.PathName:
			object, _ := value.(map[string]any)
			value = object[string(element)]
		case ast.PathIndex:
			list, _ := value.([]any)
			value = nil
			if int(element) < len(list) {
				value = list[element]
			}
		}
		if value == nil {
			return path[:i+1].String()
		}
	}
	return path.String()
}

// isEarlier reports whether a path is that of another one in an earlier element of
// a list.
func isEarlier(path, than ast.Path) bool {
	for i := range min(len(path), len(than)) {
		index, isIndex := path[i].(ast.PathIndex)
		other, _ := than[i].(ast.PathIndex)
		if !isIndex && path[i] != than[i] {
			return false
		}
		if isIndex && index != other {
			return index < other
		}
	}
	return false
}
