package graph

import (
	"context"
	"sync"

	"texter-graphql/texter"
)

// operationSearcher is a Searcher that knows which operation a search is for.
// It answers equal searches of one operation by one call: a dashboard's fragments
// often ask for the same page under several aliases. Without an operation in the
// context it only passes searches on.
type operationSearcher struct{ next texter.Searcher }

// SearchChats implements texter.Searcher.
func (s operationSearcher) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	if searches, ok := ctx.Value(searchesKey{}).(*searches); ok {
		return searches.search(ctx, s.next, o)
	}
	return s.next.SearchChats(ctx, o)
}

type searchesKey struct{}

// searches are the searches of one operation. It holds the pages that they found,
// and the room that these take, until release.
type searches struct {
	limit timeLimit
	room  *reservation // nil for an operation that needs little
	// single says that the operation searches once, so that no search is equal to
	// another.
	single bool

	mu    sync.Mutex
	calls map[string]func() (*texter.SearchPage, error)
	pages []*texter.SearchPage
}

func (s *searches) search(ctx context.Context, next texter.Searcher, o texter.SearchOptions) (*texter.SearchPage, error) {
	if err := s.room.take(ctx, s.limit); err != nil {
		return nil, err
	}
	if s.single || o.Fresh {
		return s.call(ctx, next, o)
	}
	key := o.Query()
	s.mu.Lock()
	call, ok := s.calls[key]
	if !ok {
		if s.calls == nil {
			s.calls = map[string]func() (*texter.SearchPage, error){}
		}
		call = sync.OnceValues(func() (*texter.SearchPage, error) { return s.call(ctx, next, o) })
		s.calls[key] = call
	}
	s.mu.Unlock()
	return call()
}

// call searches, and keeps the page until release.
func (s *searches) call(ctx context.Context, next texter.Searcher, o texter.SearchOptions) (*texter.SearchPage, error) {
	ctx, cancel := s.limit.forSearch(ctx)
	defer cancel()
	page, err := next.SearchChats(ctx, o)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages = append(s.pages, page)
	}
	return page, err
}

// onlyPage is the page that the whole answer was read from; nil if there are
// several or none. It is for when all searches have ended. A page that was read
// fresh is never the only one: see package relay.
func (s *searches) onlyPage() *texter.SearchPage {
	if len(s.pages) != 1 {
		return nil
	}
	return s.pages[0]
}

// release gives back the pages and the room. Nothing that is a view of a page may
// be used afterwards.
func (s *searches) release() {
	for _, page := range s.pages {
		page.Release()
	}
	s.room.giveBack()
}
