package relay_test

import (
	"fmt"
	"testing"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// TestCountsOnly: a search for counts tells the same counts as a search for
// rows, and has no chats.
func TestCountsOnly(t *testing.T) {
	cursor := newList(100, 1).cursorOf(t, 50)
	for name, input := range map[string]relay.PageInput{
		"the first page":     {},
		"no rows":            {First: new(0)},
		"all rows":           {First: new(100)},
		"a numbered page":    {First: new(10), Skip: new(95)},
		"past the end":       {First: new(10), Skip: new(200)},
		"the last page":      {Last: new(10)},
		"all, from the end":  {Last: new(100)},
		"after a cursor":     {First: new(10), After: &cursor},
		"after, to the end":  {First: new(49), After: &cursor},
		"before a cursor":    {Last: new(10), Before: &cursor},
		"before, to the top": {Last: new(50), Before: &cursor},
	} {
		for _, chats := range []int{0, 1, 100} {
			t.Run(fmt.Sprintf("%s of %d chats", name, chats), func(t *testing.T) {
				args, err := relay.ParseArguments(&input, relay.PageInput{})
				if err != nil {
					t.Fatal(err)
				}
				l, filter := newList(chats, 1), texter.ChatFilter{ShowNoMessages: new(true)}
				full, err := relay.Search(t.Context(), l, filter, args, false)
				if err != nil {
					t.Fatal(err)
				}
				counts, err := relay.Search(t.Context(), l, filter, args, true)
				if err != nil {
					t.Fatal(err)
				}
				if counts.TotalCount != full.TotalCount || counts.PageInfo.HasPreviousPage != full.PageInfo.HasPreviousPage || counts.PageInfo.HasNextPage != full.PageInfo.HasNextPage {
					t.Errorf("got %d, %+v, want %d, %+v", counts.TotalCount, counts.PageInfo, full.TotalCount, full.PageInfo)
				}
				if len(counts.Nodes()) > 0 || len(counts.Edges()) > 0 || counts.PageInfo.EndCursor() != nil {
					t.Errorf("it has %d chats", len(counts.Nodes()))
				}
			})
		}
	}
}

// TestFromCounts names all fields that are known without rows.
func TestFromCounts(t *testing.T) {
	known := map[string][]string{
		"ChatConnection": {"totalCount", "pageInfo", "__typename"},
		"PageInfo":       {"hasPreviousPage", "hasNextPage", "__typename"},
	}
	for typeName, fields := range known {
		for _, field := range fields {
			if !relay.FromCounts(typeName, field) {
				t.Errorf("%s.%s is known from counts", typeName, field)
			}
		}
	}
	for typeName, fields := range map[string][]string{
		"ChatConnection": {"nodes", "edges", "liveCursor", ""}, "PageInfo": {"startCursor", "endCursor", "totalCount"}, "Chat": {"id", "__typename"},
	} {
		for _, field := range fields {
			if relay.FromCounts(typeName, field) {
				t.Errorf("%s.%s needs rows", typeName, field)
			}
		}
	}
}
