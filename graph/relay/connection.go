// Package relay reads pages of a search as connections of the GraphQL Cursor
// Connections Specification (https://relay.dev/graphql/connections.htm). The REST
// API below has only skip and limit, and its rows move between two calls.
package relay

import (
	"slices"

	"texter-graphql/texter"
)

// TypeName is the name of Connection in the schema.
const TypeName = "ChatConnection"

// Connection is a page of chats. It reads the texter.SearchPages that it was made
// of: its methods must not be called once those are released.
type Connection struct {
	// TotalCount is how many chats match the filter, on all pages.
	TotalCount int
	// PageInfo says where the page is in the list.
	PageInfo PageInfo

	nodes   []*texter.Chat // views; never nil
	window  window         // holds nodes, and some of the rows around them
	first   int            // index in window of the first of nodes
	cursors cursorMaker

	fromStart bool // whether the page was asked for as the first one of the list
}

// Nodes are the chats of the page. Never nil. It pins them: they stay good after
// their texter.SearchPage is released.
func (c *Connection) Nodes() []*texter.Chat {
	for _, chat := range c.nodes {
		chat.Pin()
	}
	return c.nodes
}

// NodeViews are the chats of the page, as Nodes has them, but not pinned: they
// are good only until their texter.SearchPage is released.
func (c *Connection) NodeViews() []*texter.Chat { return c.nodes }

// Edges are the chats of the page, each with its cursor. It pins the chats, as
// Nodes does.
func (c *Connection) Edges() []Edge {
	c.Nodes()
	return c.EdgeViews()
}

// EdgeViews are the chats of the page, each with its cursor, but not pinned, as
// in NodeViews.
func (c *Connection) EdgeViews() []Edge {
	edges := make([]Edge, len(c.nodes))
	for i := range edges {
		edges[i] = c.EdgeView(i)
	}
	return edges
}

// EdgeView is the edge of one chat of the page, by its index: see EdgeViews.
func (c *Connection) EdgeView(node int) Edge {
	return Edge{Cursor: c.cursor(node), Node: c.nodes[node]}
}

// Edge is a chat and its cursor.
type Edge struct {
	// Cursor is an opaque text: see Cursor Connections, section 3.
	Cursor string
	// Node is the chat.
	Node *texter.Chat
}

// PageInfo says where a page is in the list: see Cursor Connections, section 4.
// HasPreviousPage and HasNextPage are both right for the moment of reading.
type PageInfo struct {
	HasPreviousPage bool
	HasNextPage     bool

	connection *Connection
}

// StartCursor is the cursor of the page's first chat; nil on an empty page.
func (p *PageInfo) StartCursor() *string { return p.cursor(0) }

// EndCursor is the cursor of the page's last chat; nil on an empty page.
func (p *PageInfo) EndCursor() *string { return p.cursor(len(p.connection.nodes) - 1) }

func (p *PageInfo) cursor(node int) *string {
	if len(p.connection.nodes) == 0 {
		return nil
	}
	return new(p.connection.cursor(node))
}

// Identity identifies a connection among all that are made of one
// texter.SearchPage.
type Identity struct {
	first, nodes, totalCount     int
	hasPreviousPage, hasNextPage bool
	fromStart                    bool
	order                        order
	fingerprint                  uint64 // of the filter: with scopes, searches of several filters can have one page
}

// Memo returns the memo of the texter.SearchPage that the connection was made of,
// nil if that page is not kept, and the key of the connection in it.
func (c *Connection) Memo() (*texter.Memo, Identity) {
	return c.window.memo, Identity{
		first: c.first, nodes: len(c.nodes), totalCount: c.TotalCount,
		hasPreviousPage: c.PageInfo.HasPreviousPage, hasNextPage: c.PageInfo.HasNextPage,
		fromStart: c.fromStart, order: c.cursors.order, fingerprint: c.cursors.fingerprint,
	}
}

func (c *Connection) cursor(node int) string {
	return c.cursors.cursor(c.window, c.first+node)
}

// newConnection makes the page of size chats whose first has the index start in
// the list. Its nodes are those of the chats that the window holds: a window for
// counts has none.
func newConnection(w window, start, size int, cursors cursorMaker) *Connection {
	first := min(max(start-w.start, 0), len(w.rows))
	last := min(first+size, len(w.rows))
	c := &Connection{
		nodes:      w.rows[first:last:last],
		TotalCount: w.total,
		PageInfo:   PageInfo{HasPreviousPage: start > 0 && w.total > 0, HasNextPage: start+size < w.total},
		window:     w,
		first:      first,
		cursors:    cursors,
	}
	c.PageInfo.connection = c
	return c
}

// goesOn reports whether chats follow the page in a direction.
func (c *Connection) goesOn(backward bool) bool {
	if len(c.nodes) == 0 {
		return false
	}
	if backward {
		return c.PageInfo.HasPreviousPage
	}
	return c.PageInfo.HasNextPage
}

// farCursor is the cursor of the last chat in a direction.
func (c *Connection) farCursor(backward bool) *string {
	if backward {
		return c.PageInfo.StartCursor()
	}
	return c.PageInfo.EndCursor()
}

// after joins the page to the one that was read before it, in a direction; nil if it
// is the first one.
func (c *Connection) after(before *Connection, backward bool) *Connection {
	switch {
	case before == nil:
		return c
	case backward:
		return c.join(before)
	}
	return before.join(c)
}

// join makes one page of this page and the next one. Its PageInfo is right at
// both ends. If rows moved between the two readings, the positions in its cursors
// are wrong by as many rows, which anchors allow for.
func (c *Connection) join(next *Connection) *Connection {
	rows := slices.Concat(c.nodes, next.nodes)
	start := c.window.start + c.first
	w := window{start: start, rows: rows, total: max(next.TotalCount, start+len(rows)), limit: len(rows)}
	joined := newConnection(w, start, len(rows), next.cursors)
	joined.PageInfo.HasNextPage = next.PageInfo.HasNextPage
	return joined
}
