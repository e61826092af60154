package sandbox

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
)

// Differences are ways in which a sandbox differs from the API's reference, or
// settles what the reference leaves open. They are for tests of what notices them.
// The zero value differs in nothing.
type Differences struct {
	// LimitCap is the most rows of a response, whatever the limit; 0 for none. With
	// Refuses, a larger limit is answered with 400.
	LimitCap int
	// SkipCap is the largest skip; 0 for none. With a larger one, no row is returned.
	// With Clamps, the rows of the largest skip are returned. With Refuses, the answer
	// is 400.
	SkipCap int
	// Refuses and Clamps are what LimitCap and SkipCap do.
	Refuses, Clamps bool
	// TotalOff is added to total.
	TotalOff int
	// OldestFirst turns the order round.
	OldestFirst bool
	// UnstableTies gives rows of equal times another order in each response.
	UnstableTies bool
	// IgnoresFilter returns rows whatever the filter asks for.
	IgnoresFilter bool
	// Repeats returns the last row of each response in place of the one before it.
	Repeats bool
	// Field is a key of the rows whose value is Value, as JSON; absent if Value is
	// empty.
	Field, Value string
	// AnyToken accepts every token, and MissingScope none for searches.
	AnyToken, MissingScope bool
	// NoLabels has no labels call.
	NoLabels bool
	// HTMLErrors sends errors as web pages, as proxies do.
	HTMLErrors bool
}

// refuses reports whether a search is refused.
func (d Differences) refuses(q query) bool {
	return d.Refuses && (d.LimitCap > 0 && q.limit > d.LimitCap || d.SkipCap > 0 && q.skip > d.SkipCap)
}

// search is the search of a store, with the differences.
func (d Differences) search(s *store, q query) (page []*row, total int) {
	if d.IgnoresFilter {
		q.filter = filter{messageless: q.messageless}
	}
	if d.OldestFirst || d.UnstableTies {
		page, total = d.reorder(s, q)
	} else {
		page, total = s.search(d.narrow(&q))
	}
	if d.SkipCap > 0 && q.skip > d.SkipCap && !d.Clamps {
		page = nil
	}
	if n := len(page); d.Repeats && n > 1 {
		page[n-2] = page[n-1]
	}
	return d.change(page), max(total+d.TotalOff, 0)
}

// narrow applies the caps to a query.
func (d Differences) narrow(q *query) *query {
	if d.LimitCap > 0 {
		q.limit = min(q.limit, d.LimitCap)
	}
	if d.SkipCap > 0 && d.Clamps {
		q.skip = min(q.skip, d.SkipCap)
	}
	return q
}

// reorder returns a page of the rows in another order.
func (d Differences) reorder(s *store, q query) (page []*row, total int) {
	all := q
	all.skip, all.limit = 0, maxLimit
	rows, total := s.search(&all)
	if d.OldestFirst {
		slices.Reverse(rows)
	}
	if d.UnstableTies {
		rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		slices.SortStableFunc(rows, func(a, b *row) int { return compareTimes(a, b, false) })
	}
	from := min(q.skip, len(rows))
	return rows[from:min(from+q.limit, len(rows))], total
}

// change returns rows with another value of the field.
func (d Differences) change(page []*row) []*row {
	if d.Field == "" {
		return page
	}
	changed := make([]*row, len(page))
	for i, r := range page {
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(r.json, &fields) // which is an object
		if delete(fields, d.Field); d.Value != "" {
			fields[d.Field] = json.RawMessage(d.Value)
		}
		changed[i] = &row{json: encode(fields)}
	}
	return changed
}

// pageWriter sends web pages in place of the bodies of errors.
type pageWriter struct {
	http.ResponseWriter
	failed bool
}

// WriteHeader implements http.ResponseWriter.
func (w *pageWriter) WriteHeader(status int) {
	if w.failed = status != http.StatusOK; w.failed {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Del("Content-Length")
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *pageWriter) Write(body []byte) (int, error) {
	if !w.failed {
		return w.ResponseWriter.Write(body)
	}
	_, err := w.ResponseWriter.Write([]byte("<title>error</title>"))
	return len(body), err
}
