// Package fast is the fast lane. gqlgen's executor makes a closure and a context
// for each field, and a goroutine for each element of a list. This package makes
// a plan of the selected fields once, and then appends bytes.
//
// A plan covers a connection of chats whose selected fields are plain: fields
// and methods of Go types that take no arguments and cannot fail. Everything else
// goes the ordinary way, through what gqlgen generates. The answer is the same, to
// the byte. Which fields there are, and in what order they stand, gqlgen decides:
// see graphql.CollectFields.
package fast

import (
	"bytes"
	"context"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
)

// Lane executes the operations of a schema. It is safe for concurrent use.
type Lane struct {
	schema     graphql.ExecutableSchema
	selections *selections
	fallback   func()
}

// NewLane makes the fast lane of a schema, which package generated made. The lane
// calls fallback for each connection that no plan covers; nil for none.
func NewLane(schema graphql.ExecutableSchema, fallback func()) *Lane {
	if fallback == nil {
		fallback = func() {}
	}
	return &Lane{schema, newSelections(), fallback}
}

// Operation is the execution of one operation. It holds the data that gqlgen's
// executor wrote, and the connections that are left out of it: they are appended
// in their places to the answer itself, which saves a copy and its memory.
type Operation struct {
	lane      *Lane
	selection *selection
	data      []byte
	late      []lateConnection
}

type lateConnection struct {
	offset     int // in data
	connection *encodedConnection
}

// Begin begins an operation. Its selection is found once for all equal ones.
func (l *Lane) Begin(op *graphql.OperationContext) *Operation {
	return &Operation{lane: l, selection: l.selections.find(op)}
}

// IsCovered reports whether plans cover the whole operation. Its answer is then
// made of its searches and their plain fields: nothing else is in it.
func (o *Operation) IsCovered() bool { return o.selection.covered }

// IsSingle reports whether one search that a plan covers is the whole operation.
func (o *Operation) IsSingle() bool { return o.selection.single != nil }

// Exec executes the operation in a context that gqlgen's executor would have, and
// returns the errors that the context does not collect. AppendJSON is for
// afterwards.
func (o *Operation) Exec(ctx context.Context) gqlerror.List {
	if field := o.selection.single; field != nil {
		o.execSingle(ctx, *field)
		return nil
	}
	response := o.lane.schema.Exec(ctx)(ctx)
	o.data = response.Data
	return response.Errors
}

// execSingle resolves the only field. What the schema's Exec does to resolve
// several takes as long as all else that it does.
func (o *Operation) execSingle(ctx context.Context, field graphql.CollectedField) {
	data := bytes.NewBuffer(make([]byte, 0, 64))
	data.WriteByte('{')
	graphql.MarshalString(field.Alias).MarshalGQL(data)
	data.WriteByte(':')
	generated.ResolveConnection(ctx, o.lane.schema, field).MarshalGQL(data)
	data.WriteByte('}')
	o.data = data.Bytes()
}

// Marshaler returns what writes a connection in place of gqlgen's executor. It
// returns nil where no plan covers the field.
func (o *Operation) Marshaler(field graphql.CollectedField, c *relay.Connection) graphql.Marshaler {
	p := o.selection.plans[field.Field]
	if p == nil {
		o.lane.fallback()
		return nil
	}
	return &encodedConnection{o, p, c}
}

// encodedConnection writes a connection by a plan.
type encodedConnection struct {
	operation  *Operation
	plan       *plan
	connection *relay.Connection
}

// MarshalGQL implements graphql.Marshaler. It writes nothing yet where w is the
// buffer of the whole data.
func (e *encodedConnection) MarshalGQL(w io.Writer) {
	data, isWholeData := w.(*bytes.Buffer)
	if !isWholeData {
		_, _ = w.Write(e.append(nil))
		return
	}
	e.operation.late = append(e.operation.late, lateConnection{data.Len(), e})
}

// AppendJSON appends the data of the operation.
func (o *Operation) AppendJSON(b []byte) []byte {
	done := 0
	for _, late := range o.late {
		b = append(b, o.data[done:late.offset]...)
		b = late.connection.append(b)
		done = late.offset
	}
	return append(b, o.data[done:]...)
}
