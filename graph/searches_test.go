package graph

import (
	"context"
	"testing"

	"texter-graphql/texter"
)

// pages answers every search by a page of its own.
type pages struct{}

func (pages) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return &texter.SearchPage{}, nil
}

// TestSearchesOfOneOperation: equal searches of one operation are one call, and
// only an operation that made one call has an only page.
func TestSearchesOfOneOperation(t *testing.T) {
	for name, test := range map[string]struct {
		searches []texter.SearchOptions
		calls    int
	}{
		"one search":                     {[]texter.SearchOptions{{}}, 1},
		"one search twice":               {[]texter.SearchOptions{{}, {}}, 1},
		"no search":                      {nil, 0},
		"two searches":                   {[]texter.SearchOptions{{}, {Skip: 1}}, 2},
		"one search, and the same fresh": {[]texter.SearchOptions{{}, {Fresh: true}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
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
}

// TestSearchOutsideOfOperations: a search without an operation in its context is
// passed on.
func TestSearchOutsideOfOperations(t *testing.T) {
	if page, err := (operationSearcher{pages{}}).SearchChats(t.Context(), texter.SearchOptions{}); page == nil || err != nil {
		t.Errorf("got %v, %v", page, err)
	}
}
