// Command gen runs gqlgen with one plugin more: it writes, for each object type
// of the schema whose fields are plain fields or methods of a Go type, the
// function of package encode that appends such an object to a buffer.
package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed encode.gotpl
var encodeTemplate string

//go:embed search.gotpl
var searchTemplate string

func main() {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err == nil {
		cfg.Model = config.PackageConfig{} // every type is mapped: there are no models to write
		err = api.Generate(cfg, api.AddPlugin(encoders{}))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// encoders is the plugin.
type encoders struct{}

// Name implements plugin.Plugin.
func (encoders) Name() string { return "encoders" }

// GenerateCode implements plugin.CodeGenerator.
func (encoders) GenerateCode(data *codegen.Data) error {
	var objects []*codegen.Object
	enums := map[string]*config.TypeReference{}
	for _, object := range data.Objects {
		if object.Root || strings.HasPrefix(object.Name, "__") || object.HasResolvers() {
			continue
		}
		objects = append(objects, object)
		for _, field := range object.Fields {
			if len(field.Args) > 0 || !field.NoErr && !field.VOkFunc && field.GoFieldType == codegen.GoFieldMethod {
				return fmt.Errorf("%s.%s has arguments or an error: package encode has no way for it", object.Name, field.Name)
			}
			if field.TypeReference.Definition.Kind == ast.Enum {
				enums[field.TypeReference.Definition.Name] = field.TypeReference
			}
		}
	}
	if err := generateSearch(data); err != nil {
		return err
	}
	return templates.Render(templates.Options{
		PackageName:     "fast",
		Filename:        filepath.Join("graph", "fast", "generated.go"),
		Template:        encodeTemplate,
		Data:            map[string]any{"Objects": objects, "Enums": enums},
		Funcs:           map[string]any{"appendField": appendField, "enumType": enumType},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// generateSearch adds to gqlgen's package what it keeps to itself.
func generateSearch(data *codegen.Data) error {
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.Dir(), "search.go"),
		Template:        searchTemplate,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// enumType is the Go type of an enum's values.
func enumType(ref *config.TypeReference) types.Type {
	if p, ok := ref.GO.(*types.Pointer); ok {
		return p.Elem()
	}
	return ref.GO
}

// value is the Go expression of a field's value. Where the Go type has a method
// for a view, such as NodeViews beside Nodes, that is called: the encoder needs
// no value that stays good.
func value(field *codegen.Field) string {
	view := strings.TrimSuffix(field.GoFieldName, "s") + "Views"
	if method, _, _ := types.LookupFieldOrMethod(types.NewPointer(field.Object.Type), false, nil, view); method != nil {
		return "v." + view + "()"
	}
	if field.GoFieldType == codegen.GoFieldMethod {
		return "v." + field.GoFieldName + "()"
	}
	return "v." + field.GoFieldName
}

// appendField is the statement that appends a field's value.
func appendField(field *codegen.Field) string {
	if field.VOkFunc && field.TypeReference.Definition.Kind == ast.Object {
		return fmt.Sprintf("if value, ok := %s; ok {\nb = append%s(b, f.fields, &value)\n} else {\nb = appendNull(b)\n}", value(field), field.TypeReference.Definition.Name)
	}
	if field.VOkFunc {
		return fmt.Sprintf("value, ok := %s\nb = appendIf(b, value, ok, %s)", value(field), appender(field.TypeReference))
	}
	return appendValue(field.TypeReference, value(field))
}

// appendValue is the statement that appends the expression of a type.
func appendValue(ref *config.TypeReference, expr string) string {
	switch t := ref.GO.(type) {
	case *types.Pointer:
		if ref.Definition.Kind == ast.Object {
			return fmt.Sprintf("b = appendObject(b, %s, f, append%s)", expr, ref.Definition.Name)
		}
		return fmt.Sprintf("b = appendPointer(b, %s, %s)", expr, appender(ref))
	case *types.Slice:
		if ref.GQL.Elem == nil {
			break
		}
		if _, pointers := t.Elem().(*types.Pointer); pointers {
			return fmt.Sprintf("b = appendObjects(b, %s, f, append%s)", expr, ref.Definition.Name)
		}
		if ref.Definition.Kind == ast.Object {
			return fmt.Sprintf("b = appendStructs(b, %s, f, append%s)", expr, ref.Definition.Name)
		}
		return fmt.Sprintf("b = appendList(b, %s, %s)", expr, appender(ref))
	}
	if ref.Definition.Kind == ast.Object {
		return fmt.Sprintf("b = append%s(b, f.fields, &%s)", ref.Definition.Name, expr)
	}
	return fmt.Sprintf("b = %s(b, %s)", appender(ref), expr)
}

// appender is the function that appends a scalar or an enum value.
func appender(ref *config.TypeReference) string {
	if named, ok := ref.GO.(*types.Named); ok && named.Obj().Name() == "Text" {
		return "appendText"
	}
	if ref.Definition.Name == "ID" {
		return "appendString"
	}
	return "append" + ref.Definition.Name
}
