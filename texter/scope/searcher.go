package scope

import (
	"context"
	"errors"
	"reflect"

	"texter-graphql/texter"
)

type contextKey struct{}

// NewContext returns a context in which Searcher narrows to s.
func NewContext(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

// fromContext returns the scope of a context, if it has one.
func fromContext(ctx context.Context) (Scope, bool) {
	s, ok := ctx.Value(contextKey{}).(Scope)
	return s, ok
}

// Narrow returns the filter for the chats of f that are in the scope of the context: see
// Scope.Narrow, also for the error. It also errors if the context has no scope.
func Narrow(ctx context.Context, f texter.ChatFilter) (texter.ChatFilter, error) {
	scope, ok := fromContext(ctx)
	if !ok {
		return f, errNoScope
	}
	return scope.Narrow(f)
}

// Same reports whether two contexts have equal scopes.
func Same(a, b context.Context) bool {
	scopeOfA, hasA := fromContext(a)
	scopeOfB, hasB := fromContext(b)
	return hasA == hasB && reflect.DeepEqual(scopeOfA, scopeOfB)
}

var errNoScope = errors.New("the context has no scope")

// ErrBreach is the error of a search that returned chats outside the scope that it
// asked for.
var ErrBreach = errors.New("the page has chats outside the caller's scope")

// Searcher narrows every search to the scope of its context.
type Searcher struct {
	// Next does the searches.
	Next texter.Searcher
}

// SearchChats searches the chats of the scope. It errors if the context has no
// scope, if the filter can't be narrowed (an error of the kind ErrOutside), with
// ErrBreach, and when Next does.
//
// Only Texter's filter keeps callers in their scopes. So SearchChats checks the
// rows too: a page with a chat outside the scope is not returned at all.
func (s Searcher) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	filter, err := Narrow(ctx, o.ChatFilter)
	if err != nil {
		return nil, err
	}
	o.ChatFilter = filter
	scope, _ := fromContext(ctx)
	page, err := s.Next.SearchChats(ctx, o)
	if err != nil {
		return nil, err
	}
	if scope.excludesAny(page.ChatViews()) {
		page.Release()
		return nil, ErrBreach
	}
	return page, nil
}

// LabelSource lists the labels of the scope of its context. All labels of the
// project still have their names: a chat that the caller may see has other labels
// as well.
type LabelSource struct {
	// Next has the labels of the project.
	Next texter.LabelSource
}

// Labels implements texter.LabelSource. It errors if the context has no scope, and
// as Next does.
func (s LabelSource) Labels(ctx context.Context) (*texter.Labels, error) {
	scope, ok := fromContext(ctx)
	if !ok {
		return nil, errNoScope
	}
	labels, err := s.Next.Labels(ctx)
	if err != nil || len(scope.Labels) == 0 {
		return labels, err
	}
	return labels.Narrow(scope.Labels), nil
}
