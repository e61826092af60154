package relay

import (
	"testing"

	"texter-graphql/texter"
)

// TestIdentity: connections of one page of Texter have the same identity only if all
// that they show is the same, with their cursors.
func TestIdentity(t *testing.T) {
	made := func(change func(*Connection)) Identity {
		w := window{rows: []*texter.Chat{{ID: "a"}, {ID: "b"}, {ID: "c"}}, total: 5, limit: 3}
		c := newConnection(w, 0, 2, cursorMaker{fingerprint: 7, order: messagelessLast})
		change(c)
		_, identity := c.Memo()
		return identity
	}
	one := made(func(*Connection) {})
	if made(func(*Connection) {}) != one {
		t.Error("equal connections differ")
	}
	for name, change := range map[string]func(*Connection){
		"the first chat":             func(c *Connection) { c.first = 1 },
		"the number of chats":        func(c *Connection) { c.nodes = c.nodes[:1] },
		"the total":                  func(c *Connection) { c.TotalCount = 6 },
		"the page before":            func(c *Connection) { c.PageInfo.HasPreviousPage = true },
		"the page after":             func(c *Connection) { c.PageInfo.HasNextPage = false },
		"whether it can be followed": func(c *Connection) { c.fromStart = true },
		"the order":                  func(c *Connection) { c.cursors.order = messagelessFirst },
		"the filter":                 func(c *Connection) { c.cursors.fingerprint = 8 },
	} {
		if made(change) == one {
			t.Errorf("they differ in %s, and have one identity", name)
		}
	}
}

// TestARowThatIsThereTwice: a cursor is of the one that is nearer to where its row was.
func TestARowThatIsThereTwice(t *testing.T) {
	var w window
	for _, id := range []string{"a", "b", "c", "a", "d"} {
		w.rows = append(w.rows, &texter.Chat{ID: id})
	}
	w.start, w.hasDuplicates = 10, true
	for position, want := range map[int]int{0: 10, 10: 10, 11: 10, 12: 13, 13: 13, 20: 13} {
		a := anchor{id: "a", position: position, key: sortKey{none: true}}
		if p, ok := a.row(w); !ok || p != (place{want, want + 1}) {
			t.Errorf("at %d: got %+v, %t", position, p, ok)
		}
	}
}
