package document

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// markIntegers changes the kind of integers of a valid document where the type is
// not Int. An ID is text, and may have any number of digits, as has a Float:
// GraphQL, sections 3.5.2 and 3.5.5. gqlparser makes integers of 64 bits of all of
// them, and gqlgen panics where one is larger.
func markIntegers(document *ast.QueryDocument) {
	walkValues(document, func(v *ast.Value) {
		if v.Kind != ast.IntValue || v.ExpectedType == nil {
			return
		}
		switch v.ExpectedType.Name() {
		case "Int":
		case "ID":
			v.Kind = ast.StringValue
		default:
			v.Kind = ast.FloatValue
		}
	})
}

// walkValues calls a function for all values that stand in a document, and those
// within them.
func walkValues(document *ast.QueryDocument, visit valueWalk) {
	for _, operation := range document.Operations {
		for _, v := range operation.VariableDefinitions {
			if v.DefaultValue != nil {
				visit.value(v.DefaultValue)
			}
			visit.directives(v.Directives)
		}
		visit.directives(operation.Directives)
		visit.selections(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		visit.directives(fragment.Directives)
		visit.selections(fragment.SelectionSet)
	}
}

// valueWalk is called for each value.
type valueWalk func(*ast.Value)

func (w valueWalk) selections(set ast.SelectionSet) {
	for _, selection := range set {
		w.directives(directivesOf(selection))
		switch s := selection.(type) {
		case *ast.Field:
			w.arguments(s.Arguments)
			w.selections(s.SelectionSet)
		case *ast.InlineFragment:
			w.selections(s.SelectionSet)
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

func (w valueWalk) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		w.arguments(directive.Arguments)
	}
}

func (w valueWalk) arguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		w.value(argument.Value)
	}
}

func (w valueWalk) value(v *ast.Value) {
	for _, child := range v.Children {
		w.value(child.Value)
	}
	w(v)
}
