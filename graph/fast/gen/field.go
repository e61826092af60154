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
// of the scalar and its Go type. A new scalar, or a new Go type of one, goes
// through the ordinary lane until it is here.
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

// statements append fields that have a way of their own in package fast. They may have
// a resolver.
var statements = map[string]string{
	"Chat.id":     "b = appendText(b, v.IDText())",
	"Chat.labels": "b = appendChatLabels(b, f, v, e)",
}

// isCovered reports whether the fast lane covers a field. A field with a resolver,
// arguments, directives, a context or an error goes through the ordinary lane. So
// does a field of a type that package fast cannot append.
func isCovered(data *codegen.Data, field *codegen.Field) bool {
	if statements[field.Object.Name+"."+field.Name] != "" {
		return true
	}
	if field.IsResolver || len(field.Args) > 0 || field.HasDirectives() || field.IsMap() || field.MethodHasContext || field.HasHaser {
		return false
	}
	if field.IsMethod() && !field.NoErr && !field.VOkFunc {
		return false
	}
	return isAppendable(data, field)
}

// isAppendable reports whether package fast can append the values of a field.
func isAppendable(data *codegen.Data, field *codegen.Field) bool {
	ref := field.TypeReference
	element, isList := ref.GO, ref.GQL.Elem != nil
	if isList {
		slice, ok := ref.GO.(*types.Slice)
		if !ok || field.VOkFunc || ref.GQL.Elem.Elem != nil || !ref.GQL.NonNull || !ref.GQL.Elem.NonNull {
			return false
		}
		element = slice.Elem()
	}
	pointer, isPointer := element.(*types.Pointer)
	if isPointer {
		element = pointer.Elem()
	}
	if field.VOkFunc && (isPointer || ref.GQL.NonNull) {
		return false
	}
	switch ref.Definition.Kind {
	case ast.Object:
		o := data.Objects.ByName(ref.Definition.Name)
		return o != nil && isObject(o) && types.Identical(o.Type, element)
	case ast.Enum, ast.Scalar:
		return appender(ref, element) != "" && !(isPointer && (isList || ref.GQL.NonNull))
	}
	return false
}

// appendField returns the statement that appends the value of a field.
func appendField(field *codegen.Field) string {
	if statement := statements[field.Object.Name+"."+field.Name]; statement != "" {
		return statement
	}
	ref, value := field.TypeReference, value(field)
	switch {
	case field.VOkFunc && ref.Definition.Kind == ast.Object:
		return fmt.Sprintf("if value, ok := %s; ok {\nb = %s(b, f.fields, &value, e)\n} else {\nb = appendNull(b)\n}", value, appendFields(ref))
	case field.VOkFunc:
		return fmt.Sprintf("value, ok := %s\nb = appendIf(b, value, ok, %s)", value, appender(ref, ref.GO))
	case ref.GQL.Elem != nil:
		return appendList(ref, value)
	}
	if pointer, ok := ref.GO.(*types.Pointer); ok {
		if ref.Definition.Kind == ast.Object {
			return fmt.Sprintf("b = appendObject(b, %s, f, e, %s)", value, appendFields(ref))
		}
		return fmt.Sprintf("b = appendPointer(b, %s, %s)", value, appender(ref, pointer.Elem()))
	}
	if ref.Definition.Kind == ast.Object && field.IsMethod() {
		return fmt.Sprintf("value := %s\nb = %s(b, f.fields, &value, e)", value, appendFields(ref))
	}
	if ref.Definition.Kind == ast.Object {
		return fmt.Sprintf("b = %s(b, f.fields, &%s, e)", appendFields(ref), value)
	}
	return fmt.Sprintf("b = %s(b, %s)", appender(ref, ref.GO), value)
}

// sizeField returns the statement that counts the bytes which appendField's
// statement appends: package fast has a size function for each append function.
func sizeField(field *codegen.Field) string {
	return strings.NewReplacer("b = append", "n += size", "(b, ", "(", "(b)", "()", "append", "size").Replace(appendField(field))
}

// appendList returns the statement that appends a list.
func appendList(ref *config.TypeReference, value string) string {
	element := ref.GO.(*types.Slice).Elem()
	if _, pointers := element.(*types.Pointer); pointers {
		return fmt.Sprintf("b = appendObjects(b, %s, f, e, %s)", value, appendFields(ref))
	}
	if ref.Definition.Kind == ast.Object {
		return fmt.Sprintf("b = appendStructs(b, %s, f, e, %s)", value, appendFields(ref))
	}
	return fmt.Sprintf("b = appendList(b, %s, %s)", value, appender(ref, element))
}

// value returns the Go expression of a field's value. If the Go type has a method
// for views, such as NodeViews beside Nodes, the expression calls that one: the
// encoder reads the value before the page is released.
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

// appendFields returns the name of the function that appends an object.
func appendFields(ref *config.TypeReference) string { return "appendFieldsOf" + ref.Definition.Name }

// appender returns the name of the function that appends a scalar or an enum value,
// or "" if package fast has none.
func appender(ref *config.TypeReference, goType types.Type) string {
	switch {
	case ref.Definition.Kind == ast.Scalar:
		return appenders[ref.Definition.Name+" "+types.TypeString(goType, nil)]
	case len(ref.EnumValues) == 0: // the Go type itself knows the names of its values
		return ""
	}
	return "appendValueOf" + ref.Definition.Name
}

// enumType returns the Go type of an enum's values.
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
