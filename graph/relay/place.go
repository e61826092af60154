package relay

import (
	"slices"

	"texter-graphql/texter"
)

// place is where an anchor stands in a list: on a row, or where its row was,
// between two rows.
type place struct {
	before int // how many rows of the list come before it
	after  int // index in the list of the first row after it
}

// bearing is what a window tells of an anchor's place.
type bearing int

const (
	here     bearing = iota // found
	further                 // nearer to the end of the list than the window
	nearer                  // nearer to the start of the list than the window
	amid                    // in a run of equal keys that the window does not hold whole
	lost                    // nowhere: the anchor is gone, and its equals do not tell where it was
	unjudged                // told only by where rows without messages stand, which is not known
)

// find looks for the anchor's place in the window.
func (a anchor) find(w window, o order) (place, bearing) {
	for i, row := range w.rows {
		if row.ID == a.id && keyOf(row) == a.key {
			return place{w.start + i, w.start + i + 1}, here
		}
	}
	if o == orderUnknown && a.needsOrder(w) {
		return place{}, unjudged
	}
	// The anchor is elsewhere or gone: it is to be placed among its equals, the
	// rows from equals to olders.
	equals := w.firstFrom(0, func(k sortKey) bool { return o.side(k, a.key) >= 0 })
	olders := w.firstFrom(equals, func(k sortKey) bool { return o.side(k, a.key) > 0 })
	switch {
	case equals == len(w.rows) && !w.atEnd():
		return place{}, further
	case olders == 0 && w.start > 0:
		return place{}, nearer
	case equals == 0 && w.start > 0, olders == len(w.rows) && !w.atEnd():
		return place{}, amid
	}
	return a.placeAmong(w, equals, olders)
}

// needsOrder reports whether a row of the window compares to the anchor only
// by the order of rows without messages.
func (a anchor) needsOrder(w window) bool {
	return slices.ContainsFunc(w.rows, func(c *texter.Chat) bool { return keyOf(c).none != a.key.none })
}

// firstFrom returns the index of the first row from index on whose key holds,
// or the number of rows.
func (w window) firstFrom(index int, holds func(sortKey) bool) int {
	for ; index < len(w.rows); index++ {
		if holds(keyOf(w.rows[index])) {
			break
		}
	}
	return index
}

// placeAmong places an anchor that is gone among all rows of its key. Those
// keep their order among each other, so it was right after the nearest of its
// peers that is still there.
func (a anchor) placeAmong(w window, equals, olders int) (place, bearing) {
	for _, peer := range a.peers {
		for i := equals; i < olders; i++ {
			if idHash(w.rows[i].ID) == peer {
				return place{w.start + i + 1, w.start + i + 1}, here
			}
		}
	}
	if equals < olders && !a.allPeers {
		return place{}, lost
	}
	return place{w.start + equals, w.start + equals}, here
}
