package graph

import (
	"context"
	"errors"
	"testing"

	"texter-graphql/texter"
)

// pages is a Searcher that returns a new page for each search.
type pages struct{}

func (pages) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return &texter.SearchPage{}, nil
}

func TestSearchesOfOneOperation(t *testing.T) {
	for _, test := range []struct {
		name     string
		searches []texter.SearchOptions
		calls    int
	}{
		{"no search is no call", nil, 0},
		{"one search is one call", []texter.SearchOptions{{}}, 1},
		{"equal searches are one call", []texter.SearchOptions{{}, {}, {}}, 1},
		{"different searches are several calls", []texter.SearchOptions{{}, {Skip: 1}, {}}, 2},
		{"a fresh search is a call of its own", []texter.SearchOptions{{}, {Fresh: true}, {Fresh: true}}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &searches{maxCalls: 10}
			ctx := context.WithValue(t.Context(), searchesKey{}, s)
			var page *texter.SearchPage
			for _, o := range test.searches {
				page, _ = operationSearcher{pages{}}.SearchChats(ctx, o)
			}
			if s.made != test.calls {
				t.Errorf("%d calls, want %d", s.made, test.calls)
			}
			if only := s.onlyPage(); (only != nil) != (test.calls == 1) || only != nil && only != page {
				t.Errorf("the only page is %v", only)
			}
		})
	}
	t.Run("an operation has a number of calls for all its searches together", func(t *testing.T) {
		s := &searches{maxCalls: maxCalls(2)}
		ctx := context.WithValue(t.Context(), searchesKey{}, s)
		for i := range 20 {
			if _, err := (operationSearcher{pages{}}).SearchChats(ctx, texter.SearchOptions{Skip: i, Fresh: i%2 == 0}); err != nil {
				t.Fatalf("call %d: %v", i+1, err)
			}
		}
		_, err := (operationSearcher{pages{}}).SearchChats(ctx, texter.SearchOptions{Skip: 20})
		if !errors.Is(err, errTooManyCalls) {
			t.Errorf("got %v", err)
		}
		if _, err := (operationSearcher{pages{}}).SearchChats(ctx, texter.SearchOptions{Skip: 1}); err != nil {
			t.Errorf("an equal search is no call: %v", err)
		}
	})
	t.Run("pages that were read afresh are not held", func(t *testing.T) {
		s := &searches{maxCalls: 10}
		ctx := context.WithValue(t.Context(), searchesKey{}, s)
		_, _ = operationSearcher{pages{}}.SearchChats(ctx, texter.SearchOptions{})
		_, _ = operationSearcher{pages{}}.SearchChats(ctx, texter.SearchOptions{Fresh: true})
		if len(s.pages) != 1 || s.onlyPage() != nil {
			t.Errorf("%d pages are held", len(s.pages))
		}
	})
	t.Run("a search outside of operations is passed on", func(t *testing.T) {
		if page, err := (operationSearcher{pages{}}).SearchChats(t.Context(), texter.SearchOptions{}); page == nil || err != nil {
			t.Errorf("got %v, %v", page, err)
		}
	})
}
