package relay_test

import (
	"context"
	"strings"
	"testing"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// holder is a Searcher that keeps the pages that it returned, until they are
// released together.
type holder struct {
	texter.Searcher
	pages []*texter.SearchPage
}

func (h *holder) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	page, err := h.Searcher.SearchChats(ctx, o)
	if err == nil {
		h.pages = append(h.pages, page)
	}
	return page, err
}

func (h *holder) release() {
	for _, page := range h.pages {
		page.Release()
	}
	h.pages = nil
}

// titles is a copy of the titles of chats.
func titles(chats []*texter.Chat) string {
	var all strings.Builder
	for _, chat := range chats {
		all.WriteString(chat.Title().String() + "\n")
	}
	return all.String()
}

// haveTitles reports whether chats have these titles. Under the race detector,
// chats whose memory is given back have nothing at all, and panic.
func haveTitles(chats []*texter.Chat, want string) (have bool) {
	defer func() { _ = recover() }()
	return titles(chats) == want
}

// nodesOf are the nodes of edges.
func nodesOf(edges []relay.Edge) (nodes []*texter.Chat) {
	for _, edge := range edges {
		nodes = append(nodes, edge.Node)
	}
	return nodes
}

// TestWhatStaysGoodAfterRelease reads a page, releases what it was read from,
// and has other pages take the memory.
func TestWhatStaysGoodAfterRelease(t *testing.T) {
	server := sandbox.New(sandbox.Options{Chats: 11_000, Seed: 5})
	h := &holder{Searcher: inboxOn(t, server, func(o *texter.Options) { o.Reuse = true }).client}
	for name, test := range map[string]struct {
		chats func(*relay.Connection) []*texter.Chat
		good  bool
		size  int
	}{
		"nodes":                  {(*relay.Connection).Nodes, true, 10},
		"edges":                  {func(c *relay.Connection) []*texter.Chat { return nodesOf(c.Edges()) }, true, 10},
		"nodes of a page in two": {(*relay.Connection).Nodes, true, relay.MaxSize},
		"node views":             {(*relay.Connection).NodeViews, false, 10},
		"edge views":             {func(c *relay.Connection) []*texter.Chat { return nodesOf(c.EdgeViews()) }, false, 10},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := search(h, test.size, "", true)
			if err != nil {
				t.Fatal(err)
			}
			chats := test.chats(c)[:5]
			before, good := titles(chats), true
			h.release()
			for i := 0; i < 5 || good && !test.good && i < 1000; i++ {
				for range 5 { // at a time, since there are several buffers to take
					if _, err := search(h, 12, "", false); err != nil {
						t.Fatal(err)
					}
				}
				h.release()
				good = good && haveTitles(chats, before)
			}
			if good != test.good {
				t.Errorf("the titles stayed good: %t", good)
			}
		})
	}
}
