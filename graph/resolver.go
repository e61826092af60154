// Package graph executes GraphQL operations over HTTP. It checks the arguments,
// searches Texter, and turns what it finds, or what fails, into GraphQL responses.
package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// Resolver resolves the fields that are not plain fields of a Go type. It works
// with every executor that runs gqlgen's generated code.
type Resolver struct {
	// Searcher finds the chats.
	Searcher texter.Searcher
	// LabelSource is what labels are read from.
	LabelSource texter.LabelSource
	// Upstream has learned how the API behind Searcher differs from its reference.
	Upstream *relay.Upstream
	// Feed follows lists of chats; nil if nothing can be followed.
	Feed *live.Feed
}

// Query implements generated.ResolverRoot.
func (r *Resolver) Query() generated.QueryResolver { return queryResolver{r} }

type queryResolver struct{ *Resolver }

// SearchChats resolves Query.searchChats. It errors with a *rule.Error if an
// argument breaks a rule, and with the Searcher's error if the search fails.
func (r queryResolver) SearchChats(ctx context.Context, filter *texter.ChatFilter, page *relay.PageInput, first *int, after *string, last *int, before *string) (*relay.Connection, error) {
	args, err := relay.ParseArguments(page, relay.PageInput{First: first, After: after, Last: last, Before: before})
	if err != nil {
		return nil, err
	}
	valid, err := validFilter(filter)
	if err != nil {
		return nil, err
	}
	return r.Upstream.Search(ctx, r.Searcher, valid, args.Within(callsPerSearch(ctx)), selectsOnlyCounts(ctx))
}

// validFilter returns the filter of an argument, which may be nil. It errors with a
// *rule.Error.
func validFilter(filter *texter.ChatFilter) (texter.ChatFilter, error) {
	if filter == nil {
		return texter.ChatFilter{}, nil
	}
	return *filter, rule.Within("filter.", filter.Validate())
}

// selectsOnlyCounts reports whether the operation selects nothing but counts of
// the connection that is being resolved. The search then reads no rows.
func selectsOnlyCounts(ctx context.Context) bool {
	op, connection := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	return !hasUnconditionalRows(connection.Selections) && areCounts(op, connection.Selections, relay.TypeName)
}

// hasUnconditionalRows reports whether a selection set itself has a field that
// needs rows and has no directive. Nearly every operation that needs rows has such
// a field, and to find it takes no allocation.
func hasUnconditionalRows(set ast.SelectionSet) bool {
	for _, selection := range set {
		if field, ok := selection.(*ast.Field); ok && len(field.Directives) == 0 && !relay.FromCounts(relay.TypeName, field.Name) {
			return true
		}
	}
	return false
}

// areCounts reports whether all fields of a selection set, and all fields below
// them, are counts.
func areCounts(op *graphql.OperationContext, set ast.SelectionSet, typeName string) bool {
	for _, field := range graphql.CollectFields(op, set, []string{typeName}) {
		if !relay.FromCounts(typeName, field.Name) || !areCounts(op, field.Selections, field.Definition.Type.Name()) {
			return false
		}
	}
	return true
}
