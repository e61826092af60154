package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"
)

// asSpecified returns the schema with the introspection that the specification of
// September 2025 has. gqlgen adds @defer, but this service does not defer. gqlparser
// adds the location DIRECTIVE_DEFINITION, which older tools do not know and fail on.
// It also allows null for arguments that must not be null, and has built-in scalars
// that no field uses (section 3.5).
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

// isReferenced reports whether a field or an argument has a type.
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

// withoutNull returns copies of arguments, with types that do not allow null.
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

// kindsWith has the kinds of types for which a field of __Type is not null: GraphQL,
// section 4.2. For other kinds, gqlgen's value is an empty list or false.
var kindsWith = map[string][]string{
	"fields":        {"OBJECT", "INTERFACE"},
	"interfaces":    {"OBJECT", "INTERFACE"},
	"possibleTypes": {"INTERFACE", "UNION"},
	"enumValues":    {"ENUM"},
	"inputFields":   {"INPUT_OBJECT"},
	"isOneOf":       {"INPUT_OBJECT"},
}

// introspected returns nil for a field of __Type that must be null: see kindsWith.
// It returns other values unchanged.
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
