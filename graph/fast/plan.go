package fast

import (
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

// plan is how to write a connection.
type plan struct {
	fields   []field
	nodeSize atomic.Int64 // bytes that a node took when it was last written
}

// field is a selected field.
type field struct {
	key    []byte        // what stands before the value: a comma unless first, the response key, a colon
	padded [padding]byte // the key, unless it is longer, in a size that is copied at once
	number int           // in fieldsOf, or typename
	fields []field
}

const padding = 32

// typename is the number of the meta field __typename.
const typename = -1

// appendKey appends what stands before the value.
func (f *field) appendKey(b []byte) []byte {
	end := len(b) + len(f.key)
	if len(f.key) > padding || cap(b)-len(b) < padding {
		return append(b, f.key...)
	}
	*(*[padding]byte)(b[len(b):cap(b)]) = f.padded
	return b[:end]
}

// compilePlan makes the plan of a selection on a connection. It fails if the
// selection has a field that plans do not cover.
func compilePlan(op *graphql.OperationContext, selections ast.SelectionSet) (*plan, bool) {
	fields, ok := compile(op, selections, relay.TypeName)
	return &plan{fields: fields}, ok
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

// encodingKey is what the encoding of a page depends on.
type encodingKey struct {
	plan       *plan
	connection relay.Identity
}

// append appends the connection. Where its page is kept, the encoding is kept
// with it.
func (e *encodedConnection) append(b []byte) []byte {
	memo, identity := e.connection.Memo()
	if memo == nil {
		return e.plan.append(b, e.connection)
	}
	key := encodingKey{e.plan, identity}
	if encoded, ok := memo.Recall(key).([]byte); ok {
		return append(b, encoded...)
	}
	before := len(b)
	b = e.plan.append(b, e.connection)
	memo.Remember(key, len(b)-before, func() any { return slices.Clone(b[before:]) })
	return b
}

// append encodes a connection. It takes room for it by the size of the one
// before.
func (p *plan) append(b []byte, c *relay.Connection) []byte {
	nodes, before := len(c.NodeViews()), len(b)
	b = appendChatConnection(slices.Grow(b, 512+nodes*int(p.nodeSize.Load())), p.fields, c)
	if nodes > 0 {
		p.nodeSize.Store(int64((len(b)-before)/nodes + 64))
	}
	return b
}
