package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// coveredKinds are the fields of type Kinds that the fast lane covers.
const coveredKinds = `
  text: String!
  pointer: Int
  json: JSON
  enum: Enum!
  enumPointer: Enum
  list: [String!]!
  enumList: [Enum!]!
  object: Object!
  objectPointer: Object
  objectList: [Object!]!
  objectPointerList: [Object!]!
  method: Int!
  objectMethod: Object!
  optional: Int
  optionalObject: Object
`

// ordinaryKinds are the fields that go through the ordinary lane.
const ordinaryKinds = `
  resolver: Int!
  arguments(n: Int!): Int!
  directive: Int! @changed
  error: Int!
  context: Int!
  nonNullPointer: Int!
  nonNullEnumPointer: Enum!
  nonNullOptional: Int!
  optionalPointer: Int
  optionalObjectPointer: Object
  optionalList: [Int!]
  nullableList: [Int!]
  listOfNullable: [Int]!
  pointerList: [Int!]!
  enumPointerList: [Enum!]!
  listOfLists: [[Int!]!]!
  newScalar: NewScalar!
  newTypeOfScalar: String!
  enumOfMethods: EnumOfMethods!
  interface: Node
  union: Either
  goInterface: GoInterface!
  goMap: GoMap!
`

const kindsSchema = `
directive @changed on FIELD_DEFINITION
scalar JSON
scalar NewScalar
enum Enum { A B }
enum EnumOfMethods { A B }
interface Node { resolver: Int! }
union Either = Object
type Query { label: Label kinds: Kinds views: Views chats: ChatConnection }
type ChatConnection { totalCount: Int! label: Label kinds: Kinds views: Views }
type Label { id: ID! }
type Object implements Node { resolver: Int! }
type GoInterface { name: String! }
type GoMap { name: String! }
type Views { nodes: [Object!]! }
type Kinds {` + coveredKinds + ordinaryKinds + `}`

// loadKinds returns what gqlgen knows of kindsSchema and its Go types.
func loadKinds(t *testing.T) *codegen.Data {
	t.Helper()
	const kinds = "texter-graphql/graph/fast/gen/testdata/kinds."
	cfg := config.DefaultConfig()
	cfg.Sources = []*ast.Source{{Name: "kinds.graphqls", Input: kindsSchema}}
	cfg.Exec = config.ExecConfig{Package: "generated", Filename: filepath.Join(t.TempDir(), "generated.go")}
	resolver := map[string]config.TypeMapField{"resolver": {Resolver: true}}
	cfg.Models = config.TypeMap{
		"ChatConnection": {Model: config.StringList{"texter-graphql/graph/relay.Connection"}},
		"Label":          {Model: config.StringList{"texter-graphql/texter.Label"}},
		"JSON":           {Model: config.StringList{"texter-graphql/graph/scalar.JSON"}},
		"String":         {Model: config.StringList{"github.com/99designs/gqlgen/graphql.String", kinds + "Text"}},
		"NewScalar":      {Model: config.StringList{kinds + "Text"}},
		"GoMap":          {Model: config.StringList{"map[string]interface{}"}},
		"Kinds":          {Model: config.StringList{kinds + "Kinds"}, Fields: resolver},
		"Object":         {Model: config.StringList{kinds + "Object"}, Fields: resolver},
		"Enum": {Model: config.StringList{kinds + "Enum"}, EnumValues: map[string]config.EnumValue{
			"A": {Value: kinds + "EnumA"}, "B": {Value: kinds + "EnumB"},
		}},
	}
	for _, name := range []string{"Views", "GoInterface", "Node", "Either", "EnumOfMethods"} {
		cfg.Models[name] = config.TypeMapEntry{Model: config.StringList{kinds + name}}
	}
	if err := cfg.Init(); err != nil {
		t.Fatal(err)
	}
	data, err := codegen.BuildData(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestKindsOfFields: each kind of field that the fast lane does not cover is left
// out by itself, and the rest compiles.
func TestKindsOfFields(t *testing.T) {
	data := loadKinds(t)
	for _, field := range data.Objects.ByName("Kinds").Fields {
		isCoveredKind := strings.Contains(coveredKinds, "  "+field.Name+":")
		lane := map[bool]string{true: "fast", false: "ordinary"}
		t.Run(field.Name+" goes through the "+lane[isCoveredKind]+" lane", func(t *testing.T) {
			// Else gqlgen itself would leave the field to a resolver.
			if kind := field.Name; kind != "resolver" && field.IsResolver {
				t.Fatal("package kinds has no Go field or method for it")
			}
			if got := isCovered(data, field); got != isCoveredKind {
				t.Errorf("it goes through the %s lane", lane[got])
			}
		})
	}
	filename := filepath.Join(t.TempDir(), "generated.go")
	if err := generateEncoders(data, filename); err != nil {
		t.Fatal(err)
	}
	generated, err := os.ReadFile(filename)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("package fast compiles with what is generated", func(t *testing.T) {
		if err := compileFast(t, filename); err != nil {
			t.Errorf("%v\n%s", err, generated)
		}
	})
	t.Run("a method for views is called in place of the one that it views", func(t *testing.T) {
		if text := string(generated); !strings.Contains(text, "v.NodeViews()") || strings.Contains(text, "v.Nodes()") {
			t.Error(text)
		}
	})
}

// compileFast compiles package fast with another generated.go.
func compileFast(t *testing.T, filename string) error {
	t.Helper()
	fast, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(fast, "generated.go"): filename}})
	if err != nil {
		return err
	}
	overlayFile := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return err
	}
	compile := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlayFile, "texter-graphql/graph/fast")
	if output, err := compile.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	return nil
}
