package relay

import "texter-graphql/texter"

// window is a run of consecutive rows of the list, out of one answer, so that
// its rows belong together however the list moves.
type window struct {
	start int            // index in the list of the first row
	rows  []*texter.Chat // views: see texter.SearchPage.ChatViews
	total int
	limit int // how many rows were asked for
	memo  *texter.Memo
}

// end is the index in the list after the last row.
func (w window) end() int { return w.start + len(w.rows) }

// atEnd reports whether no row of the list comes after the window.
func (w window) atEnd() bool { return w.end() >= w.total || len(w.rows) < w.limit }

// peersBefore returns the hashes of the rows of the same key right before a
// row, nearest first, and whether those are all there are.
func (w window) peersBefore(index int) (peers []uint32, all bool) {
	key := keyOf(w.rows[index])
	for i := index - 1; i >= 0; i-- {
		if keyOf(w.rows[i]) != key {
			return peers, true
		}
		if len(peers) == maxPeers {
			return peers, false
		}
		peers = append(peers, idHash(w.rows[i].ID))
	}
	return peers, w.start == 0
}

// order is where rows without messages stand in the list. Texter does not
// document it, so it is learned from the rows that are seen.
type order int

const (
	orderUnknown order = iota
	messagelessFirst
	messagelessLast
)

// learn returns the order that the window shows, or else what was known. Only
// rows without messages tell.
func (w window) learn(known order) order {
	if len(w.rows) == 0 {
		return known
	}
	first, last := keyOf(w.rows[0]).none, keyOf(w.rows[len(w.rows)-1]).none
	switch {
	case first && (!last || w.start == 0):
		return messagelessFirst
	case last && (!first || w.atEnd()):
		return messagelessLast
	}
	return known
}

// side says where a row of key k stands to one of key anchor: -1 before it, 1
// after it, 0 among its equals.
func (o order) side(k, anchor sortKey) int {
	switch {
	case k == anchor:
		return 0
	case k.none != anchor.none:
		if k.none == (o == messagelessFirst) {
			return -1
		}
		return 1
	case k.milli > anchor.milli:
		return -1
	}
	return 1
}
