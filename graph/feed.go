package graph

import (
	"context"
	"encoding/json"
	"strings"
	"unique"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document"
	"texter-graphql/graph/generated"
	"texter-graphql/graph/live"
	"texter-graphql/graph/transport"
	"texter-graphql/texter"
)

// Subscription implements generated.ResolverRoot.
func (r *Resolver) Subscription() generated.SubscriptionResolver { return subscriptionResolver{r} }

type subscriptionResolver struct{ *Resolver }

// ChatsChanged resolves Subscription.chatsChanged. It errors with a *rule.Error if an
// argument breaks a rule, and as live.Feed's Watch does. In an operation of this
// package, a feedStream takes its place.
func (r subscriptionResolver) ChatsChanged(ctx context.Context, filter *texter.ChatFilter, since *string) (<-chan *live.Changes, error) {
	valid, err := validFilter(filter)
	if err != nil {
		return nil, err
	}
	if r.Feed == nil {
		return nil, live.ErrClosed
	}
	if stream, ok := ctx.Value(feedStreamKey{}).(*feedStream); ok {
		return stream.resolve(ctx, r.Feed, valid, since)
	}
	return send(ctx, r.Feed, valid, since)
}

// send sends the batches of a feed to a channel, until ctx ends.
func send(ctx context.Context, feed *live.Feed, filter texter.ChatFilter, since *string) (<-chan *live.Changes, error) {
	awake := make(chan struct{}, 1)
	viewer, err := feed.Watch(ctx, filter, since, func() {
		select {
		case awake <- struct{}{}:
		default: // it is awake already
		}
	}, nil)
	if err != nil {
		return nil, err
	}
	batches := make(chan *live.Changes)
	go func() {
		defer close(batches)
		defer viewer.Close()
		for {
			batch, err := viewer.Next()
			switch {
			case err != nil:
				return
			case batch == nil:
				select {
				case <-awake:
				case <-ctx.Done():
					return
				}
				continue
			}
			select {
			case batches <- batch:
			case <-ctx.Done():
				return
			}
			if batch.IsLast {
				return
			}
		}
	}()
	return batches, nil
}

// feedField is the field of the root type that a feedStream is for.
const feedField = "chatsChanged"

// feedStream is a subscription to Feed. It has no goroutine, and no queue. A batch is
// encoded once for all who select the same of it.
type feedStream struct {
	executor  *executor
	prepared  document.Operation
	ctx       context.Context
	wake      func()
	viewer    *live.Viewer           // nil if the stream could not start
	field     graphql.CollectedField // of the root type
	selection unique.Handle[selection]
	batch     *live.Changes // that is being encoded
	last      []byte        // a body that ends the stream
	ended     bool
}

type feedStreamKey struct{}

// batchKey is the key of the batch that is being encoded, in a context.
type batchKey struct{}

// newFeedStream starts a subscription to Feed.
func newFeedStream(ctx context.Context, o *operation, field graphql.CollectedField, wake func()) *feedStream {
	s := &feedStream{executor: o.executor, prepared: o.prepared, wake: wake, field: field}
	s.prepared.Variables = lastingVariables(o.prepared.Variables, field)
	s.selection = newSelection(s.prepared)
	s.ctx = context.WithValue(ctx, feedStreamKey{}, s)
	o.start()
	_, errs := o.executeOnce(s.ctx, field)
	response := o.respond(s.ctx, nil, errs)
	if s.viewer == nil {
		s.last = response.Body()
		wake()
	}
	return s
}

// resolve starts the stream, or gives out the batch that is being encoded.
func (s *feedStream) resolve(ctx context.Context, feed *live.Feed, filter texter.ChatFilter, since *string) (<-chan *live.Changes, error) {
	batches := make(chan *live.Changes, 1)
	defer close(batches)
	if batch, ok := ctx.Value(batchKey{}).(*live.Changes); ok {
		batches <- batch
		return batches, nil
	}
	viewer, err := feed.Watch(s.ctx, filter, since, s.wake, &live.Encoder{Key: s.selection, Encode: s.encode})
	if err != nil {
		return nil, err
	}
	s.viewer = viewer
	return batches, nil
}

