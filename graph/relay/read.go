package relay

import (
	"errors"
	"math"

	"texter-graphql/texter"
)

// reader reads the windows that one part of a page takes.
type reader struct {
	query
	requests int
	rows     int // the most rows that one search returns, as far as is known
	size     int // rows that the part needs
	backward bool
	order    order // as far as it is known

	end       int           // the number of rows of the list, once a search has shown it; else -1
	emptyFrom int           // the least skip at which no row was returned, though total promises some
	first     firstRow      // of the last window with rows
	doubt     texter.Breach // the breach that may be why a place is not found; empty for none
}

// firstRow is the first row of a window.
type firstRow struct {
	start int
	id    string
}

func newReader(q query, size int) *reader {
	return &reader{query: q, rows: q.upstream.maxRows(), size: size, backward: q.args.backward, end: -1, emptyFrom: math.MaxInt}
}

func (r *reader) cursors() cursorMaker { return cursorMaker{r.fingerprint, r.order} }

// explain turns an error of a reader into one for the caller.
func (r *reader) explain(err error) error {
	switch {
	case !errors.Is(err, errPlaceIsUnknown):
		return err
	case r.doubt != "":
		return r.broken(r.doubt)
	}
	return cursorError(r.args.anchorArgument(), err)
}

// broken counts a breach, and returns its error.
func (r *reader) broken(b texter.Breach) error {
	r.upstream.observe(r.ctx, b)
	return texter.BreachError(b)
}

// read reads a window, and finds out whether the list ends with it.
func (r *reader) read(skip, limit int) (window, error) {
	limit = min(max(limit, 1), r.rows)
	w, err := r.search(skip, limit)
	if isRefused(err) && (skip > 0 || limit > DefaultSize) {
		w, err = r.readRefused(skip, limit)
	}
	if err == nil {
		w, err = r.settle(w)
	}
	if err != nil {
		return window{}, err
	}
	r.order = w.learn(r.order)
	return w, r.compare(w)
}

// search makes one request.
func (r *reader) search(skip, limit int) (window, error) {
	if r.requests++; r.requests > MaxRequests {
		return window{}, errPlaceIsUnknown
	}
	page, err := r.searcher.SearchChats(r.ctx, texter.SearchOptions{
		ChatFilter: r.filter, Limit: limit, Skip: skip, Fresh: r.requests > keptRequests,
	})
	if err != nil {
		return window{}, err
	}
	return window{
		start: skip, rows: page.ChatViews(), total: page.Total, limit: limit, memo: page.Memo,
		unsorted: !page.IsSorted(), hasDuplicates: page.HasDuplicates(),
	}, nil
}

// compare looks for a maximum skip in what the windows show together.
func (r *reader) compare(w window) error {
	if len(w.rows) == 0 {
		return nil
	}
	if w.end() > r.emptyFrom {
		return r.broken(texter.BreachSkip)
	}
	first := firstRow{w.start, w.rows[0].ID}
	if first.id == r.first.id && max(first.start-r.first.start, r.first.start-first.start) > 2*margin {
		r.doubt = texter.BreachSkip
	}
	r.first = first
	return nil
}

// settle finds out whether rows follow a window whose rows and total contradict
// each other. If none follow, total is wrong. If some do, the window was cut short.
// That takes one more request, of two rows.
func (r *reader) settle(w window) (window, error) {
	end := w.end()
	switch {
	case !w.isDoubtful():
		return w, nil
	case end == r.end || end == 0:
		return r.endsWith(w), nil
	}
	known := 1 // the last row before the end of the window, to see that it is still there
	if len(w.rows) == 1 {
		known = 0 // one row may be all that a search ever returns
	}
	probe, err := r.search(end-known, known+1)
	switch found := len(probe.rows); {
	case err != nil:
		return w, err
	case found > known && len(w.rows) > 1 && probe.rows[0].ID == w.rows[0].ID:
		return w, r.broken(texter.BreachSkip) // both have the same rows, whatever the skip
	case found > known:
		return r.goesOn(w, probe.total)
	case found == known:
		return r.endsWith(w), nil
	case len(w.rows) > 0:
		return w, r.broken(texter.BreachSkip)
	}
	r.doubt, r.emptyFrom = texter.BreachSkip, min(r.emptyFrom, end)
	w.total = end
	return w, nil
}

// endsWith is a window with which the list ends.
func (r *reader) endsWith(w window) window {
	r.end = w.end()
	if w.total > r.end {
		r.upstream.observe(r.ctx, texter.BreachTotalHigh)
	} else {
		r.upstream.observe(r.ctx, texter.BreachTotalLow)
	}
	w.total = r.end
	return w
}

// goesOn is a doubtful window which rows follow.
func (r *reader) goesOn(w window, total int) (window, error) {
	switch rows := len(w.rows); {
	case rows == w.limit:
		r.upstream.observe(r.ctx, texter.BreachTotalLow)
		w.total = max(total, w.end()+1)
		return w, nil
	case rows == 0 || w.end() > w.total:
		return w, r.broken(texter.BreachSkip)
	case rows < minRows:
		return w, r.broken(texter.BreachLimit)
	default:
		r.upstream.cutShort(r.ctx, rows)
		r.shrink(rows)
		return w, nil
	}
}

// shrink says that a search returns only so many rows.
func (r *reader) shrink(rows int) {
	r.rows = rows
	r.size = min(r.size, partSize(rows))
}

// isRefused reports whether Texter refused a parameter of a search.
func isRefused(err error) bool {
	refusal, ok := errors.AsType[*texter.Error](err)
	return ok && refusal.Cause == texter.CauseInvalidRequest
}

// readRefused reads a window for which Texter refused the search. If it refuses the
// limit, the window has fewer rows. If it refuses the skip or the filter, that is
// the error.
func (r *reader) readRefused(skip, limit int) (window, error) {
	if _, err := r.search(0, min(limit, DefaultSize)); err != nil {
		return window{}, err // it refuses the filter
	}
	if skip > 0 {
		_, err := r.search(0, limit)
		switch {
		case err == nil:
			return window{}, r.broken(texter.BreachSkip)
		case !isRefused(err):
			return window{}, err
		}
	}
	for limit > DefaultSize {
		limit = max(limit/2, DefaultSize)
		w, err := r.search(skip, limit)
		if err == nil {
			r.upstream.refuses(r.ctx, limit)
			r.shrink(limit)
			return w, nil
		}
		if !isRefused(err) {
			return window{}, err
		}
	}
	return window{}, r.broken(texter.BreachSkip)
}
