package document

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// coercion coerces the variables of an operation: GraphQL, section 6.1.2.
type coercion struct {
	schema *ast.Schema
	broken []broken
}

// broken is a value that breaks a rule.
type broken struct {
	name, rule string
	at         *ast.Position // of the variable's definition
}

// coerce returns the variables of an operation of a valid document: those that
// were given, coerced to their types, in place where they are objects or lists,
// and the defaults of the others. Its errors stand at the variables' definitions.
func coerce(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, gqlerror.List) {
	c := coercion{schema: schema}
	coerced := make(map[string]any, len(operation.VariableDefinitions))
	for _, variable := range operation.VariableDefinitions {
		value, ok := given[variable.Variable]
		before := len(c.broken)
		switch {
		case ok:
			value = c.value(variable.Type, value)
		case variable.DefaultValue != nil:
			value = literal(variable.DefaultValue)
		case variable.Type.NonNull:
			c.fail("", missing(variable.Type))
		default:
			continue
		}
		for i := range c.broken[before:] {
			c.broken[before+i].at = variable.Position
		}
		c.within(before, "$", variable.Variable)
		coerced[variable.Variable] = value
	}
	return coerced, c.errors()
}

// fail notes that a value breaks a rule, unless there are enough.
func (c *coercion) fail(name, rule string) {
	if len(c.broken) < maxErrors {
		c.broken = append(c.broken, broken{name: name, rule: rule})
	}
}

// within puts the name of what holds the values that broke a rule since then before
// their names.
func (c *coercion) within(since int, prefix, name string) {
	for i := range c.broken[since:] {
		b := &c.broken[since+i]
		b.name = prefix + name + b.name
	}
}

// errors are what is told of the values that break rules.
func (c *coercion) errors() (errs gqlerror.List) {
	for _, b := range c.broken {
		err := invalid(b.name + " " + b.rule + ".")
		err.Locations = locations(b.at)
		errs = append(errs, err)
	}
	return errs
}

// literal is the value of a default. It was validated with its document, so
// that it is what the same literal would be in place of the variable.
func literal(v *ast.Value) any {
	value, _ := v.Value(nil)
	return value
}

func missing(t *ast.Type) string { return "must be given: its type is " + t.String() }

// value coerces a value. What it returns counts for nothing if it fails.
func (c *coercion) value(t *ast.Type, value any) any {
	if value == nil {
		if t.NonNull {
			c.fail("", "must not be null: its type is "+t.String())
		}
		return nil
	}
	if t.Elem != nil {
		return c.list(t, value)
	}
	definition := c.schema.Types[t.NamedType]
	if fields, ok := value.(map[string]any); ok && definition.Kind == ast.InputObject {
		return c.object(definition, fields)
	}
	coerced, ok := leaf(definition, value)
	if !ok {
		c.fail("", "must be of type "+t.String())
	}
	return coerced
}

// list coerces a list; any other value is one of one element.
func (c *coercion) list(t *ast.Type, value any) any {
	elements, ok := value.([]any)
	if !ok {
		return []any{c.value(t.Elem, value)}
	}
	for i, element := range elements {
		before := len(c.broken)
		if elements[i] = c.value(t.Elem, element); len(c.broken) > before {
			c.within(before, "[", strconv.Itoa(i)+"]")
		}
	}
	return elements
}

func (c *coercion) object(definition *ast.Definition, fields map[string]any) any {
	known := 0
	for _, field := range definition.Fields {
		value, ok := fields[field.Name]
		before := len(c.broken)
		if ok {
			known++
			fields[field.Name] = c.value(field.Type, value)
		} else if field.Type.NonNull && field.DefaultValue == nil {
			c.fail("", missing(field.Type))
		}
		c.within(before, ".", field.Name)
	}
	for range len(fields) - known {
		c.fail("", "has a field that type "+definition.Name+" does not have")
	}
	return fields
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
			return integerID(number)
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

// integerID is the id that an integer is, however many digits it has. It may be
// written as 1.0 or 1e3 as long as all its digits are known: up to 2^53.
func integerID(number json.Number) (string, bool) {
	if !strings.ContainsAny(number.String(), ".eE") {
		return strings.Replace(number.String(), "-0", "0", 1), true // JSON has no other number that begins with -0
	}
	n, err := number.Float64()
	return strconv.FormatFloat(n, 'f', -1, 64), err == nil && n == math.Trunc(n) && math.Abs(n) <= 1<<53
}
