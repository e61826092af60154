package live

import (
	"slices"

	"texter-graphql/graph/relay"
)

// change says how a row changes. Rows are named by their index in the new list, or
// by their id if they are not there.
type change struct {
	kind  changeKind
	id    string // of the row that left
	row   int    // in the new list, of the row that entered or is updated
	index int    // where it entered
}

type changeKind int

const (
	left changeKind = iota
	updated
	entered
)

// difference returns the changes that lead from the rows of a viewer to the newest
// ones. Applied in order to a list that begins with the old rows, they give one that
// begins with the new rows, however the rows have moved:
//
//   - Of the rows that are in both, the largest number that keep their order stay.
//     The others leave and enter, as does a row that was there twice.
//   - A row that is not among the new ones has left if it stood above their end.
//     Below, it was pushed out: it is still in the list, further down.
//   - Rows enter from the bottom up. So each one's index counts only rows that stay,
//     and a row with a new message, which comes last, enters at 0.
//
// A viewer may have fewer rows than are watched. Such a viewer gets no more rows than
// before, unless the old rows are now further down: then those above them.
//
// places are those of the new rows: see placesOf.
func difference(before, now relay.Snapshot, places map[string]int) []change {
	stays := staying(before.Rows, places)
	changes, arePushedOut := leaving(before.Rows, now, places, stays)
	for i, row := range before.Rows {
		if place := places[row.ID]; stays[i] && row.Hash != now.Rows[place].Hash {
			changes = append(changes, change{kind: updated, row: place})
		}
	}
	kept, times := make([]bool, len(now.Rows)), make([]int, len(now.Rows)) // whether a row of now stays, and how often it was there
	size := min(len(before.Rows), len(now.Rows))
	for i, row := range before.Rows {
		if place, ok := places[row.ID]; ok {
			times[place]++
			kept[place] = stays[i] && times[place] == 1 // one that was there twice has left
			size = max(size, place+1)
		}
	}
	if before.Whole || arePushedOut {
		size = len(now.Rows)
	}
	return append(changes, entering(kept[:size])...)
}

// placesOf returns the index of each row, by the id of its chat.
func placesOf(rows []relay.SnapshotRow) map[string]int {
	places := make(map[string]int, len(rows))
	for i, row := range rows {
		places[row.ID] = i
	}
	return places
}

// staying says which of the old rows stay where they are among the others: the
// longest run of rows whose places rise. It is found by patience sorting.
func staying(before []relay.SnapshotRow, places map[string]int) []bool {
	var ends []int                       // by length of a run: the row that it ends with, of the lowest place
	previous := make([]int, len(before)) // the row before it in its run; -1 for none
	for i, row := range before {
		place, ok := places[row.ID]
		if !ok {
			continue
		}
		n, found := slices.BinarySearchFunc(ends, place, func(end, place int) int { return places[before[end].ID] - place })
		if found { // a row that is there twice
			continue
		}
		previous[i] = -1
		if n > 0 {
			previous[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		}
		ends[n] = i
	}
	stays := make([]bool, len(before))
	if len(ends) == 0 {
		return stays
	}
	for i := ends[len(ends)-1]; i >= 0; i = previous[i] {
		stays[i] = true
	}
	return stays
}

// leaving returns the changes of the old rows that leave, for another place or for
// good. It also reports whether there are old rows that were pushed out.
func leaving(before []relay.SnapshotRow, now relay.Snapshot, places map[string]int, stays []bool) (changes []change, arePushedOut bool) {
	var end int64 // the time of the last of the new rows
	if n := len(now.Rows); n > 0 {
		end = now.Rows[n-1].At
	}
	lastStaying := -1
	for i, yes := range stays {
		if yes {
			lastStaying = i
		}
	}
	for i, row := range before {
		_, found := places[row.ID]
		switch {
		case stays[i]:
		case found, now.Whole, i < lastStaying, row.At > end:
			changes = append(changes, change{kind: left, id: row.ID})
		default:
			arePushedOut = true
		}
	}
	return changes, arePushedOut
}

// entering returns the changes of the new rows that do not stay.
func entering(kept []bool) []change {
	staying := 0
	for _, yes := range kept {
		if yes {
			staying++
		}
	}
	var changes []change
	for row, yes := range slices.Backward(kept) {
		if yes {
			staying--
			continue
		}
		changes = append(changes, change{kind: entered, row: row, index: staying})
	}
	return changes
}
