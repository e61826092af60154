package graph

import (
	"context"
	"io"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/graph/fast"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/transport"
)

// fastEncoding writes connections by package encode instead of by what gqlgen
// generates, which stays the fallback for what that does not cover. A nil one
// leaves all to that.
type fastEncoding struct {
	fallback func() // see Options; nil for none
}

// plan is how to answer a field that is a connection.
type plan struct {
	*fast.Plan              // nil where the encoder does not cover the field
	countsOnly bool         // no chats are needed
	nodeSize   atomic.Int64 // bytes that a node took when last written
}

func newPlan(op *graphql.OperationContext, connection graphql.CollectedField) *plan {
	p := &plan{countsOnly: countsOnly(op, connection)}
	if compiled, ok := fast.Compile(op, connection.Selections); ok {
		p.Plan = compiled
	}
	return p
}

// planOf is the plan of the connection that is being resolved.
func planOf(ctx context.Context) *plan {
	return executionOf(ctx).selection.plans[graphql.GetFieldContext(ctx).Field.Field]
}

// resolve implements graphql.FieldMiddleware: it lets the resolver of a
// connection return its own marshaler. See graphql.ResolveField.
func (f *fastEncoding) resolve(ctx context.Context, next graphql.Resolver) (any, error) {
	result, err := next(ctx)
	connection, ok := result.(*relay.Connection)
	if f == nil || !ok || connection == nil || err != nil {
		return result, err
	}
	p := planOf(ctx)
	if p.Plan == nil {
		if f.fallback != nil {
			f.fallback()
		}
		return result, nil
	}
	return &encodedConnection{ctx, p, connection}, nil
}

// encodedConnection writes a connection by a plan.
type encodedConnection struct {
	ctx        context.Context
	plan       *plan
	connection *relay.Connection
}

// MarshalGQL implements graphql.Marshaler.
func (e *encodedConnection) MarshalGQL(w io.Writer) {
	if !transport.WriteLater(e.ctx, w, e.append) {
		_, _ = w.Write(e.append(nil))
	}
}

// encodingKey is what the encoding of a page depends on.
type encodingKey struct {
	plan       *plan
	connection relay.Identity
}

// append appends the connection. Where its page is kept, that is done once.
func (e *encodedConnection) append(b []byte) []byte {
	memo, identity := e.connection.Memo()
	if memo == nil {
		return e.encode(b)
	}
	key := encodingKey{e.plan, identity}
	if encoded, ok := memo.Recall(key).([]byte); ok {
		return append(b, encoded...)
	}
	before := len(b)
	b = e.encode(b)
	memo.Remember(key, len(b)-before, func() any { return slices.Clone(b[before:]) })
	return b
}

// encode encodes the connection, and takes note of its size for the next.
func (e *encodedConnection) encode(b []byte) []byte {
	nodes, before := len(e.connection.NodeViews()), len(b)
	b = e.plan.Append(slices.Grow(b, 512+nodes*int(e.plan.nodeSize.Load())), e.connection)
	if nodes > 0 {
		e.plan.nodeSize.Store(int64((len(b)-before)/nodes + 64))
	}
	return b
}
