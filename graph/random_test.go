package graph

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/limits"
)

// randomOperation writes a random valid operation.
type randomOperation struct {
	*rand.Rand
	schema    *ast.Schema
	fragments []string
	variables map[string]any
	names     int // the number of names that are used
}

// newRandomOperation writes operations until one is within the limit of tokens.
func newRandomOperation(random *rand.Rand) (document string, variables map[string]any) {
	for document == "" || len(strings.FieldsFunc(document, func(r rune) bool { return strings.ContainsRune(" {}()@:", r) })) > limits.MaxTokens/3 {
		document, variables = writeRandomOperation(random)
	}
	return document, variables
}

func writeRandomOperation(random *rand.Rand) (document string, variables map[string]any) {
	o := &randomOperation{Rand: random, schema: generated.NewExecutableSchema(generated.Config{}).Schema(), variables: map[string]any{}}
	for _, name := range []string{"yes", "no"} {
		o.variables[name] = o.IntN(2) == 0
	}
	var body strings.Builder
	for range 1 + o.IntN(3) {
		fmt.Fprintf(&body, "%s: searchChats(first: %d) %s", o.name(), 1+o.IntN(50), o.selection("ChatConnection", 4))
	}
	return "query($yes: Boolean!, $no: Boolean!) { used: __typename @include(if: $yes) other: __typename @skip(if: $no) " +
		body.String() + "} " + strings.Join(o.fragments, " "), o.variables
}

// name returns a name that no other alias or fragment has.
func (o *randomOperation) name() string {
	o.names++
	return fmt.Sprint("a", o.names)
}

// selection writes a selection set with some fields of a type, some of them in
// fragments.
func (o *randomOperation) selection(typeName string, depth int) string {
	var b strings.Builder
	b.WriteString("{ __typename ")
	for range 1 + o.IntN(4) {
		switch kind := o.IntN(8); {
		case kind > 2 || depth == 0:
			b.WriteString(o.field(typeName, depth))
		case kind == 0:
			fmt.Fprintf(&b, "... %s %s ", o.condition(), o.selection(typeName, depth-1))
		case kind == 1:
			fmt.Fprintf(&b, "... on %s %s %s ", typeName, o.condition(), o.selection(typeName, depth-1))
		default:
			name := o.name()
			o.fragments = append(o.fragments, "")
			i := len(o.fragments) - 1
			o.fragments[i] = fmt.Sprintf("fragment %s on %s %s", name, typeName, o.selection(typeName, depth-1))
			fmt.Fprintf(&b, "...%s %s ...%[1]s ", name, o.condition())
		}
	}
	b.WriteString("} ")
	return b.String()
}

// field writes one field, often with an alias. Each response key belongs to one
// field, so that all selections can be merged.
func (o *randomOperation) field(typeName string, depth int) string {
	fields := o.schema.Types[typeName].Fields
	f := fields[o.IntN(len(fields))]
	fieldType := o.schema.Types[f.Type.Name()]
	if fieldType.Kind == ast.Object && depth == 0 {
		return "__typename "
	}
	text := f.Name + " " + o.condition()
	if o.IntN(3) == 0 {
		text = o.name() + ": " + text
	}
	if fieldType.Kind == ast.Object {
		text += o.selection(fieldType.Name, depth-1)
	}
	return text + " "
}

// condition writes directives that include or skip a field, or none.
func (o *randomOperation) condition() string {
	return []string{"", "", "", "@include(if: $yes)", "@skip(if: $no)", "@skip(if: $yes) @include(if: $no)", "@include(if: true)"}[o.IntN(7)]
}
