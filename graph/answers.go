package graph

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"texter-graphql/graph/transport"
)

// keptAnswer is the body of an answer, and what came of its request.
type keptAnswer struct {
	body    []byte
	outcome Outcome
}

// Recall implements transport.Executor. It tells the observer the outcome anew.
func (e *executor) Recall(ctx context.Context, request ...string) []byte {
	if e.answers == nil {
		return nil
	}
	found, ok := e.answers.Recall(ctx, request...).(*keptAnswer)
	if !ok {
		return nil
	}
	if e.observe != nil {
		e.observe(ctx, found.outcome)
	}
	return found.body
}

// isKeepable reports whether an answer to an equal request would be the same for
// as long as its page is the same. It is, if the answer was made of one page and of
// plain fields alone. Nothing else can be in it then: not the caller, not the
// clock, not another source.
func (o *operation) isKeepable(response *transport.Response) bool {
	return o.executor.answers != nil && o.fast != nil && o.fast.IsCovered() && len(response.Errors) == 0 && o.searches.onlyPage() != nil
}

// keeper returns what keeps the answer, with the page that it was made of.
func (o *operation) keeper(ctx context.Context) func(body []byte, request ...string) {
	return func(body []byte, request ...string) {
		outcome := o.outcome(nil)
		clone := func() any { return &keptAnswer{bytes.Clone(body), outcome.clone()} }
		o.executor.answers.Remember(ctx, o.searches.onlyPage(), len(body)+len(outcome.Operation), clone, request...)
	}
}

// clone is an outcome that shares no memory with the document.
func (o Outcome) clone() Outcome {
	o.Operation = strings.Clone(o.Operation)
	o.RootFields = slices.Clone(o.RootFields)
	for i, name := range o.RootFields {
		o.RootFields[i] = strings.Clone(name)
	}
	return o
}
