package relay_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"texter-graphql/graph/relay"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// upstream is a searcher made of a function.
type upstream func(texter.SearchOptions) (*texter.SearchPage, error)

func (u upstream) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	return u(o)
}

// search reads a page: the chats after a cursor, or before it. An empty cursor is
// no cursor.
func search(s texter.Searcher, size int, cursor string, backward bool) (*relay.Connection, error) {
	input := relay.PageInput{First: &size}
	if backward {
		input = relay.PageInput{Last: &size}
	}
	switch {
	case cursor == "":
	case backward:
		input.Before = &cursor
	default:
		input.After = &cursor
	}
	args, err := relay.ParseArguments(nil, input)
	if err != nil {
		return nil, err
	}
	return relay.Search(context.Background(), s, texter.ChatFilter{ShowNoMessages: new(true)}, args, false)
}

// list is a list of chats that do not move. It counts the searches in it.
type list struct {
	rows     []*texter.Chat
	searches int
	read     int // rows
}

// SearchChats implements texter.Searcher.
func (l *list) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	l.searches++
	from := min(o.Skip, len(l.rows))
	l.read += min(o.Limit, len(l.rows)-from)
	return texter.NewSearchPage(l.rows[from:min(from+o.Limit, len(l.rows))], len(l.rows)), nil
}

// newList makes n chats whose last messages are step milliseconds apart.
func newList(n int, step int64) *list {
	l := &list{rows: []*texter.Chat{}}
	for i := range n {
		l.rows = append(l.rows, &texter.Chat{ID: fmt.Sprintf("%024x", i), LastMessageAt: new(texter.Timestamp(epoch - int64(i)*step))})
	}
	return l
}

// cursorOf is the cursor of one of the first relay.MaxSize rows.
func (l *list) cursorOf(t *testing.T, row int) string {
	t.Helper()
	c, err := search(l, row+1, "", false)
	if err != nil || len(c.Nodes()) != row+1 {
		t.Fatalf("row %d: got %+v, %v", row, c, err)
	}
	return *c.PageInfo.EndCursor()
}

// idsOf are the ids of chats.
func idsOf(chats []*texter.Chat) (ids []string) {
	for _, c := range chats {
		ids = append(ids, c.ID)
	}
	return ids
}

// elusive is an endless list in which the chat of a cursor is always elsewhere:
// after newer rows or before older ones, in turns, or at random.
func elusive(requests *int, random *rand.Rand) upstream {
	return func(o texter.SearchOptions) (*texter.SearchPage, error) {
		*requests++
		chats := make([]*texter.Chat, o.Limit)
		for i := range chats {
			milli := epoch + int64(1+*requests%2*-2)*1_000_000
			if random != nil {
				milli = epoch + random.Int64N(2_000_000) - 1_000_000
			}
			chats[i] = &texter.Chat{ID: fmt.Sprint(*requests, "-", i), LastMessageAt: new(texter.Timestamp(milli))}
		}
		return texter.NewSearchPage(chats, 1_000_000_000), nil
	}
}

// TestContradictingRowsLoseThePlace after a bounded number of requests.
func TestContradictingRowsLoseThePlace(t *testing.T) {
	cursor := newList(9000, 1).cursorOf(t, 5000)
	for _, backward := range []bool{false, true} {
		t.Run(fmt.Sprintf("backward=%t", backward), func(t *testing.T) {
			requests := 0
			c, err := search(elusive(&requests, nil), 10, cursor, backward)
			assertLost(t, err, map[bool]string{false: "after", true: "before"}[backward])
			if c != nil || requests != relay.MaxRequests {
				t.Errorf("got %+v after %d requests", c, requests)
			}
		})
	}
}

