package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// reader is one who has a list, and follows it.
type reader struct {
	h      *history
	filter texter.ChatFilter
	size   int // of the page that it began with
	rows   []row
	whole  bool           // whether the page was the whole list
	seen   map[string]int // the newest version of each chat that the reader has had
	cursor string
	feed   *live.Feed
	viewer *live.Viewer // nil while the reader is cut
}

// row is a chat in the list of a reader.
type row struct{ id, raw string }

func newRow(c *texter.Chat) row { return row{c.ID, string(bytes.Clone(c.Raw()))} }

// see returns the row of a chat. It is an error if the reader has had a newer version.
func (r *reader) see(c *texter.Chat) row {
	var data struct {
		CRMData struct{ Version int } `json:"crmData"`
	}
	if err := json.Unmarshal(c.Raw(), &data); err != nil {
		r.h.t.Fatal(err)
	}
	if v := data.CRMData.Version; v < r.seen[c.ID] {
		r.h.t.Errorf("%s goes back from version %d to %d", c.ID, r.seen[c.ID], v)
	} else {
		r.seen[c.ID] = v
	}
	return newRow(c)
}

func (h *history) newReader() *reader {
	r := &reader{h: h, seen: map[string]int{}, size: h.random.IntN(h.window + 1)}
	switch h.random.IntN(3) {
	case 0:
		r.filter.Statuses = []texter.ChatStatus{texter.StatusPending, texter.StatusAssigned}
	case 1:
		r.filter.ShowNoMessages = new(true)
	}
	r.load()
	return r
}

// load reads the page.
func (r *reader) load() {
	page, err := relay.Search(r.h.t.Context(), r.h.client, r.filter, relay.Start(r.size), false)
	if err != nil {
		r.h.t.Fatal(err)
	}
	r.rows = nil
	for _, chat := range page.Nodes() {
		r.rows = append(r.rows, r.see(chat))
	}
	r.cursor, r.whole = *page.LiveCursor(), !page.PageInfo.HasNextPage
}

// act reads, is slow, is cut, or comes back.
func (r *reader) act() {
	switch {
	case r.viewer == nil:
		r.resume()
	case r.h.random.IntN(3) == 0:
		r.cut()
	default:
		r.read()
	}
}

func (r *reader) cut() {
	r.viewer.Close()
	r.viewer = nil
}

// resume comes back with the last cursor, or with a new page, to any instance.
func (r *reader) resume() {
	if r.viewer != nil {
		return
	}
	if r.h.random.IntN(2) == 0 {
		r.load()
	}
	r.feed = r.h.feeds[r.h.random.IntN(len(r.h.feeds))]
	viewer, err := r.feed.Watch(r.h.t.Context(), r.filter, &r.cursor, func() {}, nil)
	if err != nil {
		r.h.t.Fatal(err)
	}
	r.viewer = viewer
}

// read applies the batches that are there.
func (r *reader) read() {
	for {
		batch, err := r.viewer.Next()
		if err != nil {
			r.h.t.Fatal(err)
		}
		if batch == nil {
			return
		}
		for _, change := range batch.Changes {
			r.apply(change)
		}
		r.rows, r.cursor = r.rows[:min(len(r.rows), batch.TotalCount)], batch.Cursor
	}
}

func (r *reader) apply(change live.Change) {
	switch c := change.(type) {
	case live.Left:
		r.drop(c.ChatID)
	case live.Updated:
		for i := range r.rows {
			if r.rows[i].id == c.Chat.ID {
				r.rows[i] = r.see(c.Chat)
			}
		}
	case live.Entered:
		if r.drop(c.Edge.Node.ID); c.Index <= len(r.rows) {
			r.rows = slices.Insert(r.rows, c.Index, r.see(c.Edge.Node))
		}
	case live.Reset:
		r.h.t.Error("a reset")
	}
}

func (r *reader) drop(id string) {
	r.rows = slices.DeleteFunc(r.rows, func(row row) bool { return row.id == id })
}

// check compares the list of the reader with what the inbox returns.
func (r *reader) check(number int) {
	page, err := r.h.client.SearchChats(r.h.t.Context(), texter.SearchOptions{ChatFilter: r.filter, Limit: r.h.window})
	if err != nil {
		r.h.t.Fatal(err)
	}
	var want []row
	for _, chat := range page.Chats() {
		want = append(want, newRow(chat))
	}
	got := r.rows[:min(len(r.rows), r.h.window)]
	if r.whole && len(got) < len(want) || !slices.Equal(got, want[:min(len(got), len(want))]) || len(got) > len(want) {
		r.h.t.Errorf("reader %d of a page of %d, in a window of %d, has\n%s\nbut the list is\n%s", number, r.size, r.h.window, ids(got), ids(want))
	}
}

func ids(rows []row) (text string) {
	for _, row := range rows {
		text += fmt.Sprintf("%s (%d bytes) ", row.id, len(row.raw))
	}
	return text
}
