package graph

import (
	"context"
	"sync"

	"texter-graphql/texter"
)

// operationSearcher is a texter.Searcher that knows the operation of each search,
// from the context. Equal searches of one operation become one call: fragments of
// a dashboard often ask for the same page under several aliases. A search without
// an operation in its context goes to next unchanged.
type operationSearcher struct{ next texter.Searcher }

// SearchChats implements texter.Searcher.
func (s operationSearcher) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	if searches, ok := ctx.Value(searchesKey{}).(*searches); ok {
		return searches.search(ctx, s.next, o)
	}
	return s.next.SearchChats(ctx, o)
}

type searchesKey struct{}

// searches are the searches of one operation. It holds their pages and the
// operation's rows of the budget until release.
type searches struct {
	deadline    deadline
	reservation *reservation // nil for an operation that is not large
	// single says that the operation has only one search. It is then never compared
	// with others.
	single bool

	labels operationLabels

	mu    sync.Mutex
	calls map[string]func() (*texter.SearchPage, error) // by SearchOptions.Query
	pages []*texter.SearchPage
}

func (s *searches) search(ctx context.Context, next texter.Searcher, o texter.SearchOptions) (*texter.SearchPage, error) {
	if err := s.reservation.acquire(ctx, s.deadline); err != nil {
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

// call searches, and holds the page until release.
func (s *searches) call(ctx context.Context, next texter.Searcher, o texter.SearchOptions) (*texter.SearchPage, error) {
	ctx, cancel := s.deadline.forSearch(ctx)
	defer cancel()
	page, err := next.SearchChats(ctx, o)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages = append(s.pages, page)
	}
	return page, err
}

// onlyPage returns the page that all rows of the operation come from, or nil if
// the operation read several pages or none. Call it after all searches have ended.
// A fresh page is never the only one: package relay asks for a fresh page only
// after it has read others.
func (s *searches) onlyPage() *texter.SearchPage {
	if len(s.pages) != 1 {
		return nil
	}
	return s.pages[0]
}

// release releases the pages and the reservation. Views of the pages are not
// valid after it.
func (s *searches) release() {
	for _, page := range s.pages {
		page.Release()
	}
	s.reservation.release()
}
