package graph

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"texter-graphql/texter"
)

// answers implements transport.Answers.
type answers struct {
	kept    texter.Answers
	observe func(context.Context, Outcome) // nil for none
}

// answer is a finished answer.
type answer struct {
	body    []byte
	outcome Outcome
}

// Recall returns the body of an answer, and tells its outcome anew.
func (a answers) Recall(ctx context.Context, request ...string) []byte {
	found, ok := a.kept.Recall(ctx, request...).(*answer)
	if !ok {
		return nil
	}
	if a.observe != nil {
		a.observe(ctx, found.outcome)
	}
	return found.body
}

// Remember remembers the answer to an operation that one page answers.
func (a answers) Remember(ctx context.Context, body []byte, request ...string) {
	x := executionOf(ctx)
	page := x.searches.onlyPage()
	if page == nil {
		return
	}
	outcome := x.outcome(nil)
	finished := func() any { return &answer{bytes.Clone(body), outcome.clone()} }
	a.kept.Remember(ctx, page, len(body)+len(outcome.Operation), finished, request...)
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
