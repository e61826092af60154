package relay_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"texter-graphql/graph/relay"
)

// tally is what was counted in many walks.
type tally struct {
	costs    []int // upstream requests of each page after a cursor
	restarts int   // walks that ended because the place was lost
}

// maxMoves is after about how many moves an inbox stops changing. Else a walk
// towards the top would never end, if chats arrive faster than it goes.
const maxMoves = 1500

// walk reads an inbox page by page, while up to moves chats move between two
// pages. It returns an error if a chat that stays put is not returned exactly
// once, which is the promise.
func walk(in *inbox, page pager, backward bool, moves int, sum *tally) error {
	in.put = in.matches()
	return in.walk(page, 1+in.IntN(12), backward, moves, sum)
}

// walk checks the promise to the chats that are in put.
func (in *inbox) walk(page pager, size int, backward bool, moves int, sum *tally) error {
	seen := map[string]int{}
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		before := in.requests
		ids, next, err := page(in, size, cursor, backward)
		if errors.Is(err, relay.ErrCursor) {
			sum.restarts++
			return nil
		}
		if err != nil {
			return err
		}
		if cursor != "" {
			sum.costs = append(sum.costs, in.requests-before)
		}
		for _, id := range ids {
			seen[id]++
		}
		if pages*moves < maxMoves {
			in.traffic(moves, ids)
		}
		cursor = next
	}
	for id := range in.put {
		if seen[id] != 1 {
			return fmt.Errorf("chat %s stayed put and was returned %d times", id, seen[id])
		}
	}
	return nil
}

// traffic moves up to so many chats, among them often those that the cursor of
// the next page was made for.
func (in *inbox) traffic(moves int, page []string) {
	if moves == 0 {
		return
	}
	for range in.IntN(moves + 1) {
		target := in.any()
		if len(page) > 0 && in.IntN(3) == 0 {
			target = page[in.IntN(len(page))]
		}
		if len(page) > 0 && in.IntN(6) == 0 {
			target = page[len(page)-1]
		}
		in.move(target)
	}
}

// histories returns how many histories a test walks through, with -short a tenth
// of them.
func histories(all int) int {
	if testing.Short() {
		return all / 10
	}
	return all
}

// TestChatsThatStayPutAreReturnedOnce is the promise of Query.searchChats over
// random histories of small inboxes in which a good part of all chats moves.
func TestChatsThatStayPutAreReturnedOnce(t *testing.T) {
	for _, backward := range []bool{false, true} {
		t.Run(fmt.Sprintf("backward=%t", backward), func(t *testing.T) {
			t.Parallel()
			var sum tally
			walks := histories(2000)
			for seed := range uint64(walks) {
				in := newInbox(t, seed, 12+int(seed%40))
				if err := walk(in, anchored, backward, 3, &sum); err != nil {
					t.Fatalf("history %d: %v", seed, err)
				}
			}
			sum.check(t, walks)
		})
	}
}

// TestFarMovesKeepThePromise moves hundreds of chats between two pages, so that
// pages have to search for their place.
func TestFarMovesKeepThePromise(t *testing.T) {
	for _, backward := range []bool{false, true} {
		t.Run(fmt.Sprintf("backward=%t", backward), func(t *testing.T) {
			t.Parallel()
			var sum tally
			for seed := range uint64(max(histories(8), 2)) {
				in := newInbox(t, seed, 1500)
				if err := walk(in, anchored, backward, 150, &sum); err != nil {
					t.Fatalf("history %d: %v", seed, err)
				}
			}
			t.Logf("%d pages, median %d and at most %d requests, %d lost places",
				len(sum.costs), median(sum.costs), slices.Max(sum.costs), sum.restarts)
			if most := slices.Max(sum.costs); most > relay.MaxRequests {
				t.Errorf("a page cost %d requests, bound %d", most, relay.MaxRequests)
			}
		})
	}
}

// TestOffsetsBreakThePromise shows that the histories can fail: cursors that are
// row numbers skip chats and repeat others.
func TestOffsetsBreakThePromise(t *testing.T) {
	for _, backward := range []bool{false, true} {
		broken := 0
		for seed := range uint64(100) {
			if walk(newInbox(t, seed, 40+int(seed%40)), byOffset, backward, 3, &tally{}) != nil {
				broken++
			}
		}
		t.Logf("backward=%t: %d of 100 histories broken", backward, broken)
		if broken < 50 {
			t.Errorf("backward=%t: only %d of 100 histories broke under offsets", backward, broken)
		}
	}
}

// TestOffsetsKeepThePromiseWhereNothingMoves: only the moves break it.
func TestOffsetsKeepThePromiseWhereNothingMoves(t *testing.T) {
	for seed := range uint64(50) {
		for _, backward := range []bool{false, true} {
			if err := walk(newInbox(t, seed, 60), byOffset, backward, 0, &tally{}); err != nil {
				t.Fatalf("history %d, backward=%t: %v", seed, backward, err)
			}
		}
	}
}

func (sum *tally) check(t *testing.T, walks int) {
	t.Helper()
	most := slices.Max(sum.costs)
	t.Logf("%d walks, %d pages, median %d and at most %d requests, %d lost places",
		walks, len(sum.costs), median(sum.costs), most, sum.restarts)
	if median(sum.costs) > 1 {
		t.Errorf("the median page cost %d requests", median(sum.costs))
	}
	if most > relay.MaxRequests {
		t.Errorf("a page cost %d requests, bound %d", most, relay.MaxRequests)
	}
	if sum.restarts > max(walks/100, 1) {
		t.Errorf("%d of %d walks lost their place", sum.restarts, walks)
	}
}

func median(values []int) int { return slices.Sorted(slices.Values(values))[len(values)/2] }
