package relay_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// assertPage fails unless a page is exactly these rows of the list.
func assertPage(t *testing.T, name string, c *relay.Connection, err error, l *list, from, to int) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if got, want := idsOf(c.Nodes()), idsOf(l.rows[from:to]); !slices.Equal(got, want) {
		t.Errorf("%s: got %d rows %.3q…, want %d %.3q…", name, len(got), got, len(want), want)
	}
	info := c.PageInfo
	if c.TotalCount != len(l.rows) || info.HasPreviousPage != (from > 0) || info.HasNextPage != (to < len(l.rows)) || (info.EndCursor() == nil) != (from == to) {
		t.Errorf("%s: %d in all, %+v", name, c.TotalCount, info)
	}
}

// TestPagesGoOnWhereTheRowOfTheCursorWas, if that row is gone, and others with it.
func TestPagesGoOnWhereTheRowOfTheCursorWas(t *testing.T) {
	type part struct{ from, to int } // of the list, which is deleted
	for name, test := range map[string]struct {
		size  int
		gone  part
		place int // index of the row after the cursor's, once the part is deleted
	}{
		"the cursor's row":            {10, part{500, 501}, 500},
		"all from the cursor on":      {10, part{500, 1000}, 500},
		"all to the cursor":           {10, part{0, 501}, 0},
		"all but the cursor's row":    {10, part{501, 1000}, 501},
		"much before the cursor":      {10, part{0, 450}, 51},
		"much around the cursor":      {10, part{200, 800}, 200},
		"everything":                  {10, part{0, 1000}, 0},
		"a few, and a page of one":    {1, part{498, 503}, 498},
		"a few, and a page of all":    {1000, part{498, 503}, 498},
		"a few, and a page of 10,000": {10_000, part{498, 503}, 498},
	} {
		t.Run(name, func(t *testing.T) {
			l := newList(1000, 1000)
			cursor := l.cursorOf(t, 500)
			l.rows = slices.Delete(slices.Clone(l.rows), test.gone.from, test.gone.to)
			l.searches = 0
			c, err := search(l, test.size, cursor, false)
			assertPage(t, "after", c, err, l, test.place, min(test.place+test.size, len(l.rows)))
			before := test.place
			if test.gone.from > 500 || test.gone.to <= 500 {
				before-- // the cursor's own row is there
			}
			c, err = search(l, test.size, cursor, true)
			assertPage(t, "before", c, err, l, max(before-test.size, 0), before)
			if l.searches > 2*6 {
				t.Errorf("%d searches", l.searches)
			}
		})
	}
}

func TestAnEmptyListHasOneEmptyPage(t *testing.T) {
	for _, size := range []int{0, 10, relay.MaxSize} {
		for _, backward := range []bool{false, true} {
			t.Run(fmt.Sprintf("size %d, backward=%t", size, backward), func(t *testing.T) {
				l := newList(0, 1)
				c, err := search(l, size, "", backward)
				assertPage(t, "the page", c, err, l, 0, 0)
				if c.Nodes() == nil || l.searches != 1 {
					t.Errorf("nodes are %v after %d searches", c.Nodes(), l.searches)
				}
			})
		}
	}
}

// messageless is a list of n chats without messages.
func messageless(n int) *list {
	l := newList(n, 1)
	for _, c := range l.rows {
		c.LastMessageAt = nil
	}
	return l
}

// TestPagesGoOnAmongRowsOfEqualKeys, whose order their keys do not tell.
func TestPagesGoOnAmongRowsOfEqualKeys(t *testing.T) {
	for name, newRows := range map[string]func(int) *list{
		"one time":    func(n int) *list { return newList(n, 0) },
		"no messages": messageless,
	} {
		for _, n := range []int{3, 100, 900, 5000} {
			t.Run(fmt.Sprintf("%d rows of %s", n, name), func(t *testing.T) {
				l := newRows(n)
				middle := n / 2
				cursor := l.cursorOf(t, middle)
				c, err := search(l, 10, cursor, false)
				assertPage(t, "after", c, err, l, middle+1, min(middle+11, n))
				c, err = search(l, 10, cursor, true)
				assertPage(t, "before", c, err, l, max(middle-10, 0), middle)
			})
		}
	}
}

