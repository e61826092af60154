package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// list returns the ids of the chats that have messages, in the order of the search.
func list(server *sandbox.Server) (ids []string) {
	for _, chat := range server.Chats() {
		if chat.LastMessageTimestamp != nil {
			ids = append(ids, chat.ID)
		}
	}
	return ids
}

// TestEveryChatIsDelivered although Texter returns fewer chats than it is asked for,
// or counts them wrong.
func TestEveryChatIsDelivered(t *testing.T) {
	for name, test := range map[string]struct {
		chats, size int
		differ      sandbox.Differences
		seen        string
	}{
		"plain":                       {5000, 2000, sandbox.Differences{}, ""},
		"a limit of 1,000":            {5000, 2000, sandbox.Differences{LimitCap: 1000}, "limit"},
		"a limit of 1,000, by 10,000": {5000, 10_000, sandbox.Differences{LimitCap: 1000}, "limit"},
		"a limit of 100, by 450":      {2000, 450, sandbox.Differences{LimitCap: 100}, "limit"},
		"a limit of 1,000, refused":   {5000, 2000, sandbox.Differences{LimitCap: 1000, Refuses: true}, "limit"},
		"total is 5 too high":         {21, 10, sandbox.Differences{TotalOff: 5}, "total_high"},
		"total is far too high":       {21, 10, sandbox.Differences{TotalOff: 12}, "total_high"},
		"total is 5 too low":          {100, 100, sandbox.Differences{TotalOff: -5}, "total_low"},
		"total is 5 too low, by 10":   {100, 10, sandbox.Differences{TotalOff: -5}, "total_low"},
		"oldest first":                {300, 70, sandbox.Differences{OldestFirst: true}, "order"},
	} {
		for _, backward := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, backward=%t", name, backward), func(t *testing.T) {
				server, url := newTexter(t, sandbox.Options{Chats: test.chats, Differ: test.differ})
				p := start(t, url)
				want := list(server)
				if test.differ.OldestFirst {
					slices.Reverse(want)
				}
				got, err := p.walk(t, test.size, backward)
				if err != (failure{}) {
					t.Errorf("after %d chats: %+v", len(got), err)
				} else if !slices.Equal(got, want) {
					t.Errorf("got %d chats, want %d", len(got), len(want))
				}
				p.assertSeen(t, strings.Fields(test.seen)...)
			})
		}
	}
}

// TestTheLimitIsLearned: once it is known, a page takes no more calls than its size
// needs.
func TestTheLimitIsLearned(t *testing.T) {
	server, url := newTexter(t, sandbox.Options{Differ: sandbox.Differences{LimitCap: 1000}})
	p := start(t, url)
	for _, arguments := range []string{"first: 2500", "last: 2500"} {
		p.search(t, arguments)
		before := server.Requests()
		if page := p.search(t, arguments); len(page.Nodes) != 2500 || page.TotalCount != len(list(server)) {
			t.Errorf("%s: got %d of %d chats, %+v", arguments, len(page.Nodes), page.TotalCount, page.err)
		}
		want := 3
		if arguments == "last: 2500" {
			want++ // finds the end
		}
		if calls := server.Requests() - before; calls != want {
			t.Errorf("%s took %d calls, want %d", arguments, calls, want)
		}
	}
}

// TestThePageThatTakesTooManyCalls is refused with the largest size that works.
func TestThePageThatTakesTooManyCalls(t *testing.T) {
	for name, document := range map[string]string{
		"one search":     "{ searchChats(first: %d) { nodes { id } } }",
		"a page object":  "{ searchChats(page: {first: %d}) { nodes { id } } }",
		"from the end":   "{ searchChats(last: %d) { nodes { id } } }",
		"three searches": "{ searchChats(first: %d) { nodes { id } } b: searchChats(filter: {showNoMessages: true}, first: 500) { nodes { id } } c: searchChats(first: 5) { nodes { id } } }",
	} {
		t.Run(name, func(t *testing.T) {
			_, url := newTexter(t, sandbox.Options{Differ: sandbox.Differences{LimitCap: 200}})
			p := start(t, url)
			for range 2 { // before the limit is known, and after
				_, err := p.query(t, fmt.Sprintf(document, 4500))
				if err.Extensions.Code != "BAD_USER_INPUT" {
					t.Fatalf("got %+v", err)
				}
				t.Log(err.Message)
			}
			_, err := p.query(t, fmt.Sprintf(document, 4500))
			largest, _ := strconv.Atoi(regexp.MustCompile(`at most (\d+) here`).FindStringSubmatch(err.Message)[1])
			if pages, err := p.query(t, fmt.Sprintf(document, largest)); len(pages["searchChats"].Nodes) != largest {
				t.Errorf("the largest, %d: got %d chats, %+v", largest, len(pages["searchChats"].Nodes), err)
			}
			if _, err := p.query(t, fmt.Sprintf(document, largest+1)); err.Extensions.Code != "BAD_USER_INPUT" {
				t.Errorf("one more: got %+v", err)
			}
		})
	}
}

