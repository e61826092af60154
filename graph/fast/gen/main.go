// Command gen runs gqlgen with an additional plugin. For each object type below a
// connection, the plugin writes a function of package fast that appends an object of
// that type to a buffer, and one that returns how many bytes that takes.
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

	"texter-graphql/graph/relay"
)

//go:embed encode.gotpl
var encodeTemplate string

//go:embed resolve.gotpl
var resolveTemplate string

func main() {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err == nil {
		cfg.Model = config.PackageConfig{} // gqlgen.yml maps every type, so there are no models to write
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

// object is an object type and those of its fields that the fast lane covers.
type object struct {
	*codegen.Object
	Covered []*codegen.Field
}

// GenerateCode implements plugin.CodeGenerator.
func (encoders) GenerateCode(data *codegen.Data) error {
	if err := generateResolve(data); err != nil {
		return err
	}
	return generateEncoders(data, filepath.Join("graph", "fast", "generated.go"))
}

// generateEncoders writes the append functions of package fast to a file.
func generateEncoders(data *codegen.Data, filename string) error {
	var objects []object
	enums := map[string]*config.TypeReference{}
	reachable := map[string]bool{}
	reach(data, relay.TypeName, reachable)
	for _, o := range data.Objects {
		if !reachable[o.Name] || !isObject(o) {
			continue
		}
		covered := object{Object: o}
		for _, field := range o.Fields {
			if !isCovered(data, field) {
				continue
			}
			covered.Covered = append(covered.Covered, field)
			if field.TypeReference.Definition.Kind == ast.Enum {
				enums[field.TypeReference.Definition.Name] = field.TypeReference
			}
		}
		objects = append(objects, covered)
	}
	return templates.Render(templates.Options{
		PackageName:     "fast",
		Filename:        filename,
		Template:        encodeTemplate,
		Data:            map[string]any{"Objects": objects, "Enums": enums},
		Funcs:           map[string]any{"appendField": appendField, "sizeField": sizeField, "enumType": enumType},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// reach adds a type, and the types of all fields below it, to the reachable ones.
func reach(data *codegen.Data, typeName string, reachable map[string]bool) {
	o := data.Objects.ByName(typeName)
	if o == nil || reachable[typeName] {
		return
	}
	reachable[typeName] = true
	for _, field := range o.Fields {
		reach(data, field.TypeReference.Definition.Name, reachable)
	}
}

// isObject reports whether a type gets an append function. Root types, types of
// introspection and types that are not Go structs do not.
func isObject(o *codegen.Object) bool {
	if o.Root || strings.HasPrefix(o.Name, "__") {
		return false
	}
	_, isStruct := o.Type.Underlying().(*types.Struct)
	return isStruct
}

// generateResolve adds a function to gqlgen's package that resolves one field of
// the query type alone. gqlgen does not export one.
func generateResolve(data *codegen.Data) error {
	var connections []*codegen.Field
	for _, field := range data.QueryRoot.Fields {
		if field.TypeReference.GQL.NamedType == relay.TypeName {
			connections = append(connections, field)
		}
	}
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.Dir(), "resolve.go"),
		Template:        resolveTemplate,
		Data:            map[string]any{"Connections": connections},
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}
