package relay

import "texter-graphql/texter"

// window is a run of rows of the list that one search returned. So they followed
// each other at one moment, however the list changes.
type window struct {
	start int            // index in the list of the first row
	rows  []*texter.Chat // views: see texter.SearchPage.ChatViews
	total int
	limit int // how many rows were asked for
	// unsorted and hasDuplicates are breaches: see texter.SearchPage.
	unsorted, hasDuplicates bool
	memo                    *texter.Memo
}

// end is the index in the list of the row after the last one.
func (w window) end() int { return w.start + len(w.rows) }

// atEnd reports whether the list ends with the window, which must be settled.
func (w window) atEnd() bool { return w.end() >= w.total }

// isDoubtful reports whether the rows and the total contradict each other, so that
// rows may follow although it seems that none do, or the other way round.
func (w window) isDoubtful() bool {
	if len(w.rows) == w.limit {
		return w.end() > w.total
	}
	return w.end() != w.total && (len(w.rows) > 0 || w.start < w.total)
}

// peersBefore returns the peers of a row, and whether those are all: see anchor.
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

// order says where the rows without messages are in the list. Texter does not
// document that, so it is learned from the rows that are read.
type order int

const (
	orderUnknown order = iota
	messagelessFirst
	messagelessLast
)

// learn returns the order that the window shows. If it shows none, which takes
// rows without messages, it returns what was known before.
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

// compare returns -1 if a row with the key k is before rows with the key anchor,
// 1 if it is after them, and 0 if the keys are equal.
func (o order) compare(k, anchor sortKey) int {
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
