// Command gen runs gqlgen with one plugin more. For each object type of the
// schema, the plugin writes the function of package fast that appends such an
// object to a buffer.
package main

import (
	_ "embed"
	"fmt"
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

// object is an object type and those of its fields that the fast lane covers.
type object struct {
	*codegen.Object
	Covered []*codegen.Field
}

// GenerateCode implements plugin.CodeGenerator.
func (encoders) GenerateCode(data *codegen.Data) error {
	var objects []object
	enums := map[string]*config.TypeReference{}
	for _, o := range data.Objects {
		if !isObject(o) {
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
	if err := generateResolve(data); err != nil {
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

// isObject reports whether objects of a type are appended at all.
func isObject(o *codegen.Object) bool {
	return !o.Root && !strings.HasPrefix(o.Name, "__")
}

// generateResolve adds to gqlgen's package what that keeps to itself: how to
// resolve one field of the query type alone.
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
