package graph

import (
	"context"
	"io"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/encode"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/transport"
)

// cachedPlans is how many encoding plans are kept.
const cachedPlans = 250

// fastEncoding writes connections by package encode instead of by gqlgen's
// executor, which stays the fallback for what that does not cover.
type fastEncoding struct {
	plans    *lru.Cache[planKey, *plan]
	fallback func() // see Options
}

// planKey is what the plan of a field depends on.
type planKey struct {
	operation  *ast.OperationDefinition
	field      *ast.Field
	conditions string // the values of the operation's Boolean variables
}

// plan is an encoding plan, or none where the encoder does not cover the field.
type plan struct {
	*encode.Plan
	nodeSize atomic.Int64 // bytes that a node took when last written
}

func newFastEncoding(fallback func()) (*fastEncoding, error) {
	plans, err := lru.New[planKey, *plan](cachedPlans)
	return &fastEncoding{plans, fallback}, err
}

// intercept lets the resolver of a connection return its own marshaler: see
// graphql.ResolveField.
func (f *fastEncoding) intercept(ctx context.Context, next graphql.Resolver) (any, error) {
	result, err := next(ctx)
	connection, ok := result.(*relay.Connection)
	if !ok || connection == nil || err != nil {
		return result, err
	}
	p := f.plan(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field)
	if p.Plan == nil {
		if f.fallback != nil {
			f.fallback()
		}
		return result, nil
	}
	return encodedConnection{ctx, p, connection}, nil
}

func (f *fastEncoding) plan(op *graphql.OperationContext, field graphql.CollectedField) *plan {
	key := planKey{op.Operation, field.Field, conditions(op)}
	if p, ok := f.plans.Get(key); ok {
		return p
	}
	p := &plan{}
	if compiled, ok := encode.Compile(op, field.Selections); ok {
		p.Plan = compiled
	}
	f.plans.Add(key, p)
	return p
}

// conditions are the values of the variables that @skip and @include can take.
func conditions(op *graphql.OperationContext) string {
	var values []byte
	for _, v := range op.Operation.VariableDefinitions {
		if v.Type.Name() != "Boolean" {
			continue
		}
		if on, _ := op.Variables[v.Variable].(bool); on {
			values = append(values, '1')
		} else {
			values = append(values, '0')
		}
	}
	return string(values)
}

// encodedConnection writes a connection by a plan.
type encodedConnection struct {
	ctx        context.Context
	plan       *plan
	connection *relay.Connection
}

// MarshalGQL implements graphql.Marshaler.
func (e encodedConnection) MarshalGQL(w io.Writer) {
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
func (e encodedConnection) append(b []byte) []byte {
	memo, identity := e.connection.Memo()
	if memo == nil {
		return e.encode(b)
	}
	key := encodingKey{e.plan, identity}
	if encoded := memo.Recall(key); encoded != nil {
		return append(b, encoded...)
	}
	before := len(b)
	b = e.encode(b)
	memo.Remember(key, b[before:])
	return b
}

// encode encodes the connection, and takes note of its size for the next.
func (e encodedConnection) encode(b []byte) []byte {
	nodes, before := len(e.connection.Nodes), len(b)
	b = e.plan.Append(slices.Grow(b, 512+nodes*int(e.plan.nodeSize.Load())), e.connection)
	if nodes > 0 {
		e.plan.nodeSize.Store(int64((len(b)-before)/nodes + 64))
	}
	return b
}
