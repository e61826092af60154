package main

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// appenders are the functions of package fast that append a scalar, by the name
// of the scalar and its Go type.
var appenders = map[string]string{
	"Boolean bool": "appendBoolean",
	"DateTime texter-graphql/texter.Timestamp": "appendDateTime",
	"ID string":                         "appendString",
	"ID texter-graphql/texter.Text":     "appendText",
	"Int int":                           "appendInt",
	"JSON encoding/json.RawMessage":     "appendJSON",
	"String string":                     "appendString",
	"String texter-graphql/texter.Text": "appendText",
}

// isCovered reports whether the fast lane covers a field. Fields that have a
// resolver, arguments, directives or an error go the ordinary way, as do those of
// a type that package fast cannot append.
func isCovered(data *codegen.Data, field *codegen.Field) bool {
	if field.IsResolver || len(field.Args) > 0 || field.HasDirectives() || field.IsMap() || field.MethodHasContext || field.HasHaser {
		return false
	}
	if field.IsMethod() && !field.NoErr && !field.VOkFunc {
		return false
	}
	return isAppendable(data, field.TypeReference, field.VOkFunc)
}

// isAppendable reports whether package fast can append the values of a type.
func isAppendable(data *codegen.Data, ref *config.TypeReference, isOptional bool) bool {
	element, isList := ref.GO, ref.GQL.Elem != nil
	if isList {
		slice, ok := ref.GO.(*types.Slice)
		if !ok || isOptional || ref.GQL.Elem.Elem != nil || !ref.GQL.NonNull || !ref.GQL.Elem.NonNull {
			return false
		}
		element = slice.Elem()
	}
	pointer, isPointer := element.(*types.Pointer)
	if isPointer {
		element = pointer.Elem()
	}
	switch ref.Definition.Kind {
	case ast.Object:
		o := data.Objects.ByName(ref.Definition.Name)
		return o != nil && isObject(o) && types.Identical(o.Type, element)
	case ast.Enum:
		return len(ref.EnumValues) == len(ref.Definition.EnumValues) && !(isPointer && (isList || isOptional))
	case ast.Scalar:
		return appenders[scalarKey(ref, element)] != "" && !(isPointer && (isList || isOptional))
	}
	return false
}

func scalarKey(ref *config.TypeReference, goType types.Type) string {
	return ref.Definition.Name + " " + types.TypeString(goType, nil)
}

// appendField is the statement that appends a field's value.
func appendField(field *codegen.Field) string {
	ref, value := field.TypeReference, value(field)
	switch {
	case field.VOkFunc && ref.Definition.Kind == ast.Object:
		return fmt.Sprintf("if value, ok := %s; ok {\nb = append%s(b, f.fields, &value)\n} else {\nb = appendNull(b)\n}", value, ref.Definition.Name)
	case field.VOkFunc:
		return fmt.Sprintf("value, ok := %s\nb = appendIf(b, value, ok, %s)", value, appender(ref, ref.GO))
	case ref.GQL.Elem != nil:
		return appendList(ref, value)
	}
	if pointer, ok := ref.GO.(*types.Pointer); ok {
		if ref.Definition.Kind == ast.Object {
			return fmt.Sprintf("b = appendObject(b, %s, f, append%s)", value, ref.Definition.Name)
		}
		return fmt.Sprintf("b = appendPointer(b, %s, %s)", value, appender(ref, pointer.Elem()))
	}
	if ref.Definition.Kind == ast.Object {
		return fmt.Sprintf("b = append%s(b, f.fields, &%s)", ref.Definition.Name, value)
	}
	return fmt.Sprintf("b = %s(b, %s)", appender(ref, ref.GO), value)
}

// appendList is the statement that appends a list.
func appendList(ref *config.TypeReference, value string) string {
	element := ref.GO.(*types.Slice).Elem()
	if _, pointers := element.(*types.Pointer); pointers {
		return fmt.Sprintf("b = appendObjects(b, %s, f, append%s)", value, ref.Definition.Name)
	}
	if ref.Definition.Kind == ast.Object {
		return fmt.Sprintf("b = appendStructs(b, %s, f, append%s)", value, ref.Definition.Name)
	}
	return fmt.Sprintf("b = appendList(b, %s, %s)", value, appender(ref, element))
}

// value is the Go expression of a field's value. Where the Go type has a method
// for a view, such as NodeViews beside Nodes, that is called: the encoder needs
// no value that stays good.
func value(field *codegen.Field) string {
	view := strings.TrimSuffix(field.GoFieldName, "s") + "Views"
	if method, _, _ := types.LookupFieldOrMethod(types.NewPointer(field.Object.Type), false, nil, view); method != nil {
		return "v." + view + "()"
	}
	if field.IsMethod() {
		return "v." + field.GoFieldName + "()"
	}
	return "v." + field.GoFieldName
}

// appender is the function that appends a scalar or an enum value.
func appender(ref *config.TypeReference, goType types.Type) string {
	if ref.Definition.Kind == ast.Enum {
		return "append" + ref.Definition.Name
	}
	return appenders[scalarKey(ref, goType)]
}

// enumType is the Go type of an enum's values.
func enumType(ref *config.TypeReference) types.Type {
	goType := ref.GO
	if slice, ok := goType.(*types.Slice); ok {
		goType = slice.Elem()
	}
	if p, ok := goType.(*types.Pointer); ok {
		goType = p.Elem()
	}
	return goType
}