// TestPlacesAmongEqualKeysAreFoundOrLost takes the row of the cursor away. If a
// window can hold all rows of its key, the nearest of its peers tells the place.
// Else the place may be lost, but it is never another row's.
func TestPlacesAmongEqualKeysAreFoundOrLost(t *testing.T) {
	for name, newRows := range map[string]func(int) *list{
		"one time":    func(n int) *list { return newList(n, 0) },
		"no messages": messageless,
	} {
		for n, mustFind := range map[int]bool{3: true, 100: true, 900: true, 5000: false} {
			l := newRows(n)
			middle := n / 2
			cursor := l.cursorOf(t, middle)
			l.rows = slices.Delete(slices.Clone(l.rows), middle, middle+1)
			for _, backward := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d rows of %s, backward=%t", n, name, backward), func(t *testing.T) {
					from, to := middle, min(middle+10, n-1)
					if backward {
						from, to = max(middle-10, 0), middle
					}
					l.searches = 0
					c, err := search(l, 10, cursor, backward)
					if mustFind || err == nil {
						assertPage(t, "the page", c, err, l, from, to)
					} else {
						assertLost(t, err, map[bool]string{false: "after", true: "before"}[backward])
					}
					if l.searches > 4 {
						t.Errorf("%d searches", l.searches)
					}
				})
			}
		}
	}
}

// TestThePlaceIsLostWithoutAnchorAndPeers: rows of the same key are left, but none
// of those that the cursor holds.
func TestThePlaceIsLostWithoutAnchorAndPeers(t *testing.T) {
	l := newList(100, 0)
	cursor := l.cursorOf(t, 50)
	l.rows = slices.Delete(slices.Clone(l.rows), 35, 51)
	_, err := search(l, 10, cursor, false)
	assertLost(t, err, "after")
}

// last returns the cursor of the last row.
func last(t *testing.T, l *list) string {
	t.Helper()
	c, err := search(l, 1, "", true)
	if err != nil {
		t.Fatal(err)
	}
	return *c.PageInfo.EndCursor()
}

// TestLargePagesTakeFewRequests reads 10,000 of 12,000 chats, at cursors and at
// both ends.
func TestLargePagesTakeFewRequests(t *testing.T) {
	l := newList(12_000, 1000)
	at := func(row int) string { return l.cursorOf(t, row) }
	for name, test := range map[string]struct {
		cursor         string
		backward       bool
		from, to, cost int
	}{
		"first":             {"", false, 0, 10_000, 1},
		"first after":       {at(999), false, 1000, 11_000, 2},
		"first to the end":  {at(1999), false, 2000, 12_000, 2},
		"first over it":     {at(2499), false, 2500, 12_000, 1},
		"last":              {"", true, 2000, 12_000, 3},
		"last from the top": {at(2499), true, 0, 2499, 1},
		"last before":       {last(t, l), true, 1999, 11_999, 2},
	} {
		t.Run(name, func(t *testing.T) {
			l.searches = 0
			c, err := search(l, relay.MaxSize, test.cursor, test.backward)
			assertPage(t, "the page", c, err, l, test.from, test.to)
			if l.searches != test.cost {
				t.Errorf("%d requests, want %d", l.searches, test.cost)
			}
		})
	}
}

// inboxOn is a client on a server.
func inboxOn(t *testing.T, server *sandbox.Server, change ...func(*texter.Options)) *inbox {
	t.Helper()
	in := &inbox{server: server}
	o := texter.Options{
		BaseURL:   "https://sandbox.example" + sandbox.BasePath,
		Token:     func(context.Context) (string, error) { return "token", nil },
		Transport: in,
	}
	for _, f := range change {
		f(&o)
	}
	client, err := texter.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	in.client = client
	return in
}
