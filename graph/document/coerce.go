package document

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/internal/rule"
)

// coercion coerces variables: GraphQL, section 6.1.2.
type coercion struct{ schema *ast.Schema }

// coerce returns the variables of an operation of a valid document: those that
// were given, coerced to their types, in place where they are objects or lists,
// and the defaults of the others. Its error is a *rule.Error.
func coerce(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, error) {
	coerced := make(map[string]any, len(operation.VariableDefinitions))
	for _, variable := range operation.VariableDefinitions {
		value, ok := given[variable.Variable]
		var err error
		switch {
		case ok:
			value, err = coercion{schema}.value(variable.Type, value)
		case variable.DefaultValue != nil:
			value, err = literal(variable.DefaultValue, variable.Type)
		case variable.Type.NonNull:
			return nil, missing("$"+variable.Variable, variable.Type)
		default:
			continue
		}
		if err != nil {
			return nil, rule.Within("$"+variable.Variable, err)
		}
		coerced[variable.Variable] = value
	}
	return coerced, nil
}

// literal is the value of a default. It was validated with its document, so
// that it is what the same literal would be in place of the variable.
func literal(v *ast.Value, t *ast.Type) (any, error) {
	value, err := v.Value(nil)
	if err != nil {
		return nil, rule.New("", "must be of type "+t.String())
	}
	return value, nil
}

func missing(path string, t *ast.Type) error {
	return rule.New(path, "must be given: its type is "+t.String())
}

func (c coercion) value(t *ast.Type, value any) (any, error) {
	if value == nil {
		if t.NonNull {
			return nil, rule.New("", "must not be null: its type is "+t.String())
		}
		return nil, nil
	}
	if t.Elem != nil {
		return c.list(t, value)
	}
	definition := c.schema.Types[t.NamedType]
	if fields, ok := value.(map[string]any); ok && definition.Kind == ast.InputObject {
		return c.object(definition, fields)
	}
	if coerced, ok := leaf(definition, value); ok {
		return coerced, nil
	}
	return nil, rule.New("", "must be of type "+t.String())
}

// list coerces a list; any other value is one of one element.
func (c coercion) list(t *ast.Type, value any) (any, error) {
	elements, ok := value.([]any)
	if !ok {
		element, err := c.value(t.Elem, value)
		return []any{element}, err
	}
	for i, element := range elements {
		var err error
		if elements[i], err = c.value(t.Elem, element); err != nil {
			return nil, rule.Within("["+strconv.Itoa(i)+"]", err)
		}
	}
	return elements, nil
}

func (c coercion) object(definition *ast.Definition, fields map[string]any) (any, error) {
	known := 0
	for _, field := range definition.Fields {
		value, ok := fields[field.Name]
		if !ok {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, missing("."+field.Name, field.Type)
			}
			continue
		}
		known++
		var err error
		if fields[field.Name], err = c.value(field.Type, value); err != nil {
			return nil, rule.Within("."+field.Name, err)
		}
	}
	if known < len(fields) {
		return nil, rule.New("", "has a field that type "+definition.Name+" does not have")
	}
	return fields, nil
}

// leaf coerces a value of a scalar or an enum.
func leaf(definition *ast.Definition, value any) (any, bool) {
	switch definition.Name {
	case "Int":
		return integer(value)
	case "Float":
		number, ok := value.(json.Number)
		float, err := number.Float64()
		return float, ok && err == nil
	case "String":
		text, ok := value.(string)
		return text, ok
	case "Boolean":
		yes, ok := value.(bool)
		return yes, ok
	case "ID":
		if number, ok := value.(json.Number); ok {
			_, err := number.Int64()
			return number.String(), err == nil
		}
		text, ok := value.(string)
		return text, ok
	}
	if definition.Kind == ast.Enum {
		text, ok := value.(string)
		return text, ok && definition.EnumValues.ForName(text) != nil
	}
	return value, definition.Kind == ast.Scalar
}

// integer coerces a number without a fraction, of 32 bits: section 3.5.1.
func integer(value any) (any, bool) {
	number, ok := value.(json.Number)
	n, err := number.Float64() // exact for what fits
	return int64(n), ok && err == nil && n == math.Trunc(n) && n >= math.MinInt32 && n <= math.MaxInt32
}