// TestAMaximumSkipIsTextersFault: the walk ends with an error that says so, and not
// as if the list had ended.
func TestAMaximumSkipIsTextersFault(t *testing.T) {
	for name, differ := range map[string]sandbox.Differences{
		"no rows":        {SkipCap: 1000},
		"the wrong rows": {SkipCap: 1000, Clamps: true},
		"refused":        {SkipCap: 1000, Refuses: true},
	} {
		for _, size := range []int{90, 700} {
			t.Run(fmt.Sprintf("%s, by %d", name, size), func(t *testing.T) {
				server, url := newTexter(t, sandbox.Options{Differ: differ})
				p := start(t, url)
				got, err := p.walk(t, size, false)
				if want := list(server); len(got) < 1000 || !slices.Equal(got, want[:len(got)]) {
					t.Errorf("got %d chats, which are not the first ones", len(got))
				}
				if err.Extensions.Code != "UPSTREAM_INVALID_RESPONSE" || !strings.Contains(err.Message, "large skip") {
					t.Errorf("after %d chats: got %+v", len(got), err)
				}
				p.assertSeen(t, "skip")
			})
		}
	}
}

// TestAnUnfilteredSearchFails, in place of chats that nobody asked for.
func TestAnUnfilteredSearchFails(t *testing.T) {
	for _, filter := range []string{`statuses: [PENDING]`, `labels: ["VIP"]`, `channel: {name: WHATSAPP, accountId: "972550000000"}`} {
		t.Run(filter, func(t *testing.T) {
			_, url := newTexter(t, sandbox.Options{Chats: 500, Differ: sandbox.Differences{IgnoresFilter: true}})
			p := start(t, url)
			for range 2 {
				if page := p.search(t, "filter: {"+filter+"}"); page.err.Extensions.Code != "UPSTREAM_INVALID_RESPONSE" || !strings.Contains(page.err.Message, "filter") {
					t.Errorf("got %d chats, %+v", len(page.Nodes), page.err)
				}
			}
			p.assertSeen(t, "filter")
		})
	}
}

// TestADuplicateDoesNotStopAWalk, nor send it in a circle.
func TestADuplicateDoesNotStopAWalk(t *testing.T) {
	for _, backward := range []bool{false, true} {
		for _, size := range []int{1, 3, 10} {
			t.Run(fmt.Sprintf("by %d, backward=%t", size, backward), func(t *testing.T) {
				server, url := newTexter(t, sandbox.Options{Chats: 40})
				p := start(t, url)
				repeat(server)
				got, err := p.walk(t, size, backward)
				if err != (failure{}) || len(slices.Compact(slices.Clone(got))) != len(got)-1 {
					t.Errorf("got %d chats, %+v", len(got), err)
				}
				p.assertSeen(t, "duplicate")
			})
		}
	}
}

// TestALostPlaceInAnUnsortedListIsTextersFault: without its row, only the order could
// tell the place.
func TestALostPlaceInAnUnsortedListIsTextersFault(t *testing.T) {
	server, url := newTexter(t, sandbox.Options{Chats: 300, Differ: sandbox.Differences{OldestFirst: true}})
	p := start(t, url)
	page := p.search(t, "first: 50")
	server.Delete(page.Nodes[49].ID)
	next := p.search(t, "first: 50, after: "+strconv.Quote(*page.PageInfo.EndCursor))
	if next.err.Extensions.Code != "UPSTREAM_INVALID_RESPONSE" || !strings.Contains(next.err.Message, "sort") {
		t.Errorf("got %d chats, %+v", len(next.Nodes), next.err)
	}
	p.assertSeen(t, "order")
}