// Next implements transport.Stream.
func (s *feedStream) Next() (body []byte, ended bool) {
	if s.ended || s.viewer == nil {
		body, s.last, s.ended = s.last, nil, true
		return body, true
	}
	if s.batch == nil {
		batch, err := s.viewer.Next()
		switch {
		case err != nil:
			s.ended = true
			o := s.executor.newOperation(s.prepared)
			return o.respond(s.ctx, nil, gqlerror.List{s.executor.presentError(s.ctx, err)}).Body(), true
		case batch == nil:
			return nil, false
		}
		s.batch = batch
	}
	if body = s.viewer.Encoded(s.batch); body == nil {
		return nil, false
	}
	s.batch, s.ended = nil, s.batch.IsLast
	return body, s.ended
}

// Close implements transport.Stream.
func (s *feedStream) Close() {
	if s.viewer != nil {
		s.viewer.Close()
	}
}

// encode returns the body of a batch. Other viewers get it as well, so it does not end
// with this one.
func (s *feedStream) encode(batch *live.Changes) (body []byte) {
	e := s.executor
	o := e.newOperation(s.prepared)
	ctx := context.WithValue(context.WithoutCancel(s.ctx), batchKey{}, batch)
	defer func() {
		if value := recover(); value != nil {
			body = e.Recover(ctx, o, value).Body()
		}
	}()
	o.start()
	data, errs := o.executeOnce(ctx, s.field)
	response := &transport.Response{Data: data, Errors: o.allErrors(ctx, errs)}
	if body := response.Body(); len(body) <= e.maxAnswer {
		return body
	}
	tooLarge := e.presentError(ctx, answerTooLarge(e.maxAnswer))
	return (&transport.Response{Data: transport.JSON("null"), Errors: gqlerror.List{tooLarge}}).Body()
}

// executeOnce executes a subscription to a root field up to its first response. The
// data is nil if there is none.
func (o *operation) executeOnce(ctx context.Context, field graphql.CollectedField) (transport.JSON, gqlerror.List) {
	ctx = context.WithValue(ctx, searchesKey{}, &o.searches)
	ctx = o.collectErrors(graphql.WithOperationContext(ctx, &o.context))
	next := o.executor.schema.Exec(ctx)
	if errs := graphql.GetErrors(ctx); len(errs) > 0 {
		return nil, errs // gqlgen panics if next is called
	}
	root := graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: o.rootType().Name, Field: field}) // which gqlgen leaves out
	response := next(root)
	errs := graphql.GetErrors(ctx)
	if response == nil {
		return nil, errs
	}
	return transport.JSON(response.Data), append(response.Errors, errs...)
}

// selection is what an operation selects of a batch. Each viewer compares it at each
// batch, by its handle.
type selection struct {
	definition *ast.OperationDefinition // which the loader of documents keeps
	variables  string                   // as JSON, without the one for since
}

func newSelection(prepared document.Operation) unique.Handle[selection] {
	text, err := json.Marshal(prepared.Variables)
	if err != nil {
		panic(err) // variables come from JSON
	}
	return unique.Make(selection{prepared.Definition, string(text)})
}

// lastingVariables returns the variables that are needed once a subscription to a field
// has started: all but the one for since, which is long, and which each viewer has
// another of. All who watch a list have the same filter. Nothing of the request is held
// by them.
func lastingVariables(variables map[string]any, field graphql.CollectedField) map[string]any {
	lasting := cloneValue(variables).(map[string]any)
	if since := field.Arguments.ForName("since"); since != nil && since.Value.Kind == ast.Variable {
		delete(lasting, since.Value.Raw)
	}
	return lasting
}

// cloneValue copies the value of a variable, with all strings in it.
func cloneValue(value any) any {
	switch v := value.(type) {
	case string:
		return strings.Clone(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = cloneValue(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[strings.Clone(name)] = cloneValue(v[name])
		}
		return object
	}
	return value
}
