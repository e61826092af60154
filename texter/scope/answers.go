package scope

import (
	"context"

	"texter-graphql/texter"
)

// Answers keeps the answers of each scope apart: the request that Next gets
// begins with the scope of the context. Without a scope in the context it
// recalls nothing and remembers nothing.
type Answers struct {
	// Next keeps the answers.
	Next texter.Answers
}

// Recall implements texter.Answers.
func (a Answers) Recall(ctx context.Context, request ...string) any {
	scope, ok := fromContext(ctx)
	if !ok {
		return nil
	}
	return a.Next.Recall(ctx, scope.prefix(request)...)
}

// Remember implements texter.Answers.
func (a Answers) Remember(ctx context.Context, page *texter.SearchPage, bytes int, answer func() any, request ...string) {
	if scope, ok := fromContext(ctx); ok {
		a.Next.Remember(ctx, page, bytes, answer, scope.prefix(request)...)
	}
}

// prefix returns the request with the scope in front. Different scopes have
// different texts.
func (s Scope) prefix(request []string) []string {
	filter := texter.ChatFilter{Channel: s.Channel, Labels: s.Labels, Statuses: s.Statuses}
	return append([]string{texter.SearchOptions{ChatFilter: filter}.Query()}, request...)
}