// TestUnsortedRowsTakeABoundedNumberOfRequests, whether or not they make a page.
func TestUnsortedRowsTakeABoundedNumberOfRequests(t *testing.T) {
	cursor := newList(9000, 1).cursorOf(t, 5000)
	lost := 0
	for seed := range uint64(200) {
		requests := 0
		c, err := search(elusive(&requests, rand.New(rand.NewPCG(seed, 2))), 10, cursor, seed%2 == 0)
		if requests > relay.MaxRequests || (c == nil) == (err == nil) {
			t.Errorf("seed %d: got %+v, %v after %d requests", seed, c, err, requests)
		}
		if err != nil {
			lost++
			assertLost(t, err, map[bool]string{false: "after", true: "before"}[seed%2 == 0])
		}
	}
	if lost == 0 {
		t.Error("every seed made a page")
	}
}

// TestAnEndThatIsNeverReachedIsLost asks for the last chats of a list that grows
// with every request.
func TestAnEndThatIsNeverReachedIsLost(t *testing.T) {
	requests := 0
	endless := elusive(&requests, rand.New(rand.NewPCG(1, 2)))
	_, err := search(upstream(func(o texter.SearchOptions) (*texter.SearchPage, error) {
		page, err := endless(o)
		page.Total = o.Skip + o.Limit + 100
		return page, err
	}), 10, "", true)
	if assertLost(t, err, "last"); requests != relay.MaxRequests {
		t.Errorf("%d requests", requests)
	}
}

func assertLost(t *testing.T, err error, argument string) {
	t.Helper()
	if lost, ok := errors.AsType[*rule.Error](err); !ok || lost.Kind != relay.ErrCursor || lost.Name != argument || lost.Rule == "" {
		t.Errorf("got %v, want a lost place of %s", err, argument)
	}
}

// TestAFailedRequestFailsThePage, whichever of the page's requests it is.
func TestAFailedRequestFailsThePage(t *testing.T) {
	errUpstream := &texter.Error{Cause: texter.CauseRateLimited, Status: 429}
	l := newList(30_000, 1)
	cursor := l.cursorOf(t, 9000)
	l.rows = l.rows[6000:] // the place is far from where it was
	for name, read := range map[string]func(texter.Searcher) (*relay.Connection, error){
		"a place far off": func(s texter.Searcher) (*relay.Connection, error) { return search(s, 10, cursor, false) },
		"the end":         func(s texter.Searcher) (*relay.Connection, error) { return search(s, 10, "", true) },
		"a large page":    func(s texter.Searcher) (*relay.Connection, error) { return search(s, relay.MaxSize, cursor, false) },
	} {
		t.Run(name, func(t *testing.T) {
			l.searches = 0
			if _, err := read(l); err != nil || l.searches < 2 {
				t.Fatalf("%d searches, %v", l.searches, err)
			}
			for failing := 1; failing <= l.searches; failing++ {
				requests := 0
				c, err := read(upstream(func(o texter.SearchOptions) (*texter.SearchPage, error) {
					if requests++; requests == failing {
						return nil, errUpstream
					}
					return (&list{rows: l.rows}).SearchChats(context.Background(), o)
				}))
				if err != error(errUpstream) || c != nil || requests != failing {
					t.Errorf("request %d of %d failed, and got %+v, %v", failing, requests, c, err)
				}
			}
		})
	}
}

// TestALargePageIsReadOnce: while its place is looked for, few rows are read.
func TestALargePageIsReadOnce(t *testing.T) {
	const size, moved = 5000, 20_000
	l := newList(40_000, 1000)
	cursor := l.cursorOf(t, 100)
	var news []*texter.Chat
	for i := range moved {
		news = append(news, &texter.Chat{ID: fmt.Sprint("new ", i), LastMessageAt: new(texter.Timestamp(epoch + int64(moved-i)*1000))})
	}
	l.rows = append(news, l.rows...)
	for _, backward := range []bool{false, true} {
		t.Run(fmt.Sprintf("backward is %t", backward), func(t *testing.T) {
			l.searches, l.read = 0, 0
			c, err := search(l, size, cursor, backward)
			if err != nil || len(c.Nodes()) != size {
				t.Fatalf("got %v, %v", c, err)
			}
			if most := 2*size + relay.MaxRequests*1300; l.read > most || l.searches < 4 {
				t.Errorf("%d rows were read by %d searches, want %d rows at most", l.read, l.searches, most)
			}
		})
	}
}
