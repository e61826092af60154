package document

import (
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
func markNonNull(document *ast.QueryDocument) []string {
	m := nonNullMarker{nullable: map[string]bool{}, seen: map[string]bool{}}
	for _, operation := range document.Operations {
		for _, v := range operation.VariableDefinitions {
			m.nullable[v.Variable] = m.nullable[v.Variable] || !v.Type.NonNull
		}
	}
	for _, operation := range document.Operations {
		m.directives(operation.Directives)
		m.selections(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		m.directives(fragment.Directives)
		m.selections(fragment.SelectionSet)
	}
	return m.names
}

type nonNullMarker struct {
	nullable map[string]bool // whether an operation defines the variable as nullable
	seen     map[string]bool
	names    []string
}

func (m *nonNullMarker) selections(set ast.SelectionSet) {
	for _, selection := range set {
		m.directives(directivesOf(selection))
		switch s := selection.(type) {
		case *ast.Field:
			m.arguments(s.Arguments)
			m.selections(s.SelectionSet)
		case *ast.InlineFragment:
			m.selections(s.SelectionSet)
		}
	}
}

func directivesOf(selection ast.Selection) ast.DirectiveList {
	switch s := selection.(type) {
	case *ast.Field:
		return s.Directives
	case *ast.InlineFragment:
		return s.Directives
	case *ast.FragmentSpread:
		return s.Directives
	}
	return nil
}

func (m *nonNullMarker) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		m.arguments(directive.Arguments)
	}
}

func (m *nonNullMarker) arguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		m.value(argument.Value)
	}
}

func (m *nonNullMarker) value(v *ast.Value) {
	for _, child := range v.Children {
		m.value(child.Value)
	}
	if v.Kind != ast.Variable || v.ExpectedType == nil || !v.ExpectedType.NonNull || !m.nullable[v.Raw] {
		return
	}
	if !m.seen[v.Raw] {
		m.seen[v.Raw] = true
		m.names = append(m.names, v.Raw)
	}
	v.Raw = nonNull(v.Raw)
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
				value, _ = literal(v.DefaultValue, v.Type) // it was validated
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
	return o.selectionError(selections, typeName, map[string]bool{})
}

func (o *Operation) selectionError(selections ast.SelectionSet, typeName string, visited map[string]bool) *gqlerror.Error {
	for _, selection := range selections {
		spread, isSpread := selection.(*ast.FragmentSpread)
		if isSpread && visited[spread.Name] {
			continue
		}
		included, err := o.condition(directivesOf(selection))
		if err != nil {
			return err
		}
		var condition string
		var inner ast.SelectionSet
		if isSpread {
			visited[spread.Name] = included
			condition, inner = spread.Definition.TypeCondition, spread.Definition.SelectionSet
		} else if fragment, ok := selection.(*ast.InlineFragment); ok {
			condition, inner = fragment.TypeCondition, fragment.SelectionSet
		}
		if !included || condition != "" && condition != typeName {
			continue
		}
		if err := o.selectionError(inner, typeName, visited); err != nil {
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
