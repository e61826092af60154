package relay

import (
	"context"
	"errors"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// MaxRequests is how many upstream requests one page takes at most. A page of
// nearly MaxSize may take twice as many, since it is read as two. Most pages take
// one; more are needed to find the place of a cursor when many rows have moved.
const MaxRequests = 16

const (
	// keptRequests is how many requests of a page may have kept rows. The requests
	// after them ask for fresh rows: among kept rows of several ages, the search
	// for a place might go in circles.
	keptRequests = 2
	// margin is how many rows a page at a cursor reads on each side beyond those
	// that it needs, so that small moves take no further request.
	margin = 4
	// maxMargin is the largest margin of the search for a place.
	maxMargin = 400
	// equalsMargin is the margin among rows of equal times.
	equalsMargin = 1000
)

// ErrCursor is the kind of a *rule.Error about a cursor that can't be used.
var ErrCursor = errors.New("the cursor can't be used")

// cursorError is the error of an argument whose cursor can't be used.
func cursorError(argument string, reason error) error {
	return &rule.Error{Name: argument, Rule: reason.Error(), Kind: ErrCursor}
}

// Search is Upstream.Search of a nil Upstream.
func Search(ctx context.Context, s texter.Searcher, filter texter.ChatFilter, args Arguments, countsOnly bool) (*Connection, error) {
	return (*Upstream)(nil).Search(ctx, s, filter, args, countsOnly)
}

// Search reads a page of the chats that match the filter, which must be valid.
// With countsOnly it reads only what the fields that FromCounts names take, and
// the connection has no chats.
//
// A nil Upstream stands for an API of which nothing is known yet.
//
// Its error is a *rule.Error, of the kind ErrCursor if it is about a cursor; an
// *texter.Error with a Breach; or comes from the Searcher.
func (u *Upstream) Search(ctx context.Context, s texter.Searcher, filter texter.ChatFilter, args Arguments, countsOnly bool) (*Connection, error) {
	if u == nil {
		u = new(Upstream)
	}
	filter = filter.Normalize()
	q := query{ctx, s, u, filter, fingerprint(filter), args}
	if countsOnly {
		return q.counts()
	}
	return q.page()
}

// FromCounts reports whether a field of a connection is known without its rows:
// see Search. The names are those of the schema. Any field that this function
// does not name needs the rows.
func FromCounts(typeName, field string) bool {
	switch typeName {
	case TypeName:
		return field == "totalCount" || field == "pageInfo" || field == "__typename"
	case "PageInfo":
		return field == "hasPreviousPage" || field == "hasNextPage" || field == "__typename"
	}
	return false
}

// query is what the readers of a page have in common.
type query struct {
	ctx         context.Context
	searcher    texter.Searcher
	upstream    *Upstream
	filter      texter.ChatFilter
	fingerprint uint64
	args        Arguments // of the page as a whole
}

// counts reads a page without its chats.
func (q query) counts() (*Connection, error) {
	r := newReader(q, 0)
	page, err := r.page(q.args)
	if err != nil {
		return nil, r.explain(err)
	}
	page.window.rows = page.window.rows[:0]
	start, size := page.span(q.args)
	return newConnection(page.window, start, size, r.cursors()), nil
}

// page reads a page. Where one search can't return all of it, it is read in parts,
// each at the cursor of the part before.
func (q query) page() (*Connection, error) {
	var all *Connection
	for rest := q.args; ; {
		if err := q.args.checkSize(q.upstream.maxRows()); err != nil {
			return nil, err
		}
		part, err := q.part(rest)
		if err != nil {
			return nil, err
		}
		if all = part.after(all, rest.backward); len(all.nodes) >= q.args.size || !part.goesOn(rest.backward) {
			all.fromStart = q.args.isStart()
			return all, nil
		}
		rest.size, rest.cursor = q.args.size-len(all.nodes), part.farCursor(rest.backward)
	}
}

// part reads as much of a page as one search returns.
func (q query) part(args Arguments) (*Connection, error) {
	rows := q.upstream.maxRows()
	size := min(args.size, rows)
	if args.cursor != nil || args.backward {
		size = min(args.size, partSize(rows))
	}
	r := newReader(q, size)
	page, err := r.page(args)
	if err != nil {
		return nil, r.explain(err)
	}
	args.size = r.size
	start, size := page.span(args)
	return newConnection(page.window, start, size, r.cursors()), nil
}

// located is a window, and the place in it that the page starts from.
type located struct {
	window window
	place  place
}

// span is the index in the list of the page's first chat, and the number of its
// chats, whether or not the window holds them.
func (l located) span(args Arguments) (start, size int) {
	if args.backward {
		start = max(l.place.before-args.size, 0)
		return start, l.place.before - start
	}
	return l.place.after, args.size
}

func (r *reader) page(args Arguments) (located, error) {
	switch {
	case args.cursor != nil:
		return r.fromCursor(*args.cursor)
	case args.backward:
		return r.fromEnd()
	}
	w, err := r.read(args.skip, r.size)
	if err == nil && r.doubt != "" {
		err = errPlaceIsUnknown
	}
	return located{w, place{args.skip, args.skip}}, err
}

// fromEnd reads the page at the end of the list. A first request tells where the
// end is.
func (r *reader) fromEnd() (located, error) {
	w, err := r.read(0, 1)
	for err == nil && r.size > 0 && !(w.atEnd() && r.covers(w, place{w.end(), w.end()})) {
		if w, err = r.around(place{w.total, w.total}, margin, r.size); r.doubt != "" && err == nil {
			err = errPlaceIsUnknown
		}
	}
	end := w.total
	if r.size > 0 {
		end = w.end()
	}
	return located{w, place{end, end}}, err
}

func (r *reader) fromCursor(cursor string) (located, error) {
	a, err := parseCursor(cursor, r.fingerprint)
	if err != nil {
		return located{}, cursorError(r.args.anchorArgument(), err)
	}
	r.order = a.order
	return r.locate(a)
}

// around reads a page of this size at a place, with a margin on both sides.
func (r *reader) around(p place, margin, size int) (window, error) {
	size = min(size, r.size)
	margin = min(margin, (r.rows-1-size)/2) // never less than the constant margin: see partSize
	from, to := p.before-margin, p.after+margin
	if r.backward {
		from -= size
	} else {
		to += size
	}
	from = max(from, 0)
	return r.read(from, to-from)
}

// covers reports whether the window holds the page at the place, and the row
// before it, which the cursor of the page's first row may need as a peer.
func (r *reader) covers(w window, p place) bool {
	if r.backward {
		return w.start == 0 || w.start < p.before-r.size
	}
	return w.atEnd() || w.end() >= p.after+r.size
}
