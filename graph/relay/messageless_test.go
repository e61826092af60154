package relay_test

import (
	"fmt"
	"slices"
	"testing"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// withoutMessages makes n chats without messages.
func withoutMessages(n int) []*texter.Chat {
	chats := make([]*texter.Chat, n)
	for i := range chats {
		chats[i] = &texter.Chat{ID: fmt.Sprintf("no-messages-%d", i)}
	}
	return chats
}

// TestTheFirstRowTellsTheOrder: the cursor is from a page without messageless rows,
// and finds only such rows around it. Then the first row of the list tells where
// those are.
func TestTheFirstRowTellsTheOrder(t *testing.T) {
	timed := newList(300, 1000).rows
	for name, test := range map[string]struct {
		rows []*texter.Chat // when the page after the cursor is read
		want int            // index in rows of what follows the cursor's chat, timed[200]
	}{
		"last":  {slices.Concat(timed[150:], withoutMessages(1000)), 51},
		"first": {slices.Concat(withoutMessages(1000), timed), 1201},
	} {
		t.Run(name, func(t *testing.T) {
			l := &list{rows: timed}
			args, err := relay.ParseArguments(&relay.PageInput{First: new(1), Skip: new(200)}, relay.PageInput{})
			if err != nil {
				t.Fatal(err)
			}
			c, err := relay.Search(t.Context(), l, texter.ChatFilter{ShowNoMessages: new(true)}, args, false)
			if err != nil {
				t.Fatal(err)
			}
			l.rows, l.searches = test.rows, 0
			c, err = search(l, 10, *c.PageInfo.EndCursor(), false)
			assertPage(t, name, c, err, l, test.want, test.want+10)
			if l.searches < 3 || l.searches > relay.MaxRequests {
				t.Errorf("%d searches", l.searches)
			}
		})
	}
}
