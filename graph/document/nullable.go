package document

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// A variable of a nullable type may stand where null is not allowed, if either has
// a default: GraphQL, section 5.8.5. Whether its value is null is known only when
// the field is executed (section 6.4.1). gqlgen does not look: it takes null for
// the first value of an enum, or panics.
//
// The walk of markNonNull therefore gives each such use of a variable a name of
// its own. The value under that name is never null: where the request gives null,
// it is the default. ArgumentError and SelectionError tell the executor which
// fields have an error instead of a result then.

// nonNull is the name of a variable where null is not allowed. No variable of a
// document has such a name.
func nonNull(variable string) string { return "!" + variable }

// markNonNull renames the variables of a valid document that are of a nullable
// type, where null is not allowed. It returns their names, as the operations
// define them, each once.
func markNonNull(document *ast.QueryDocument) (names []string) {
	nullable := map[string]bool{}
	for _, operation := range document.Operations {
		for _, v := range operation.VariableDefinitions {
			nullable[v.Variable] = nullable[v.Variable] || !v.Type.NonNull
		}
	}
	walkValues(document, func(v *ast.Value) {
		if v.Kind != ast.Variable || v.ExpectedType == nil || !v.ExpectedType.NonNull || !nullable[v.Raw] {
			return
		}
		if !slices.Contains(names, v.Raw) {
			names = append(names, v.Raw)
		}
		v.Raw = nonNull(v.Raw)
	})
	return names
}

// setNonNull sets the values of variables where null is not allowed, and returns
// the names there of those that are null.
func setNonNull(names []string, operation *ast.OperationDefinition, variables map[string]any) (nulls map[string]bool) {
	for _, name := range names {
		value, given := variables[name]
		if given && value == nil {
			if nulls == nil {
				nulls = map[string]bool{}
			}
			nulls[nonNull(name)] = true
			if v := operation.VariableDefinitions.ForName(name); v.DefaultValue != nil {
				value = literal(v.DefaultValue)
			}
		}
		if value != nil {
			variables[nonNull(name)] = value
		}
	}
	return nulls
}

// HasNulls reports whether a variable is null where that is not allowed, so that
// fields may have errors: see ArgumentError and SelectionError.
func (o *Operation) HasNulls() bool { return len(o.nulls) > 0 }

// ArgumentError is the error of a field that can't be resolved, because an
// argument of it is null where that is not allowed; nil if there is none. It has
// no path.
func (o *Operation) ArgumentError(field *ast.Field) *gqlerror.Error {
	for _, argument := range field.Arguments {
		if err := o.nullError(argument.Value); err != nil {
			return err
		}
	}
	return nil
}

func (o *Operation) nullError(v *ast.Value) *gqlerror.Error {
	if v.Kind == ast.Variable && o.nulls[v.Raw] {
		return &gqlerror.Error{
			Message:    "$" + v.Raw[1:] + " must not be null here: the type is " + v.ExpectedType.String() + ".",
			Locations:  locations(v.Position),
			Extensions: map[string]any{"code": codeBadUserInput},
		}
	}
	for _, child := range v.Children {
		if err := o.nullError(child.Value); err != nil {
			return err
		}
	}
	return nil
}

func locations(positions ...*ast.Position) (all []gqlerror.Location) {
	for _, p := range positions {
		all = append(all, gqlerror.Location{Line: p.Line, Column: p.Column})
	}
	return all
}

// SelectionError is the error of an object of a type whose fields can't be
// collected from selections, because the condition of @skip or @include is null;
// nil if there is none. It has no path.
func (o *Operation) SelectionError(selections ast.SelectionSet, typeName string) *gqlerror.Error {
	return o.collect(selections, typeName, map[string]bool{}, func(*ast.Field) {})
}

// Locations are where an object of a type has a field of a response key in
// selections. They are several if the field is selected again.
func (o *Operation) Locations(selections ast.SelectionSet, typeName, responseKey string) (all []gqlerror.Location) {
	_ = o.collect(selections, typeName, map[string]bool{}, func(f *ast.Field) {
		if f.Alias == responseKey {
			all = append(all, locations(f.Position)...)
		}
	})
	return all
}

// collect calls yield for each field of an object, as CollectFields of section
// 6.3.2 has them.
func (o *Operation) collect(selections ast.SelectionSet, typeName string, visited map[string]bool, yield func(*ast.Field)) *gqlerror.Error {
	for _, selection := range selections {
		spread, isSpread := selection.(*ast.FragmentSpread)
		if isSpread && visited[spread.Name] {
			continue
		}
		included, err := o.condition(directivesOf(selection))
		if err != nil {
			return err
		}
		if !included {
			continue
		}
		var condition string
		var inner ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			yield(s)
		case *ast.FragmentSpread:
			visited[s.Name] = true
			condition, inner = s.Definition.TypeCondition, s.Definition.SelectionSet
		case *ast.InlineFragment:
			condition, inner = s.TypeCondition, s.SelectionSet
		}
		if condition != "" && condition != typeName {
			continue
		}
		if err := o.collect(inner, typeName, visited, yield); err != nil {
			return err
		}
	}
	return nil
}

// condition reports whether @skip and @include let a selection be, in the order of
// section 6.3.2: the condition of @include does not matter where @skip holds.
func (o *Operation) condition(directives ast.DirectiveList) (included bool, err *gqlerror.Error) {
	for _, name := range []string{"skip", "include"} {
		directive := directives.ForName(name)
		if directive == nil {
			continue
		}
		value := directive.Arguments.ForName("if").Value
		if err := o.nullError(value); err != nil {
			return false, err
		}
		if holds, _ := value.Value(o.Variables); holds != (name == "include") {
			return false, nil
		}
	}
	return true, nil
}
