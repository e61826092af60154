package graph_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"texter-graphql/texter/sandbox"
)

// page is the data of an operation with pageFields.
type page struct {
	SearchChats struct {
		TotalCount int
		Nodes      []struct{ ID string }
		PageInfo   struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

const pageFields = `{ totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`

// manyChats returns how many chats a test goes through: 5,000, or a fifth of them
// with -short.
func manyChats() int {
	if testing.Short() {
		return 1000
	}
	return 5000
}

// TestWalk reads all chats in pages of 37, and compares each page with the list of
// all chats.
func TestWalk(t *testing.T) {
	s, chats := newSandboxService(t, sandbox.Options{Chats: manyChats()})
	var ids []string
	for _, c := range chats.Chats() {
		ids = append(ids, c.ID)
	}
	forward := `query($n: Int, $c: String) { searchChats(filter: {showNoMessages: true}, first: $n, after: $c) ` + pageFields + `}`
	for name, document := range map[string]string{
		"after":       forward,
		"page.after":  `query($n: Int, $c: String) { searchChats(filter: {showNoMessages: true}, page: {first: $n, after: $c}) ` + pageFields + `}`,
		"before":      `query($n: Int, $c: String) { searchChats(filter: {showNoMessages: true}, last: $n, before: $c) ` + pageFields + `}`,
		"page.before": `query($n: Int, $c: String) { searchChats(filter: {showNoMessages: true}, page: {last: $n, before: $c}) ` + pageFields + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			backward := name == "before" || name == "page.before"
			start, end := 0, 0
			if backward {
				start = len(ids)
			}
			var cursor *string
			for more := true; more; {
				p := query[page](t, s, document, map[string]any{"n": 37, "c": cursor}).SearchChats
				if backward {
					start, end, cursor, more = max(start-37, 0), start, p.PageInfo.StartCursor, p.PageInfo.HasPreviousPage
				} else {
					start, end, cursor, more = end, min(end+37, len(ids)), p.PageInfo.EndCursor, p.PageInfo.HasNextPage
				}
				if p.TotalCount != len(ids) || p.PageInfo.HasPreviousPage != (start > 0) || p.PageInfo.HasNextPage != (end < len(ids)) {
					t.Fatalf("rows %d to %d of %d: %+v", start, end, len(ids), p.PageInfo)
				}
				if len(p.Nodes) != end-start {
					t.Fatalf("rows %d to %d: got %d", start, end, len(p.Nodes))
				}
				for i, node := range p.Nodes {
					if node.ID != ids[start+i] {
						t.Fatalf("row %d is another chat", start+i)
					}
				}
			}
			if backward && start != 0 || !backward && end != len(ids) {
				t.Errorf("the walk ended at rows %d to %d of %d", start, end, len(ids))
			}
		})
	}
}

func TestNumberedPages(t *testing.T) {
	s, chats := newSandboxService(t, sandbox.Options{Chats: 100})
	t.Run("a page has the rows of its number", func(t *testing.T) {
		p := query[page](t, s, `{ searchChats(page: {first: 10, skip: 20}) `+pageFields+`}`, nil).SearchChats
		if len(p.Nodes) != 10 || p.Nodes[0].ID != chats.Chats()[20].ID || !p.PageInfo.HasPreviousPage || !p.PageInfo.HasNextPage {
			t.Errorf("got %+v", p)
		}
	})
	t.Run("a page past the end is empty", func(t *testing.T) {
		p := query[page](t, s, `{ searchChats(page: {first: 10, skip: 5000}) `+pageFields+`}`, nil).SearchChats
		if len(p.Nodes) != 0 || !p.PageInfo.HasPreviousPage || p.PageInfo.HasNextPage || p.PageInfo.EndCursor != nil {
			t.Errorf("got %+v", p)
		}
	})
}

// TestRequestsToTexter: an operation causes no more requests to Texter, and asks for
// no more rows, than it needs.
func TestRequestsToTexter(t *testing.T) {
	chats := sandbox.New(sandbox.Options{Chats: 100})
	var requests atomic.Int64
	var limit atomic.Value
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		limit.Store(r.URL.Query().Get("limit"))
		chats.ServeHTTP(w, r)
	}))
	t.Cleanup(upstream.Close)
	s := newService(t, upstream.URL+sandbox.BasePath)
	for document, want := range map[string]struct {
		requests int64
		limit    string
	}{
		`{ searchChats { totalCount } }`:                                                             {1, "1"},
		`{ searchChats(first: 0) { totalCount nodes { id } } }`:                                      {1, "1"},
		`{ searchChats { pageInfo { hasNextPage hasPreviousPage } } }`:                               {1, "1"},
		`{ searchChats(last: 50) { totalCount pageInfo { hasPreviousPage } } }`:                      {1, "1"},
		`{ searchChats { totalCount nodes @skip(if: true) { id } } }`:                                {1, "1"},
		`{ searchChats { nodes { id } } }`:                                                           {1, "30"},
		`{ searchChats(first: 7) { pageInfo { endCursor } } }`:                                       {1, "7"},
		`{ a: searchChats { nodes { id } } b: searchChats(page: {first: 30}) { edges { cursor } } }`: {1, "30"},
		`{ a: searchChats(filter: {labels: ["VIP", "new_lead"]}) { nodes { id } }
		   b: searchChats(filter: {labels: ["new_lead", "VIP", "VIP"]}) { nodes { name } } }`: {1, "30"},
		`{ a: searchChats { nodes { id } } b: searchChats(filter: {statuses: [BOT]}) { nodes { id } } }`: {2, "30"},
	} {
		t.Run(document, func(t *testing.T) {
			requests.Store(0)
			query[any](t, s, document, nil)
			if requests.Load() != want.requests || limit.Load() != want.limit {
				t.Errorf("%d requests with the limit %s, want %d with %s", requests.Load(), limit.Load(), want.requests, want.limit)
			}
		})
	}
}
