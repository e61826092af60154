// Package graph answers GraphQL operations: it checks the arguments, searches
// Texter, and says in GraphQL's terms what came of it.
package graph

import (
	"context"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// Resolver resolves the fields that are not plain fields of a Go type. It works
// under any executor that gqlgen's generated code works under.
type Resolver struct {
	// Searcher is what chats are read from.
	Searcher texter.Searcher
}

// Query implements generated.ResolverRoot.
func (r *Resolver) Query() generated.QueryResolver { return queryResolver{r} }

type queryResolver struct{ *Resolver }

// SearchChats resolves Query.searchChats.
func (r queryResolver) SearchChats(ctx context.Context, filter *texter.ChatFilter, page *relay.PageInput, first *int, after *string, last *int, before *string) (*relay.Connection, error) {
	args, err := relay.ParseArguments(page, relay.PageInput{First: first, After: after, Last: last, Before: before})
	if err != nil {
		return nil, err
	}
	if filter == nil {
		filter = &texter.ChatFilter{}
	}
	if err := filter.Validate(); err != nil {
		return nil, rule.Within("filter.", err)
	}
	return relay.Search(ctx, r.Searcher, *filter, args, countsOnly(ctx))
}
