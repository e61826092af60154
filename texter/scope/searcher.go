package scope

import (
	"context"
	"errors"

	"texter-graphql/texter"
)

type contextKey struct{}

// NewContext returns a context in which Searcher narrows to s.
func NewContext(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

var errNoScope = errors.New("the context has no scope")

// ErrBreach is the error of a search whose answer has chats that the search
// should have left out.
var ErrBreach = errors.New("the answer has chats outside the caller's scope")

// Searcher narrows every search to the scope of its context.
type Searcher struct {
	// Next does the searches.
	Next interface {
		SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error)
	}
}

// SearchChats searches the chats of the scope. It errors if the context has no
// scope, with one of the kind ErrOutside where the filter can't be narrowed, with ErrBreach, and
// as Next does.
//
// That Texter filters right is all that keeps callers in their scopes. So the
// rows are looked at too, and a page with one that does not belong is not
// shown at all.
func (s Searcher) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	scope, ok := ctx.Value(contextKey{}).(Scope)
	if !ok {
		return nil, errNoScope
	}
	filter, err := scope.Narrow(o.ChatFilter)
	if err != nil {
		return nil, err
	}
	o.ChatFilter = filter
	page, err := s.Next.SearchChats(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, chat := range page.Chats {
		if scope.excludes(chat) {
			return nil, ErrBreach
		}
	}
	return page, nil
}
