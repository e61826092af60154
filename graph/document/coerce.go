package document

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// coercion coerces variables: GraphQL, section 6.1.2.
type coercion struct{ schema *ast.Schema }

// coerce returns the variables of an operation that were given, coerced to
// their types. Its error is a *variableError.
func coerce(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, error) {
	coerced := make(map[string]any, len(operation.VariableDefinitions))
	for _, variable := range operation.VariableDefinitions {
		value, ok := given[variable.Variable]
		if !ok {
			if variable.Type.NonNull && variable.DefaultValue == nil {
				return nil, missing("$"+variable.Variable, variable.Type)
			}
			continue
		}
		result, err := coercion{schema}.value(variable.Type, value)
		if err != nil {
			return nil, err.below("$" + variable.Variable)
		}
		coerced[variable.Variable] = result
	}
	return coerced, nil
}

// variableError says which variable, or part of one, breaks which rule. It
// never quotes a value.
type variableError struct{ path, rule string }

func (e *variableError) Error() string { return e.path + " " + e.rule }

func (e *variableError) below(segment string) *variableError {
	e.path = segment + e.path
	return e
}

func missing(path string, t *ast.Type) *variableError {
	return &variableError{path, "must be given: its type is " + t.String()}
}

func (c coercion) value(t *ast.Type, value any) (any, *variableError) {
	if value == nil {
		if t.NonNull {
			return nil, &variableError{"", "must not be null: its type is " + t.String()}
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
	return nil, &variableError{"", "must be of type " + t.String()}
}

// list coerces a list; any other value is one of one element.
func (c coercion) list(t *ast.Type, value any) (any, *variableError) {
	elements, ok := value.([]any)
	if !ok {
		element, err := c.value(t.Elem, value)
		return []any{element}, err
	}
	coerced := make([]any, len(elements))
	for i, element := range elements {
		var err *variableError
		if coerced[i], err = c.value(t.Elem, element); err != nil {
			return nil, err.below("[" + strconv.Itoa(i) + "]")
		}
	}
	return coerced, nil
}

func (c coercion) object(definition *ast.Definition, fields map[string]any) (any, *variableError) {
	coerced := make(map[string]any, len(fields))
	for _, field := range definition.Fields {
		value, ok := fields[field.Name]
		if !ok {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, missing("."+field.Name, field.Type)
			}
			continue
		}
		var err *variableError
		if coerced[field.Name], err = c.value(field.Type, value); err != nil {
			return nil, err.below("." + field.Name)
		}
	}
	if len(coerced) < len(fields) {
		return nil, &variableError{"", "has a field that type " + definition.Name + " does not have"}
	}
	return coerced, nil
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
