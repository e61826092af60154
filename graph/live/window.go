package live

import (
	"sync"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// window is the start of a list, as one search returned it.
type window struct {
	connection *relay.Connection
	page       *texter.SearchPage // the last one that the connection was made of
	calls      int                // that these took
	snapshot   *relay.Snapshot    // apart: viewers who have it need nothing else of the window
	places     map[string]int     // of the rows of snapshot: see placesOf
	cursor     string
	version    Moment // of its page among peers; 0 if it is not shared; for topic.run alone
	poll       int    // the number of the newest poll that found it; guarded by topic.mu

	mu      sync.Mutex
	changes map[any]*Changes // that lead to this window, by where they start
}

// newWindow makes a window of a page that begins with the first row.
func newWindow(c *relay.Connection, page *texter.SearchPage, calls int) *window {
	snapshot, _ := c.Snapshot()
	return &window{
		connection: c, page: page, calls: calls, snapshot: &snapshot, places: placesOf(snapshot.Rows), cursor: snapshot.String(), changes: map[any]*Changes{},
	}
}

// shared returns the version of the window among peers; 0 if there is no window.
func (w *window) shared() Moment {
	if w == nil {
		return 0
	}
	return w.version
}

// matches reports whether nothing has changed for a viewer who has these rows.
func (w *window) matches(s *relay.Snapshot) bool { return len(w.since(s)) == 0 }

// isNewer reports whether the window is surely newer than the rows of a viewer: no chat
// has an older message in the window, and one has a newer one. A chat's last message is
// never followed by an older one.
func (w *window) isNewer(s *relay.Snapshot) bool {
	isNewer := false
	for _, row := range s.Rows {
		now, found := w.row(row.ID)
		switch {
		case found && now.At < row.At:
			return false
		case found && now.At > row.At:
			isNewer = true
		}
	}
	return isNewer
}

// since returns what leads from the rows of a viewer to the window.
func (w *window) since(before *relay.Snapshot) []change {
	return difference(*before, *w.snapshot, w.places)
}

// changesSince returns the batch that leads from the rows of a viewer to this window.
// Equal keys stand for equal rows.
func (w *window) changesSince(key any, before *relay.Snapshot) *Changes {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changes[key] == nil {
		w.changes[key] = &Changes{
			Cursor: w.cursor, TotalCount: w.connection.TotalCount, Changes: w.describe(w.since(before)),
		}
	}
	return w.changes[key]
}

// describe adds the chats to changes.
func (w *window) describe(changes []change) []Change {
	// The page is never released, so views stay good.
	described := make([]Change, len(changes))
	for i, c := range changes {
		switch c.kind {
		case left:
			described[i] = Left{c.id}
		case updated:
			described[i] = Updated{w.connection.NodeViews()[c.row]}
		case entered:
			described[i] = Entered{w.connection.EdgeView(c.row), c.index}
		}
	}
	return described
}
