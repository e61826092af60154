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

// executeWithNulls executes an operation whose variables are null in places where
// null is not allowed: see document.Operation.HasNulls.
func (o *operation) executeWithNulls(ctx context.Context, yield func(*transport.Response) bool) {
	if err := o.prepared.SelectionError(o.prepared.Definition.SelectionSet, o.rootType().Name); err != nil {
		yield(o.respond(ctx, transport.JSON("null"), gqlerror.List{o.executor.presentError(ctx, err)}))
		return
	}
	o.context.ResolverMiddleware = o.resolveUnlessNull
	o.executeOrdinary(ctx, yield)
}

// rootType returns the root type of the operation.
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

// resolveUnlessNull implements graphql.FieldMiddleware. A field has an error if one
// of its arguments is null where null is not allowed. It also has an error if the
// condition of a field below it is null.
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
	path, found := firstObject(graphql.GetPath(ctx), reflect.ValueOf(result))
	if !found {
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

// nonNullRule marks an error of a field that must not be null. Its null replaces the
// value around it: GraphQL, section 6.4.4.
const nonNullRule = "NonNull"

// propagating marks an error of a value whose type does not allow null.
func propagating(err *gqlerror.Error, t *ast.Type) *gqlerror.Error {
	if t.NonNull {
		err.Rule = nonNullRule
	}
	return err
}

// firstObject returns the path of the first object in the value of a field: of the
// value itself, or of the first element of a list. It returns false if the value is
// null or an empty list.
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

// firstErrors keeps one error for each null that an error made of the value around
// it, the first one, and drops what comes after it in that value: GraphQL, section
// 6.4.4. gqlgen goes on after such an error, and executes the elements of a list at
// the same time.
func firstErrors(data json.RawMessage, errs gqlerror.List) (first gqlerror.List) {
	var root any
	if json.Unmarshal(data, &root) != nil {
		return errs
	}
	nulls := make([]string, len(errs))
	causes := map[string]int{} // the indexes of the first errors, by the path of the null
	for i, err := range errs {
		nulls[i] = pathOfNull(root, err.Path)
		if cause, found := causes[nulls[i]]; err.Rule == nonNullRule && (!found || isEarlier(err.Path, errs[cause].Path)) {
			causes[nulls[i]] = i
		}
	}
	for i, err := range errs {
		cause, found := causes[nulls[i]]
		if !found || i == cause || err.Rule != nonNullRule && (nulls[i] == err.Path.String() || isBefore(errs, i, cause)) {
			first = append(first, err)
		}
	}
	return first
}

// isBefore reports whether an error was made before another one, if the elements of
// lists come one after the other.
func isBefore(errs gqlerror.List, i, other int) bool {
	if isEarlier(errs[i].Path, errs[other].Path) {
		return true
	}
	return i < other && !isEarlier(errs[other].Path, errs[i].Path)
}

// pathOfNull returns the first part of a path that leads to null in the data.
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

// isEarlier reports whether a path leads through an earlier element of a list than
// another path.
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
