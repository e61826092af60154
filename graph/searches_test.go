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
			s := &searches{}
			ctx := context.WithValue(t.Context(), searchesKey{}, s)
			var page *texter.SearchPage
			for _, o := range test.searches {
				page, _ = operationSearcher{pages{}}.SearchChats(ctx, o)
			}
			if len(s.pages) != test.calls {
				t.Errorf("%d calls, want %d", len(s.pages), test.calls)
			}
			if only := s.onlyPage(); (only != nil) != (test.calls == 1) || only != nil && only != page {
				t.Errorf("the only page is %v", only)
			}
		})
	}
	t.Run("a search that gets no rows of the budget is no call", func(t *testing.T) {
		b := newRowBudget(nil)
		held(t, b, maxRows)
		s := &searches{reservation: b.reservation(largeOperation)}
		ctx := context.WithValue(canceled(t), searchesKey{}, s)
		if page, err := (operationSearcher{pages{}}).SearchChats(ctx, texter.SearchOptions{}); page != nil || !errors.Is(err, context.Canceled) || len(s.pages) > 0 {
			t.Errorf("got %v, %v", page, err)
		}
	})
	t.Run("a search outside of operations is passed on", func(t *testing.T) {
		if page, err := (operationSearcher{pages{}}).SearchChats(t.Context(), texter.SearchOptions{}); page == nil || err != nil {
			t.Errorf("got %v, %v", page, err)
		}
	})
}
