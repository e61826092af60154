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

// TestOnlyPage: an operation's answer is of one page if it searched once.
func TestOnlyPage(t *testing.T) {
	for name, test := range map[string]struct {
		searches []texter.SearchOptions
		one      bool
	}{
		"one":       {[]texter.SearchOptions{{}}, true},
		"one twice": {[]texter.SearchOptions{{}, {}}, true},
		"none":      {nil, false},
		"two":       {[]texter.SearchOptions{{}, {Skip: 1}}, false},
		"and fresh": {[]texter.SearchOptions{{}, {Fresh: true}}, false},
	} {
		s := &sharedSearches{searcher: pages{}}
		var page *texter.SearchPage
		for _, o := range test.searches {
			page, _ = s.SearchChats(t.Context(), o)
		}
		if got := s.onlyPage(); (got != nil) != test.one || test.one && got != page {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
