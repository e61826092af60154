// Package relay pages through a search as a connection of the GraphQL Cursor
// Connections Specification (https://relay.dev/graphql/connections.htm), over
// a REST API that knows only skip and limit, and whose rows move.
package relay

import (
	"slices"

	"texter-graphql/texter"
)

// TypeName is the name of Connection in the schema.
const TypeName = "ChatConnection"

// Connection is a page of chats. It reads the texter.SearchPages that it was
// made of, so it is good only until those are released.
type Connection struct {
	// TotalCount is how many chats match the filter, on all pages.
	TotalCount int
	// PageInfo says where the page stands among the others.
	PageInfo PageInfo

	nodes  []*texter.Chat // views; never nil
	window window         // holds nodes, and some of the rows around them
	first  int            // index in window of the first of nodes
	issue  issuer
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
	for i, node := range c.nodes {
		edges[i] = Edge{Cursor: c.cursor(i), Node: node}
	}
	return edges
}

// Edge is a chat and its cursor.
type Edge struct {
	// Cursor is opaque: see Cursor Connections, section 3.
	Cursor string
	// Node is the chat.
	Node *texter.Chat
}

// PageInfo says where a page stands among the others: Cursor Connections,
// section 4. Both Has fields are always right for the moment of reading.
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

// Identity tells connections apart that were read from the same page.
type Identity struct {
	first, nodes, totalCount     int
	hasPreviousPage, hasNextPage bool
	order                        order
	fingerprint                  uint64 // of the filter, which scopes make the same page answer several of
}

// Memo returns the memo of the page that the connection was read from, which
// is nil if that is not kept, and what it is to be remembered by.
func (c *Connection) Memo() (*texter.Memo, Identity) {
	return c.window.memo, Identity{
		first: c.first, nodes: len(c.nodes), totalCount: c.TotalCount,
		hasPreviousPage: c.PageInfo.HasPreviousPage, hasNextPage: c.PageInfo.HasNextPage,
		order: c.issue.order, fingerprint: c.issue.fingerprint,
	}
}

func (c *Connection) cursor(node int) string {
	return c.issue.cursor(c.window, c.first+node)
}

// newConnection makes the page of size chats from the row start on, counted
// over the whole list. Only the rows that the window holds become nodes: a
// window for counts alone has none.
func newConnection(w window, start, size int, issue issuer) *Connection {
	first := min(max(start-w.start, 0), len(w.rows))
	last := min(first+size, len(w.rows))
	c := &Connection{
		nodes:      w.rows[first:last:last],
		TotalCount: w.total,
		PageInfo:   PageInfo{HasPreviousPage: start > 0 && w.total > 0, HasNextPage: start+size < w.total},
		window:     w,
		first:      first,
		issue:      issue,
	}
	c.PageInfo.connection = c
	return c
}

// join puts the page that follows behind this one. What the two say of their
// outer ends holds; where rows moved between the readings, the positions in
// cursors are off by as much, which is what anchors are for.
func (c *Connection) join(next *Connection) *Connection {
	rows := slices.Concat(c.nodes, next.nodes)
	start := c.window.start + c.first
	w := window{start: start, rows: rows, total: max(next.TotalCount, start+len(rows)), limit: len(rows)}
	joined := newConnection(w, start, len(rows), next.issue)
	joined.PageInfo.HasPreviousPage = c.PageInfo.HasPreviousPage
	joined.PageInfo.HasNextPage = next.PageInfo.HasNextPage
	return joined
}
