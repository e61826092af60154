package graph

import (
	"context"
	"sync"
	"sync/atomic"

	"texter-graphql/texter"
)

// sharedSearches answers equal searches of one operation by one call: a
// dashboard's fragments often ask for the same page under several aliases.
type sharedSearches struct {
	searcher texter.Searcher
	limit    timeLimit
	makeRoom func() error // nil for an operation that needs little
	alone    bool         // only one field searches: there is none to share with
	mu       sync.Mutex
	calls    map[string]func() (*texter.SearchPage, error)
	pages    []*texter.SearchPage
	rows     atomic.Int64 // that the operation's connections hold
}

// SearchChats implements texter.Searcher.
func (s *sharedSearches) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	if s.makeRoom != nil {
		if err := s.makeRoom(); err != nil {
			return nil, err
		}
	}
	if s.alone || o.Fresh {
		return s.search(ctx, o)
	}
	key := o.Query()
	s.mu.Lock()
	call, ok := s.calls[key]
	if !ok {
		if s.calls == nil {
			s.calls = map[string]func() (*texter.SearchPage, error){}
		}
		call = sync.OnceValues(func() (*texter.SearchPage, error) { return s.search(ctx, o) })
		s.calls[key] = call
	}
	s.mu.Unlock()
	return call()
}

// search searches, and takes note of the page.
func (s *sharedSearches) search(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	ctx, cancel := s.limit.forSearch(ctx)
	defer cancel()
	page, err := s.searcher.SearchChats(ctx, o)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages = append(s.pages, page)
	}
	return page, err
}

// onlyPage is the page that everything was read from; nil if there are several
// or none. It is for when all searches are done. A fresh one never is alone: see
// package relay.
func (s *sharedSearches) onlyPage() *texter.SearchPage {
	if len(s.pages) != 1 {
		return nil
	}
	return s.pages[0]
}

// release releases the pages, of which nothing may be used afterwards.
func (s *sharedSearches) release() {
	for _, page := range s.pages {
		page.Release()
	}
}
