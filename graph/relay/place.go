package relay

import (
	"slices"

	"texter-graphql/texter"
)

// place is where an anchor is in a list: at a row, or, if its row is gone, between
// two rows.
type place struct {
	before int // how many rows of the list are before the place
	after  int // index in the list of the first row after the place
}

// direction says where the place of an anchor is, as seen from a window.
type direction int

const (
	here         direction = iota // in the window
	towardsEnd                    // after the window
	towardsStart                  // before the window
	amongEquals                   // among rows of the anchor's key, of which the window does not hold all
	lost                          // unknown: the row is gone, and the rows of its key do not tell where it was
	orderNeeded                   // unknown until the order is known
)

// row looks for the row of the anchor in the window. If the row is there twice, that
// is the one that is nearer to the anchor's position.
func (a anchor) row(w window) (p place, ok bool) {
	for i, row := range w.rows {
		at := w.start + i
		if row.ID != a.id || keyOf(row) != a.key || ok && a.distance(at) > a.distance(p.before) {
			continue
		}
		if p, ok = (place{at, at + 1}), true; !w.hasDuplicates {
			break
		}
	}
	return p, ok
}

// distance is how far an index of the list is from the anchor's position.
func (a anchor) distance(at int) int { return max(at-a.position, a.position-at) }

// find looks for the place of an anchor whose row is not in the window.
func (a anchor) find(w window, o order) (place, direction) {
	if o == orderUnknown && a.needsOrder(w) {
		return place{}, orderNeeded
	}
	// The row has moved or is gone. Its place was among its equals, the rows from
	// firstEqual up to firstOlder.
	firstEqual := w.firstFrom(0, func(k sortKey) bool { return o.compare(k, a.key) >= 0 })
	firstOlder := w.firstFrom(firstEqual, func(k sortKey) bool { return o.compare(k, a.key) > 0 })
	switch {
	case firstEqual == len(w.rows) && !w.atEnd():
		return place{}, towardsEnd
	case firstOlder == 0 && w.start > 0:
		return place{}, towardsStart
	case firstEqual == 0 && w.start > 0, firstOlder == len(w.rows) && !w.atEnd():
		return place{}, amongEquals
	}
	return a.placeAmong(w, firstEqual, firstOlder)
}

// needsOrder reports whether the order decides if some row of the window is
// before or after the anchor.
func (a anchor) needsOrder(w window) bool {
	return slices.ContainsFunc(w.rows, func(c *texter.Chat) bool { return keyOf(c).none != a.key.none })
}

// firstFrom returns the index of the first row, from index on, whose key matches;
// the number of rows if there is none.
func (w window) firstFrom(index int, matches func(sortKey) bool) int {
	for ; index < len(w.rows); index++ {
		if matches(keyOf(w.rows[index])) {
			break
		}
	}
	return index
}

// placeAmong finds the place of an anchor whose row is gone, among all rows of its
// key. These keep their order, so the place is right after the nearest of the
// anchor's peers that is still there.
func (a anchor) placeAmong(w window, firstEqual, firstOlder int) (place, direction) {
	for _, peer := range a.peers {
		for i := firstEqual; i < firstOlder; i++ {
			if idHash(w.rows[i].ID) == peer {
				return place{w.start + i + 1, w.start + i + 1}, here
			}
		}
	}
	if firstEqual < firstOlder && !a.allPeers {
		return place{}, lost
	}
	return place{w.start + firstEqual, w.start + firstEqual}, here
}
