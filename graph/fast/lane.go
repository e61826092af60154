// Package fast is the fast lane. gqlgen's executor makes a closure and a context
// for each field, and a goroutine for each element of a list. This package makes
// a plan of the selected fields once, and then appends bytes to a buffer.
//
// A plan covers a connection of chats if all its selected fields are plain: fields
// or methods of Go types, without arguments and without errors. Everything else
// goes through the ordinary lane, which is gqlgen's generated code. Both lanes
// write the same bytes. gqlgen decides which fields are selected, and in which
// order: see graphql.CollectFields.
package fast

import (
	"bytes"
	"context"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// Lane executes the operations of a schema. It is safe for concurrent use.
type Lane struct {
	schema     graphql.ExecutableSchema
	selections *selections
	fallback   func()
}

// NewLane returns the fast lane of a schema of package generated. The lane calls
// fallback, unless it is nil, for each connection that no plan covers.
func NewLane(schema graphql.ExecutableSchema, fallback func()) *Lane {
	if fallback == nil {
		fallback = func() {}
	}
	return &Lane{schema, newSelections(), fallback}
}

// Operation is the execution of one operation. It holds the data that gqlgen's
// generated code wrote, without the connections that plans cover. AppendJSON writes
// these late, into the buffer of the response: that saves a copy and its memory.
type Operation struct {
	lane      *Lane
	selection *selection
	data      []byte
	late      []lateConnection
}

// lateConnection is a connection that AppendJSON writes.
type lateConnection struct {
	offset     int // in data
	connection *encodedConnection
}

// Begin starts the execution of a query. Its selection is computed once, and then
// kept for the next time.
func (l *Lane) Begin(op *graphql.OperationContext) *Operation {
	return &Operation{lane: l, selection: l.selections.find(op)}
}

// IsPlain reports whether plans cover the whole operation, and none of them needs
// labels. Its data then depends on nothing but its searches.
func (o *Operation) IsPlain() bool { return o.selection.plain }

// IsSingle reports whether the operation is one search that a plan covers.
func (o *Operation) IsSingle() bool { return o.selection.single != nil }

// Exec executes the operation. The context must be one for gqlgen's executor. Exec
// returns the errors that the context does not collect. Call AppendJSON after it.
func (o *Operation) Exec(ctx context.Context) gqlerror.List {
	if field := o.selection.single; field != nil {
		o.execSingle(ctx, *field)
		return nil
	}
	response := o.lane.schema.Exec(ctx)(ctx)
	o.data = response.Data
	return response.Errors
}

// execSingle resolves the only root field. The schema's Exec would take twice as
// long, because it prepares for several fields.
func (o *Operation) execSingle(ctx context.Context, field graphql.CollectedField) {
	data := bytes.NewBuffer(make([]byte, 0, 64))
	data.WriteByte('{')
	graphql.MarshalString(field.Alias).MarshalGQL(data)
	data.WriteByte(':')
	generated.ResolveConnection(ctx, o.lane.schema, field).MarshalGQL(data)
	data.WriteByte('}')
	o.data = data.Bytes()
}

// Marshaler returns the marshaler that writes a connection by the plan of its
// field, with these labels, which may be nil: see FirstLabel. It returns nil if no
// plan covers the field.
func (o *Operation) Marshaler(field graphql.CollectedField, c *relay.Connection, labels *texter.Labels) graphql.Marshaler {
	p := o.selection.plans[field.Field]
	if p == nil {
		o.lane.fallback()
		return nil
	}
	return &encodedConnection{o, p, c, labels}
}

// encodedConnection writes a connection by a plan.
type encodedConnection struct {
	operation  *Operation
	plan       *plan
	connection *relay.Connection
	labels     *texter.Labels
}

// MarshalGQL implements graphql.Marshaler. If w is the buffer of the whole data, it
// writes nothing, and leaves the connection to AppendJSON.
func (c *encodedConnection) MarshalGQL(w io.Writer) {
	data, isWholeData := w.(*bytes.Buffer)
	if !isWholeData {
		_, _ = w.Write(c.append(nil, whole()))
		return
	}
	c.operation.late = append(c.operation.late, lateConnection{data.Len(), c})
}

// AppendJSON implements transport.Data. It appends the data of the operation.
func (o *Operation) AppendJSON(b []byte, pieceSize int, flush Flush) []byte {
	e := &encoding{pieceSize: pieceSize, flush: flush}
	written := 0
	for _, late := range o.late {
		b = e.write(b, o.data[written:late.offset])
		b = late.connection.append(b, e)
		written = late.offset
	}
	return e.write(b, o.data[written:])
}

// Size implements transport.Data. It returns how many bytes AppendJSON appends.
func (o *Operation) Size() int { return o.size(&encoding{}) }

// Bound implements transport.Data. It counts the fields of no chat that has a bound.
func (o *Operation) Bound() (size int, isExact bool) {
	e := &encoding{bounds: true}
	return o.size(e), !e.estimated
}

func (o *Operation) size(e *encoding) int {
	n := len(o.data)
	for _, late := range o.late {
		n += late.connection.size(e)
	}
	return n
}
