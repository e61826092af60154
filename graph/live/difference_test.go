package live

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"texter-graphql/graph/relay"
)

// row makes a row of a one-letter id. A larger version is another hash.
func row(id string, at int64, version byte) relay.SnapshotRow {
	return relay.SnapshotRow{ID: id, At: at, Hash: [6]byte{version, byte(at)}}
}

// apply applies changes to the rows of a reader, as the schema says.
func apply(rows []relay.SnapshotRow, changes []change, now []relay.SnapshotRow) []relay.SnapshotRow {
	rows = slices.Clone(rows)
	drop := func(id string) {
		rows = slices.DeleteFunc(rows, func(r relay.SnapshotRow) bool { return r.ID == id })
	}
	for _, c := range changes {
		switch c.kind {
		case left:
			drop(c.id)
		case updated:
			for i := range rows {
				if rows[i].ID == now[c.row].ID {
					rows[i] = now[c.row]
				}
			}
		case entered:
			if drop(now[c.row].ID); c.index <= len(rows) {
				rows = slices.Insert(rows, c.index, now[c.row])
			}
		}
	}
	return rows
}

func TestDifference(t *testing.T) {
	a, b, c, d := row("a", 40, 0), row("b", 30, 0), row("c", 20, 0), row("d", 10, 0)
	list := func(whole bool, rows ...relay.SnapshotRow) relay.Snapshot {
		return relay.Snapshot{Rows: rows, Whole: whole}
	}
	moved := row("c", 50, 1)
	for _, test := range []struct {
		name        string
		before, now relay.Snapshot
		want        []change
	}{
		{"nothing has changed", list(true, a, b), list(true, a, b), nil},
		{"a chat enters at the top", list(true, b), list(true, a, b), []change{{kind: entered}}},
		{"several chats enter, the oldest first", list(true, c), list(true, a, b, c), []change{{kind: entered, row: 1}, {kind: entered}}},
		{"a chat enters in mid-list", list(true, a, c), list(true, a, b, c), []change{{kind: entered, row: 1, index: 1}}},
		{"a chat enters at the end of a list that is whole", list(true, a), list(true, a, b), []change{{kind: entered, row: 1, index: 1}}},
		{"a chat that moves to the top leaves and enters", list(true, a, b, c), list(true, moved, a, b), []change{{kind: left, id: "c"}, {kind: entered}}},
		{"a chat is updated in its place", list(true, a, b), list(true, a, row("b", 30, 1)), []change{{kind: updated, row: 1}}},
		{"a chat leaves a list that is whole", list(true, a, b), list(true, a), []change{{kind: left, id: "b"}}},
		{"the last chat leaves", list(true, a), list(true), []change{{kind: left, id: "a"}}},
		{"a chat above the window's end has left", list(false, a, b), list(false, a, c), []change{{kind: left, id: "b"}, {kind: entered, row: 1, index: 1}}},
		{"a chat below the window's end was pushed out", list(false, b, c), list(false, a, b), []change{{kind: entered}}},
		{"a missing chat before one that stays has left, whatever its time", list(false, d, b, c), list(false, b, c), []change{{kind: left, id: "d"}}},
		{"a page of fewer rows gets no more rows", list(false, a, b), list(false, a, b, c, d), nil},
		{"a page of fewer rows gets the row that takes the place of one that left", list(false, a, b), list(false, a, c, d), []change{{kind: left, id: "b"}, {kind: entered, row: 1, index: 1}}},
		{"a page of fewer rows keeps its rows where others enter above", list(false, b, c), list(false, a, b, c, d), []change{{kind: entered}}},
		{"a chat that was there twice leaves and enters", list(true, a, b, a), list(true, a, b), []change{{kind: left, id: "a"}, {kind: entered}}},
		{"a chat that was there twice, and is now below", list(true, a, b, a), list(true, b, a), []change{{kind: left, id: "a"}, {kind: entered, row: 1, index: 1}}},
		{"rows below a chat that was there twice stay", list(true, a, b, b, c, d), list(true, a, b, c, d), []change{{kind: left, id: "b"}, {kind: entered, row: 1, index: 1}}},
		{"an empty page stays empty", list(false), list(false, a, b), nil},
		{"an empty list fills", list(true), list(true, a), []change{{kind: entered}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := difference(test.before, test.now, placesOf(test.now.Rows)); !slices.Equal(got, test.want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestDifferencesGiveTheNewList follows random lists with readers of several numbers
// of rows. Each reader gets the changes of some of the windows, with those between
// left out, and always has the start of the list.
func TestDifferencesGiveTheNewList(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for history := range 3000 {
		size := 1 + random.IntN(8) // of the window
		list := randomList(random, nil)
		first := start(list, random.IntN(size+1)) // a page that is no longer than the window
		has, told := first.Rows, first
		for step := range 10 {
			list = randomList(random, list)
			if random.IntN(3) == 0 {
				continue
			}
			now := start(list, size)
			changes := difference(told, now, placesOf(now.Rows))
			before := has
			has = apply(has, changes, now.Rows)
			has = has[:min(len(has), len(list))] // totalCount
			told = now
			if n := min(len(has), len(now.Rows)); !slices.Equal(has[:n], list[:n]) {
				t.Fatalf("history %d, step %d: %v has become %v by %+v, but the list is %v", history, step, before, has, changes, list)
			}
			if len(has) < min(len(first.Rows), len(now.Rows)) && step == 0 {
				t.Fatalf("history %d: a page of %d rows has become one of %d", history, len(first.Rows), len(has))
			}
			if first.Whole && len(first.Rows) < size && len(has) < len(now.Rows) {
				t.Fatalf("history %d, step %d: of %d rows the reader has %d", history, step, len(now.Rows), len(has))
			}
		}
	}
}

// start is the start of a list.
func start(list []relay.SnapshotRow, size int) relay.Snapshot {
	size = min(size, len(list))
	return relay.Snapshot{Rows: list[:size], Whole: size == len(list)}
}

// randomList makes a list, newest rows first, that has some rows of another one.
func randomList(random *rand.Rand, other []relay.SnapshotRow) (list []relay.SnapshotRow) {
	ids := random.Perm(12)
	for _, r := range other {
		if random.IntN(4) > 0 {
			if random.IntN(4) == 0 {
				r = row(r.ID, int64(1+random.IntN(20)), byte(random.IntN(3)))
			}
			list = append(list, r)
		}
	}
	for _, id := range ids[:random.IntN(6)] {
		name := fmt.Sprint(id)
		if !slices.ContainsFunc(list, func(r relay.SnapshotRow) bool { return r.ID == name }) {
			list = append(list, row(name, int64(1+random.IntN(20)), 0))
		}
	}
	slices.SortStableFunc(list, func(a, b relay.SnapshotRow) int { return int(b.At - a.At) })
	return list
}
