package document

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// TestVariablesAreGqlparsers compares with gqlparser what variables come to,
// defaults included, over random types, defaults and values. Of what was given
// gqlparser gets what was made of it here, for it is less strict.
func TestVariablesAreGqlparsers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	defaults, given, refused := 0, 0, 0
	for range 20_000 {
		v := variable{random}
		declared := v.declared()
		query, err := parser.ParseQuery(&ast.Source{Input: "query($v:" + declared + "){__typename}"})
		if err != nil {
			t.Fatal(err, declared)
		}
		if validator.ValidateWithRules(schema, query, rules.NewRules(rules.ValuesOfCorrectTypeRule)) != nil {
			continue // no default of this type
		}
		operation, values := query.Operations[0], map[string]any{"another": "value"}
		definition := operation.VariableDefinitions[0]
		if random.IntN(3) > 0 {
			values["v"], _ = v.value(definition.Type)
		}
		got, errs := coerce(schema, operation, values)
		if errs != nil {
			refused++
			continue
		}
		if _, ok := values["v"]; ok {
			values["v"], given = got["v"], given+1
		} else if definition.DefaultValue != nil {
			defaults++
		}
		want, err := validator.VariableValues(schema, operation, values)
		if err != nil || len(got) != len(want) || !reflect.DeepEqual(unmarshal(t, definition.Type, got["v"]), unmarshal(t, definition.Type, want["v"])) {
			t.Fatalf("%s, given %#v: got %#v, gqlparser has %#v, %v", declared, values["v"], got, want, err)
		}
	}
	if defaults < 1000 || given < 1000 || refused < 1000 {
		t.Errorf("%d defaults, %d values and %d errors: one-sided", defaults, given, refused)
	}
}

// unmarshal makes of a value what gqlgen's unmarshalers make of it.
func unmarshal(t *testing.T, of *ast.Type, v any) (made any) {
	t.Helper()
	if v == nil {
		return nil
	}
	if of.Elem != nil {
		elements := []any{}
		for _, element := range graphql.CoerceList(v) {
			elements = append(elements, unmarshal(t, of.Elem, element))
		}
		return elements
	}
	var err error
	switch of.NamedType {
	case "Int":
		made, err = graphql.UnmarshalInt(v)
	case "Float":
		made, err = graphql.UnmarshalFloat(v)
	case "Boolean":
		made, err = graphql.UnmarshalBoolean(v)
	case "ID":
		made, err = graphql.UnmarshalID(v)
	default:
		object, ok := v.(map[string]any)
		if !ok {
			made, err = graphql.UnmarshalString(v)
			break
		}
		fields := map[string]any{}
		for name, field := range object {
			fields[name] = unmarshal(t, schema.Types[of.NamedType].Fields.ForName(name).Type, field)
		}
		made = fields
	}
	if err != nil {
		t.Errorf("a %s is %#v: %v", of, v, err)
	}
	return made
}

// variable writes the declaration and values of a variable.
type variable struct{ *rand.Rand }

func (v variable) pick(options ...string) string { return options[v.IntN(len(options))] }

// declared is a type, mostly with a default, which need not be of it.
func (v variable) declared() string {
	t := v.pick("Int", "Float", "String", "Boolean", "ID", "ChatStatus", "SearchableChannelName", "ChatFilter", "ChannelFilter", "PageInput")
	for range v.IntN(2) {
		t = "[" + t + v.pick("", "!") + "]"
	}
	t += v.pick("", "", "!")
	if v.IntN(4) == 0 {
		return t
	}
	_, literal := v.value(typeOf(t))
	return t + " = " + literal
}

func typeOf(text string) *ast.Type {
	if name, nonNull := strings.CutSuffix(text, "!"); nonNull {
		t := typeOf(name)
		t.NonNull = true
		return t
	}
	if elem, ok := strings.CutPrefix(text, "["); ok {
		return ast.ListType(typeOf(strings.TrimSuffix(elem, "]")), nil)
	}
	return ast.NamedType(text, nil)
}

// value is a value that is mostly of a type, as it comes from JSON and as it is
// written in a document.
func (v variable) value(t *ast.Type) (any, string) {
	switch {
	case v.IntN(20) == 0:
		return nil, "null"
	case v.IntN(20) == 0:
		return v.leaf(v.pick("Int", "Float", "String", "Boolean", "ChatStatus"))
	case t.Elem != nil && v.IntN(3) > 0:
		list, literals := []any{}, []string{}
		for range v.IntN(3) {
			element, literal := v.value(t.Elem)
			list, literals = append(list, element), append(literals, literal)
		}
		return list, "[" + strings.Join(literals, " ") + "]"
	case t.Elem != nil:
		return v.value(t.Elem)
	case schema.Types[t.NamedType].Kind != ast.InputObject:
		return v.leaf(t.NamedType)
	}
	object, literals := map[string]any{}, []string{}
	for _, field := range schema.Types[t.NamedType].Fields {
		if v.IntN(5) > 0 == field.Type.NonNull {
			value, literal := v.value(field.Type)
			object[field.Name], literals = value, append(literals, field.Name+":"+literal)
		}
	}
	return object, "{" + strings.Join(literals, " ") + "}"
}

func (v variable) leaf(typeName string) (any, string) {
	text := v.pick("7", "-3", "0", "3000000000", "2147483647")
	switch typeName {
	case "Float":
		text = v.pick("1", "1.5", "-2e3", "0.0")
	case "String":
		text = v.pick("", "a", "7", "שלום")
		return text, fmt.Sprintf("%q", text)
	case "Boolean":
		text = v.pick("true", "false")
		return text == "true", text
	case "ID":
		if v.IntN(2) == 0 {
			return v.leaf("String")
		}
	case "ChatStatus", "SearchableChannelName":
		text = v.pick("PENDING", "BOT", "EMAIL", "WHATSAPP", schema.Types[typeName].EnumValues[0].Name)
		return text, text
	}
	return json.Number(text), text
}
