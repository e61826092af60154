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
// their types. Its error names the variable, but never its value.
func coerce(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, error) {
	coerced := make(map[string]any, len(operation.VariableDefinitions))
	for _, variable := range operation.VariableDefinitions {
		name := "$" + variable.Variable
		value, ok := given[variable.Variable]
		if !ok {
			if variable.Type.NonNull && variable.DefaultValue == nil {
				return nil, missing(name, variable.Type)
			}
			continue
		}
		var err error
		if coerced[variable.Variable], err = (coercion{schema}).value(name, variable.Type, value); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

// variableError says which variable breaks which rule. It never quotes a value.
type variableError struct{ name, rule string }

func (e *variableError) Error() string { return e.name + " " + e.rule }

func missing(name string, t *ast.Type) error {
	return &variableError{name, "must be given: its type is " + t.String()}
}

func (c coercion) value(name string, t *ast.Type, value any) (any, error) {
	if value == nil {
		if t.NonNull {
			return nil, &variableError{name, "must not be null: its type is " + t.String()}
		}
		return nil, nil
	}
	if t.Elem != nil {
		return c.list(name, t, value)
	}
	definition := c.schema.Types[t.NamedType]
	if fields, ok := value.(map[string]any); ok && definition.Kind == ast.InputObject {
		return c.object(name, definition, fields)
	}
	if coerced, ok := leaf(definition, value); ok {
		return coerced, nil
	}
	return nil, &variableError{name, "must be of type " + t.String()}
}

// list coerces a list; any other value is one of one element.
func (c coercion) list(name string, t *ast.Type, value any) (any, error) {
	elements, ok := value.([]any)
	if !ok {
		element, err := c.value(name, t.Elem, value)
		return []any{element}, err
	}
	coerced := make([]any, len(elements))
	for i, element := range elements {
		var err error
		if coerced[i], err = c.value(name+"["+strconv.Itoa(i)+"]", t.Elem, element); err != nil {
			return nil, err
		}
	}
	return coerced, nil
}

func (c coercion) object(name string, definition *ast.Definition, fields map[string]any) (any, error) {
	coerced := make(map[string]any, len(fields))
	for _, field := range definition.Fields {
		value, ok := fields[field.Name]
		if !ok {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, missing(name+"."+field.Name, field.Type)
			}
			continue
		}
		var err error
		if coerced[field.Name], err = c.value(name+"."+field.Name, field.Type, value); err != nil {
			return nil, err
		}
	}
	if len(coerced) < len(fields) {
		return nil, &variableError{name, "has a field that type " + definition.Name + " does not have"}
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
