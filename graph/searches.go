package graph

import (
	"context"
	"sync"

	"texter-graphql/graph/relay"
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

// searches are the searches of one operation. It holds their pages until release.
type searches struct {
	deadline deadline
	// single says that the operation has only one search. It is then never compared
	// with others.
	single bool
	memory *operationMemory // nil unless it is given to the search

	labels operationLabels

	// maxCalls bounds the calls of all searches together, and perSearch is the fair
	// part of each.
	maxCalls, perSearch int

	mu    sync.Mutex
	made  int                                           // calls
	fresh bool                                          // whether there was a fresh search
	calls map[string]func() (*texter.SearchPage, error) // by SearchOptions.Query
	pages []*texter.SearchPage
}

// maxCalls returns how many calls an operation with so many searches may make: two
// for each, as a page needs where few chats have moved, and those that package relay
// needs for one page at most.
func maxCalls(searches int) int { return 2*searches + relay.MaxRequests }

// callsPerSearch is how many calls one search of the operation of ctx may make.
func callsPerSearch(ctx context.Context) int {
	if searches, ok := ctx.Value(searchesKey{}).(*searches); ok {
		return searches.perSearch
	}
	return relay.MaxRequests
}

func (s *searches) search(ctx context.Context, next texter.Searcher, o texter.SearchOptions) (*texter.SearchPage, error) {
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

// call searches, and holds the page until release. A fresh page is left to the
// garbage collector: package relay needs only the last one of many.
func (s *searches) call(ctx context.Context, next texter.Searcher, o texter.SearchOptions) (*texter.SearchPage, error) {
	if !s.mayCall(o.Fresh) {
		return nil, errTooManyCalls
	}
	if s.memory != nil {
		if err := s.memory.reserve(&o); err != nil {
			return nil, err
		}
	}
	ctx, cancel := s.deadline.forSearch(ctx)
	defer cancel()
	page, err := next.SearchChats(ctx, o)
	if err == nil && !o.Fresh {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages = append(s.pages, page)
	}
	return page, err
}

// mayCall counts a call. It reports whether the operation may make it.
func (s *searches) mayCall(fresh bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	s.fresh = s.fresh || fresh
	return s.made <= s.maxCalls
}

// onlyPage returns the page that all rows of the operation come from, or nil if
// the operation read several pages, a fresh one, or none. Call it after all searches
// have ended.
func (s *searches) onlyPage() *texter.SearchPage {
	if len(s.pages) != 1 || s.fresh {
		return nil
	}
	return s.pages[0]
}

// release releases the pages, if that is not done yet. Views of the pages are not valid after it.
func (s *searches) release() {
	for _, page := range s.pages {
		page.Release()
	}
	s.pages = nil
}
