package fast

import (
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// plan says how to write a connection.
type plan struct {
	fields   []field
	label    *labelPath   // nil if nothing but the ids of labels is selected
	nodeSize atomic.Int64 // the bytes of a node when the plan was last used
}

// field is a selected field.
type field struct {
	key    []byte           // what precedes the value: a comma unless it is the first field, the response key, a colon
	padded [paddedSize]byte // the first bytes of key, in a size that is copied at once
	number int              // the index in fieldsOf, or typename
	fields []field
}

const paddedSize = 32

// typename is the number of the meta field __typename.
const typename = -1

// appendKey appends what precedes the value.
func (f *field) appendKey(b []byte) []byte {
	end := len(b) + len(f.key)
	if len(f.key) > paddedSize || cap(b)-len(b) < paddedSize {
		return append(b, f.key...)
	}
	*(*[paddedSize]byte)(b[len(b):cap(b)]) = f.padded
	return b[:end]
}

// compilePlan makes the plan of a selection set of a connection. It returns false
// if a selected field cannot be part of a plan.
func compilePlan(op *graphql.OperationContext, selections ast.SelectionSet) (*plan, bool) {
	c := compiler{op: op}
	fields, ok := c.compile(selections, relay.TypeName)
	return &plan{fields: fields, label: c.label}, ok
}

// compiler makes one plan.
type compiler struct {
	op    *graphql.OperationContext
	steps []step     // to the object that is being compiled
	label *labelPath // nil until it is found
}

func (c *compiler) compile(selections ast.SelectionSet, typeName string) ([]field, bool) {
	names := fieldsOf(typeName)
	collected := graphql.CollectFields(c.op, selections, []string{typeName})
	fields := make([]field, len(collected))
	for i, selected := range collected {
		f := field{number: slices.Index(names, selected.Name)}
		if i > 0 {
			f.key = []byte{','}
		}
		f.key = append(appendString(f.key, selected.Alias), ':')
		copy(f.padded[:], f.key)
		if selected.Name == "__typename" {
			f.number = typename
		} else if f.number < 0 {
			return nil, false
		}
		if !c.compileBelow(&f, selected, i) {
			return nil, false
		}
		fields[i] = f
	}
	return fields, true
}

// compileBelow compiles the selection set of a field, which has this position in
// its object.
func (c *compiler) compileBelow(f *field, selected graphql.CollectedField, position int) (ok bool) {
	depth := len(c.steps)
	defer func() { c.steps = c.steps[:depth] }()
	c.steps = append(c.steps, step{selected.Alias, position})
	if selected.ObjectDefinition.Name == labelType && !isBare(selected.Name) && c.label == nil {
		c.label = &labelPath{slices.Clone(c.steps), selected.Field}
	}
	if len(selected.Selections) == 0 {
		return true
	}
	if selected.Definition.Type.Elem != nil {
		c.steps = append(c.steps, step{})
	}
	f.fields, ok = c.compile(selected.Selections, selected.Definition.Type.Name())
	return ok
}

// encodingKey is what the encoding of a page depends on, besides the page.
type encodingKey struct {
	plan       *plan
	connection relay.Identity
	labels     *texter.Labels
}

// kept returns what remembers encodings of the page, and the key of this one. It
// returns nil if the page is not kept.
func (c *encodedConnection) kept() (*texter.Memo, encodingKey) {
	memo, identity := c.connection.Memo()
	return memo, encodingKey{c.plan, identity, c.labels}
}

// size returns how many bytes append appends, or more if the encoding takes bounds.
func (c *encodedConnection) size(e *encoding) int {
	memo, key := c.kept()
	if encoded, ok := memo.Recall(key).([]byte); ok {
		return len(encoded)
	}
	e.labels = c.labels
	return sizeFieldsOfChatConnection(c.plan.fields, c.connection, e)
}

// append appends the connection. If its page is kept, its encoding is kept with
// the page, unless it was passed on in pieces.
func (c *encodedConnection) append(b []byte, e *encoding) []byte {
	e.labels = c.labels
	memo, key := c.kept()
	if memo == nil {
		return c.plan.append(b, c.connection, e)
	}
	if encoded, ok := memo.Recall(key).([]byte); ok {
		return e.write(b, encoded)
	}
	before, pieces := len(b), e.pieces
	b = c.plan.append(b, c.connection, e)
	if e.pieces == pieces {
		memo.Remember(key, len(b)-before, func() any { return slices.Clone(b[before:]) })
	}
	return b
}

// append encodes a connection. It estimates the size of the connection by the
// previous one.
func (p *plan) append(b []byte, c *relay.Connection, e *encoding) []byte {
	nodes, before, pieces := len(c.NodeViews()), len(b), e.pieces
	b = slices.Grow(b, min(512+nodes*int(p.nodeSize.Load()), e.pieceSize))
	b = appendFieldsOfChatConnection(b, p.fields, c, e)
	if nodes > 0 && e.pieces == pieces {
		p.nodeSize.Store(int64((len(b)-before)/nodes + 64))
	}
	return b
}
