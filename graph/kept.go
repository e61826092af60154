package graph

import (
	"bytes"
	"context"

	"texter-graphql/graph/transport"
)

// keptAnswer is the body of a response that was kept, and its outcome.
type keptAnswer struct {
	body    []byte
	outcome Outcome
}

// Recall implements transport.Executor. The observer gets the outcome again.
func (e *executor) Recall(ctx context.Context, request ...string) []byte {
	if e.answers == nil {
		return nil
	}
	answer, ok := e.answers.Recall(ctx, request...).(*keptAnswer)
	if !ok {
		return nil
	}
	if e.observe != nil {
		e.observe(ctx, answer.outcome)
	}
	return answer.body
}

// isKeepable reports whether an equal request gets the same response as long as
// the page is the same. That is so if the response was made of one page and of
// plain fields alone: then it depends neither on the caller, nor on the time, nor
// on another source.
func (o *operation) isKeepable(response *transport.Response) bool {
	return o.mayBeKept() && len(response.Errors) == 0 && o.searches.onlyPage() != nil
}

// mayBeKept reports whether the response is keepable if it has no errors and is
// made of one page.
func (o *operation) mayBeKept() bool {
	return o.executor.answers != nil && o.fast != nil && o.fast.IsPlain()
}

// keep returns the function that keeps the body of the response, with the page
// that the response was made of.
func (o *operation) keep(ctx context.Context) func(body []byte, request ...string) {
	return func(body []byte, request ...string) {
		outcome := o.outcome(nil)
		clone := func() any { return &keptAnswer{bytes.Clone(body), outcome.clone()} }
		o.executor.answers.Remember(ctx, o.searches.onlyPage(), len(body)+len(outcome.Operation), clone, request...)
	}
}
