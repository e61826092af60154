package scope

import (
	"context"

	"texter-graphql/texter"
)

// keeper remembers answers by the pages that they were made of: see
// cache.Cache.
type keeper interface {
	Recall(ctx context.Context, request ...string) any
	Remember(ctx context.Context, page *texter.SearchPage, bytes int, answer func() any, request ...string)
}

// Recall recalls what Next remembers of the request in the scope of its
// context: nil where Next remembers nothing, and without a scope.
func (s Searcher) Recall(ctx context.Context, request ...string) any {
	next, request, ok := s.keeper(ctx, request)
	if !ok {
		return nil
	}
	return next.Recall(ctx, request...)
}

// Remember has Next remember an answer in the scope of its context.
func (s Searcher) Remember(ctx context.Context, page *texter.SearchPage, bytes int, answer func() any, request ...string) {
	if next, request, ok := s.keeper(ctx, request); ok {
		next.Remember(ctx, page, bytes, answer, request...)
	}
}

// keeper returns who remembers answers, and the request with the scope that
// its answer is of.
func (s Searcher) keeper(ctx context.Context, request []string) (keeper, []string, bool) {
	next, remembers := s.Next.(keeper)
	scope, ok := ctx.Value(contextKey{}).(Scope)
	if !remembers || !ok {
		return nil, nil, false
	}
	return next, append([]string{scope.text()}, request...), true
}

// text tells the scope from others.
func (s Scope) text() string {
	return texter.SearchOptions{ChatFilter: texter.ChatFilter{Channel: s.Channel, Labels: s.Labels, Statuses: s.Statuses}}.Query()
}
