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

// resolver resolves the fields that are not plain fields of a Go type.
type resolver struct{}

// Query resolves the fields of the query type.
func (resolver) Query() generated.QueryResolver { return resolver{} }

// SearchChats resolves Query.searchChats.
func (resolver) SearchChats(ctx context.Context, filter *texter.ChatFilter, page *relay.PageInput, first *int, after *string, last *int, before *string) (*relay.Connection, error) {
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
	searches, countsOnly := &executionOf(ctx).searches, planOf(ctx).countsOnly
	connection, err := relay.Search(ctx, searches, *filter, args, countsOnly)
	if err == nil && !countsOnly {
		searches.rows.Add(int64(len(connection.NodeViews())))
	}
	return connection, err
}
