package graph

import (
	"context"
	"sync"

	"texter-graphql/graph/transport"
)

// Subscribe implements transport.Operation, for subscriptions whose resolvers are
// ordinary gqlgen code: they return a channel. Each takes a goroutine.
func (o *operation) Subscribe(ctx context.Context, wake func()) transport.Stream {
	ctx, cancel := context.WithCancel(ctx)
	s := &resolverStream{wake: wake, cancel: cancel, taken: make(chan struct{}, 1)}
	go s.run(ctx, o)
	return s
}

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
