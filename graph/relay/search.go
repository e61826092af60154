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

// Search reads a page of the chats that match the filter, which must be valid.
// With countsOnly it reads only what the fields that FromCounts names take, and
// the connection has no chats.
//
// Its error is a *rule.Error of the kind ErrCursor, or comes from the Searcher.
func Search(ctx context.Context, s texter.Searcher, filter texter.ChatFilter, args Arguments, countsOnly bool) (*Connection, error) {
	filter = filter.Normalize()
	cursors := cursorMaker{fingerprint: fingerprint(filter)}
	r := &reader{ctx: ctx, searcher: s, filter: filter, size: args.size, backward: args.backward}
	if countsOnly {
		r.size = 0
	}
	if r.size > maxSpan && (args.cursor != nil || args.backward) {
		return searchInTwo(ctx, s, filter, args)
	}
	page, err := r.page(args, cursors.fingerprint)
	if errors.Is(err, errPlaceIsUnknown) {
		return nil, cursorError(args.anchorArgument(), err)
	}
	if err != nil {
		return nil, err
	}
	cursors.order = r.order
	start, size := page.span(args)
	if countsOnly {
		page.window.rows = page.window.rows[:0]
	}
	c := newConnection(page.window, start, size, cursors)
	c.fromStart = args.isStart() && !countsOnly
	return c, nil
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

// maxSpan is the largest page that one upstream request can have together with
// the anchor and the margins.
const maxSpan = MaxSize - 1 - 2*margin

// searchInTwo reads a page that is larger than maxSpan as two pages: one of
// maxSpan chats, and one of the few chats that follow.
func searchInTwo(ctx context.Context, s texter.Searcher, filter texter.ChatFilter, args Arguments) (*Connection, error) {
	near, far := args, args
	near.size, far.size = maxSpan, args.size-maxSpan
	first, err := Search(ctx, s, filter, near, false)
	if err != nil || len(first.nodes) < maxSpan {
		return first, err
	}
	far.cursor = first.PageInfo.EndCursor()
	if args.backward {
		far.cursor = first.PageInfo.StartCursor()
	}
	second, err := Search(ctx, s, filter, far, false)
	if lost, ok := errors.AsType[*rule.Error](err); ok && errors.Is(lost, ErrCursor) {
		lost.Name = args.anchorArgument()
	}
	if err != nil {
		return nil, err
	}
	if args.backward {
		return second.join(first), nil
	}
	return first.join(second), nil
}

// reader reads the windows that one page takes.
type reader struct {
	ctx      context.Context
	searcher texter.Searcher
	filter   texter.ChatFilter
	requests int

	size     int // rows that the page needs
	backward bool
	order    order // as far as it is known
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

func (r *reader) page(args Arguments, fingerprint uint64) (located, error) {
	switch {
	case args.cursor != nil:
		return r.fromCursor(args, fingerprint)
	case args.backward:
		return r.fromEnd()
	}
	w, err := r.read(args.skip, r.size)
	return located{w, place{args.skip, args.skip}}, err
}

// fromEnd reads the page at the end of the list. A first request tells where the
// end is.
func (r *reader) fromEnd() (located, error) {
	w, err := r.read(0, 1)
	for err == nil && r.size > 0 && !(w.atEnd() && r.covers(w, place{w.end(), w.end()})) {
		w, err = r.around(place{w.total, w.total}, margin, r.size)
	}
	end := w.total
	if r.size > 0 {
		end = w.end()
	}
	return located{w, place{end, end}}, err
}

func (r *reader) fromCursor(args Arguments, fingerprint uint64) (located, error) {
	a, err := parseCursor(*args.cursor, fingerprint)
	if err != nil {
		return located{}, cursorError(args.anchorArgument(), err)
	}
	r.order = a.order
	return r.locate(a)
}

// read reads a window.
func (r *reader) read(skip, limit int) (window, error) {
	if r.requests++; r.requests > MaxRequests {
		return window{}, errPlaceIsUnknown
	}
	limit = min(max(limit, 1), MaxSize)
	page, err := r.searcher.SearchChats(r.ctx, texter.SearchOptions{
		ChatFilter: r.filter, Limit: limit, Skip: skip, Fresh: r.requests > keptRequests,
	})
	if err != nil {
		return window{}, err
	}
	w := window{start: skip, rows: page.ChatViews(), total: page.Total, limit: limit, memo: page.Memo}
	if len(w.rows) > 0 {
		w.total = max(w.total, w.end())
	}
	r.order = w.learn(r.order)
	return w, nil
}

// around reads a page of this size at a place, with a margin on both sides.
func (r *reader) around(p place, margin, size int) (window, error) {
	margin = min(margin, (MaxSize-1-size)/2) // never less than the constant margin: see maxSpan
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
