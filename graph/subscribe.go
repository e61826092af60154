package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/rule"
)

// Subscribe implements transport.Operation. A subscription to Feed takes nothing while
// nothing changes. Any other one, whose resolver is ordinary gqlgen code and returns a
// channel, takes a goroutine.
func (o *operation) Subscribe(ctx context.Context, wake func()) transport.Stream {
	fields := graphql.CollectFields(&o.context, o.prepared.Definition.SelectionSet, []string{o.rootType().Name})
	switch {
	case len(fields) == 0:
		response := o.respond(ctx, nil, gqlerror.List{o.executor.presentError(ctx, errNoField)})
		wake()
		return &feedStream{last: response.Body()}
	case fields[0].Name == feedField && !o.prepared.HasNulls():
		return newFeedStream(ctx, o, fields[0], wake)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &resolverStream{wake: wake, cancel: cancel, taken: make(chan struct{}, 1)}
	go s.run(ctx, o)
	return s
}

// errNoField is the error of a subscription whose only field a directive leaves out.
var errNoField = &rule.Error{Name: "subscription", Rule: "must select a field"}

// resolverStream is a stream of what resolvers send. It holds one response, and
// asks for the next one when that is taken.
type resolverStream struct {
	wake   func()
	cancel context.CancelFunc
	taken  chan struct{}

	mu    sync.Mutex
	body  []byte // nil if it is taken
	ended bool
}

// run executes the operation until it ends or the stream is closed.
func (s *resolverStream) run(ctx context.Context, o *operation) {
	defer func() {
		if value := recover(); value != nil {
			s.set(o.executor.Recover(ctx, o, value).Body(), true)
		}
	}()
	for response := range o.Execute(ctx) {
		s.set(response.Body(), false)
		select {
		case <-s.taken:
		case <-ctx.Done():
			return
		}
	}
	s.set(nil, true)
}

func (s *resolverStream) set(body []byte, ended bool) {
	s.mu.Lock()
	s.body, s.ended = body, ended
	s.mu.Unlock()
	s.wake()
}

// Next implements transport.Stream.
func (s *resolverStream) Next() (body []byte, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if body, s.body = s.body, nil; body != nil {
		s.taken <- struct{}{}
	}
	return body, s.ended
}

// Close implements transport.Stream.
func (s *resolverStream) Close() { s.cancel() }
