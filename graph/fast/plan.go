// Package fast writes objects of the schema's types to JSON in one pass over
// a buffer. gqlgen's executor makes a closure and a context for every field and
// a goroutine for every element of a list; this package makes a plan of the
// selected fields once for an operation, and then only appends bytes.
//
// It covers object types whose fields are plain fields or methods of Go types,
// which cannot fail. What such a type is and in what order its fields come is
// left to gqlgen: see graphql.CollectFields.
package fast

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

// Plan is what to write of a connection.
type Plan struct{ fields []field }

// field is a selected field.
type field struct {
	key    []byte        // what stands before the value: a comma unless first, the response key, a colon
	padded [padding]byte // the key, unless it is longer, in a size that is copied at once
	number int           // in fieldsOf; -1 is __typename
	fields []field
}

const padding = 32

// appendKey appends what stands before the value.
func (f *field) appendKey(b []byte) []byte {
	end := len(b) + len(f.key)
	if len(f.key) > padding || cap(b)-len(b) < padding {
		return append(b, f.key...)
	}
	*(*[padding]byte)(b[len(b):cap(b)]) = f.padded
	return b[:end]
}

// typename is the number of the meta field __typename.
const typename = -1

// Compile makes the plan of a selection on a ChatConnection. It fails if the
// selection has something that this package does not cover.
func Compile(op *graphql.OperationContext, selections ast.SelectionSet) (*Plan, bool) {
	fields, ok := compile(op, selections, "ChatConnection")
	return &Plan{fields}, ok
}

func compile(op *graphql.OperationContext, selections ast.SelectionSet, typeName string) ([]field, bool) {
	names := fieldsOf(typeName)
	collected := graphql.CollectFields(op, selections, []string{typeName})
	fields := make([]field, len(collected))
	for i, c := range collected {
		f := field{number: slices.Index(names, c.Name)}
		if i > 0 {
			f.key = []byte{','}
		}
		f.key = append(appendString(f.key, c.Alias), ':')
		copy(f.padded[:], f.key)
		switch {
		case len(c.Deferrables) > 0:
			return nil, false
		case c.Name == "__typename":
			f.number = typename
		case f.number < 0:
			return nil, false
		case len(c.Selections) > 0:
			var ok bool
			if f.fields, ok = compile(op, c.Selections, c.Definition.Type.Name()); !ok {
				return nil, false
			}
		}
		fields[i] = f
	}
	return fields, true
}

// Append appends the connection as the plan has it.
func (p *Plan) Append(b []byte, c *relay.Connection) []byte {
	return appendChatConnection(b, p.fields, c)
}
