package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"
)

// asSpecified returns the schema with the introspection of the specification.
// gqlgen adds @defer, but this service does not defer. gqlparser adds the location
// DIRECTIVE_DEFINITION, and tools of before 2026 fail on a location that they do
// not know. It lets arguments be null that may not be since September 2025, and
// keeps built-in scalars that nothing refers to (section 3.5).
func asSpecified(s *ast.Schema) *ast.Schema {
	schema := *s
	schema.Types, schema.Directives = maps.Clone(s.Types), maps.Clone(s.Directives)
	delete(schema.Directives, "defer")
	deprecated := *s.Directives["deprecated"]
	deprecated.Locations = slices.DeleteFunc(slices.Clone(deprecated.Locations), func(l ast.DirectiveLocation) bool { return l == directiveDefinition })
	deprecated.Arguments = withoutNull(deprecated.Arguments)
	schema.Directives["deprecated"] = &deprecated
	locations := *s.Types["__DirectiveLocation"]
	locations.EnumValues = slices.DeleteFunc(slices.Clone(locations.EnumValues), func(v *ast.EnumValueDefinition) bool { return v.Name == directiveDefinition })
	schema.Types["__DirectiveLocation"] = &locations
	for _, name := range []string{"__Type", "__Field", "__Directive"} {
		definition := *s.Types[name]
		definition.Fields = slices.Clone(definition.Fields)
		for i, field := range definition.Fields {
			changed := *field
			changed.Arguments = withoutNull(field.Arguments)
			definition.Fields[i] = &changed
		}
		schema.Types[name] = &definition
	}
	if !isReferenced(&schema, "Float") {
		delete(schema.Types, "Float")
	}
	return &schema
}

// isReferenced reports whether a field or an argument is of a type.
func isReferenced(schema *ast.Schema, name string) bool {
	isOfType := func(a *ast.ArgumentDefinition) bool { return a.Type.Name() == name }
	for _, directive := range schema.Directives {
		if slices.ContainsFunc(directive.Arguments, isOfType) {
			return true
		}
	}
	for _, definition := range schema.Types {
		for _, field := range definition.Fields {
			if field.Type.Name() == name || slices.ContainsFunc(field.Arguments, isOfType) {
				return true
			}
		}
	}
	return false
}

// withoutNull returns the arguments with types that null is no value of.
func withoutNull(arguments ast.ArgumentDefinitionList) (changed ast.ArgumentDefinitionList) {
	for _, argument := range arguments {
		a, t := *argument, *argument.Type
		t.NonNull = true
		a.Type = &t
		changed = append(changed, &a)
	}
	return changed
}

const directiveDefinition = "DIRECTIVE_DEFINITION"

// kindsWith are the kinds of types that a field of __Type is not null for: GraphQL,
// section 4.2. gqlgen answers [] or false for the others.
var kindsWith = map[string][]string{
	"fields":        {"OBJECT", "INTERFACE"},
	"interfaces":    {"OBJECT", "INTERFACE"},
	"possibleTypes": {"INTERFACE", "UNION"},
	"enumValues":    {"ENUM"},
	"inputFields":   {"INPUT_OBJECT"},
	"isOneOf":       {"INPUT_OBJECT"},
}

// introspected returns the value of a field of introspection as the specification
// has it, and any other value as it is.
func introspected(ctx context.Context, result any) any {
	switch result.(type) {
	case []introspection.Type, []introspection.Field, []introspection.EnumValue, []introspection.InputValue, bool:
		field := graphql.GetFieldContext(ctx)
		kinds, limited := kindsWith[field.Field.Name]
		if field.Object != "__Type" || !limited {
			return result
		}
		if t, ok := field.Parent.Result.(*introspection.Type); ok && !slices.Contains(kinds, t.Kind()) {
			return nil
		}
	}
	return result
}
