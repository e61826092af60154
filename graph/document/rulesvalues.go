package document

import (
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// valuesOfCorrectType: sections 5.6.1, 5.6.2 and 5.6.4. gqlparser takes objects
// for values of any scalar and enum, and integers of more than 32 bits for Int.
// No message has a value.
func (c *check) valuesOfCorrectType(events *core.Events, addError core.AddErrFunc) {
	v := values{c, addError, nil}
	events.OnVariable(func(w *core.Walker, definition *ast.VariableDefinition) {
		v.schema = w.Schema
		if definition.DefaultValue != nil && definition.Definition != nil && definition.Definition.IsInputType() {
			v.value(definition.Type, definition.DefaultValue)
		}
	})
	events.OnField(func(w *core.Walker, field *ast.Field) {
		v.schema = w.Schema
		if field.Definition != nil {
			v.arguments(field.Definition.Arguments, field.Arguments)
		}
	})
	events.OnDirective(func(w *core.Walker, directive *ast.Directive) {
		v.schema = w.Schema
		if directive.Definition != nil {
			v.arguments(directive.Definition.Arguments, directive.Arguments)
		}
	})
}

type values struct {
	*check
	addError core.AddErrFunc
	schema   *ast.Schema
}

func (v values) arguments(definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList) {
	for _, argument := range arguments {
		if definition := definitions.ForName(argument.Name); definition != nil {
			v.value(definition.Type, argument.Value)
		}
	}
}

// value checks a value of an input type.
func (v values) value(t *ast.Type, value *ast.Value) {
	definition := v.schema.Types[t.Name()]
	switch {
	case value.Kind == ast.Variable:
	case value.Kind == ast.NullValue:
		if t.NonNull {
			v.addError(core.Message("Expected value of type %q, found null.", t.String()), core.At(value.Position))
		}
	case t.Elem != nil && value.Kind == ast.ListValue:
		for _, element := range value.Children {
			v.value(t.Elem, element.Value)
		}
	case t.Elem != nil:
		v.value(t.Elem, value)
	case definition.Kind == ast.InputObject && value.Kind == ast.ObjectValue:
		v.object(definition, value)
	case definition.Kind == ast.InputObject:
		v.addError(core.Message("Expected value of type %q.", t.Name()), core.At(value.Position))
	case definition.Kind == ast.Enum:
		v.enum(definition, value)
	default:
		if problem := scalarProblem(definition.Name, value); problem != "" {
			v.addError(core.Message("%s", problem), core.At(value.Position))
		}
	}
}

func (v values) object(definition *ast.Definition, value *ast.Value) {
	for _, field := range definition.Fields {
		var given *ast.Value
		for _, child := range value.Children { // the last one counts where there are several
			if child.Name == field.Name {
				given = child.Value
			}
		}
		if given != nil {
			v.value(field.Type, given)
		} else if field.Type.NonNull && field.DefaultValue == nil {
			v.addError(core.Message(`Field "%s.%s" of required type %q was not provided.`, definition.Name, field.Name, field.Type.String()), core.At(value.Position))
		}
	}
	for _, child := range value.Children {
		if definition.Fields.ForName(child.Name) == nil {
			v.add(v.addError, core.Message(`Field %q is not defined by type %q.`, child.Name, definition.Name), child.Name, func() (names []string) {
				for _, field := range definition.Fields {
					names = append(names, field.Name)
				}
				return names
			}, child.Position)
		}
	}
}

func (v values) enum(definition *ast.Definition, value *ast.Value) {
	if value.Kind == ast.EnumValue && definition.EnumValues.ForName(value.Raw) != nil {
		return
	}
	message := core.Message("Enum %q cannot represent this value.", definition.Name)
	if value.Kind == ast.EnumValue {
		message = core.Message("The value does not exist in %q enum.", definition.Name)
	}
	v.add(v.addError, message, value.Raw, func() (names []string) {
		for _, option := range definition.EnumValues {
			names = append(names, option.Name)
		}
		return names
	}, value.Position)
}

// scalarProblem says why a value is none of a scalar; empty if it is one. Other
// scalars than those of the specification take any value.
func scalarProblem(scalar string, value *ast.Value) string {
	switch scalar {
	case "Int":
		if value.Kind != ast.IntValue {
			return "Int cannot represent non-integer value."
		}
		if _, err := strconv.ParseInt(value.Raw, 10, 32); err != nil {
			return "Int cannot represent non 32-bit signed integer value."
		}
	case "Float":
		n, _ := strconv.ParseFloat(value.Raw, 64)
		if value.Kind != ast.IntValue && value.Kind != ast.FloatValue || math.IsInf(n, 0) {
			return "Float cannot represent non numeric value."
		}
	case "String":
		if value.Kind != ast.StringValue && value.Kind != ast.BlockValue {
			return "String cannot represent a non string value."
		}
	case "Boolean":
		if value.Kind != ast.BooleanValue {
			return "Boolean cannot represent a non boolean value."
		}
	case "ID":
		if value.Kind != ast.StringValue && value.Kind != ast.BlockValue && value.Kind != ast.IntValue {
			return "ID cannot represent a non-string and non-integer value."
		}
	}
	return ""
}
