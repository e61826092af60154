package relay_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// epoch is when the histories start, in milliseconds.
const epoch = 1_760_000_000_000

// inbox is a sandbox with live traffic and a client on it.
type inbox struct {
	*rand.Rand
	server   *sandbox.Server
	client   texter.Searcher
	filter   texter.ChatFilter
	requests int
	ids      []string // of all chats, also those that were deleted
	now      int64    // time of the last change, in milliseconds
	put      map[string]bool
}

// newInbox makes an inbox of n chats, some of equal times and some without
// messages.
func newInbox(t *testing.T, seed uint64, n int) *inbox {
	t.Helper()
	in := &inbox{Rand: rand.New(rand.NewPCG(seed, 1)), now: epoch}
	in.server = sandbox.New(sandbox.Options{
		Chats:            -1,
		Now:              func() time.Time { return time.UnixMilli(in.now) },
		MessagelessFirst: in.IntN(2) == 0,
	})
	client, err := texter.NewClient(texter.Options{
		BaseURL:   "https://sandbox.example" + sandbox.BasePath,
		Token:     func(context.Context) (string, error) { return "token", nil },
		Transport: in,
	})
	if err != nil {
		t.Fatal(err)
	}
	in.client = client
	if in.IntN(2) == 0 {
		in.filter.Statuses = []texter.ChatStatus{texter.StatusPending, texter.StatusBot}
	}
	if in.IntN(2) == 0 {
		yes := true
		in.filter.ShowNoMessages = &yes
	}
	equalTimes := 1 + in.IntN(4)
	for range n {
		in.add(in.now - int64(in.IntN(n/equalTimes+1))*1000)
	}
	return in
}

// RoundTrip serves the client from the sandbox without a socket.
func (in *inbox) RoundTrip(r *http.Request) (*http.Response, error) {
	in.requests++
	w := httptest.NewRecorder()
	in.server.ServeHTTP(w, r)
	return w.Result(), nil
}

// add adds a chat with a last message at this time, or one without messages.
func (in *inbox) add(milli int64) {
	c := sandbox.Chat{ID: fmt.Sprintf("%024x", in.Uint64()), Title: "Someone", Status: in.IntN(5)}
	if in.IntN(8) > 0 {
		c.LastMessageTimestamp = &milli
	}
	in.server.Add(c)
	in.ids = append(in.ids, c.ID)
}

// move changes a chat, or adds one. A chat that it touches does not stay put.
func (in *inbox) move(target string) {
	switch in.now += int64(in.IntN(3)); in.IntN(6) {
	case 0, 1:
		in.server.Message(target)
	case 2:
		in.server.Edit(target, func(c *sandbox.Chat) { c.Status = in.IntN(5) })
	case 3:
		in.server.Delete(target)
	case 4: // a bulk send
		now := in.now
		for _, id := range []string{target, in.any(), in.any()} {
			in.server.Edit(id, func(c *sandbox.Chat) { c.LastMessageTimestamp = &now })
			delete(in.put, id)
		}
		in.now++ // Message takes a time after the latest one
	case 5:
		in.add(in.now)
	}
	delete(in.put, target)
}

func (in *inbox) any() string { return in.ids[in.IntN(len(in.ids))] }

// matches returns the ids of the chats that match the filter now.
func (in *inbox) matches() map[string]bool {
	ids := map[string]bool{}
	for _, c := range in.server.Chats() {
		hasMessages := c.LastMessageTimestamp != nil
		status := in.filter.Statuses == nil || slices.Contains(in.filter.Statuses, texter.ChatStatus(c.Status))
		if status && (hasMessages || in.filter.ShowNoMessages != nil) {
			ids[c.ID] = true
		}
	}
	return ids
}

// pager reads the page that follows a cursor in a direction. With an empty cursor
// it reads the first page in that direction.
type pager func(in *inbox, size int, cursor string, backward bool) (ids []string, next string, err error)

// anchored is the pager of this package.
func anchored(in *inbox, size int, cursor string, backward bool) ([]string, string, error) {
	page := relay.PageInput{First: &size}
	if backward {
		page = relay.PageInput{Last: &size}
	}
	switch {
	case cursor == "":
	case backward:
		page.Before = &cursor
	default:
		page.After = &cursor
	}
	args, err := relay.ParseArguments(&page, relay.PageInput{})
	if err != nil {
		return nil, "", err
	}
	c, err := relay.Search(context.Background(), in.client, in.filter, args, false)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, node := range c.Nodes() {
		ids = append(ids, node.ID)
	}
	switch {
	case backward && c.PageInfo.HasPreviousPage && len(ids) > 0:
		return ids, *c.PageInfo.StartCursor(), nil
	case !backward && c.PageInfo.HasNextPage && len(ids) > 0:
		return ids, *c.PageInfo.EndCursor(), nil
	}
	return ids, "", nil
}

// byOffset is a pager whose cursors are row numbers, as those of many facades are.
func byOffset(in *inbox, size int, cursor string, backward bool) ([]string, string, error) {
	total := len(in.matches())
	start, end := 0, total
	if cursor != "" {
		if _, err := fmt.Sscan(cursor, &start); err != nil {
			return nil, "", err
		}
		end = start
	}
	if backward {
		start = max(end-size, 0)
		size = end - start
	}
	page, err := in.client.SearchChats(context.Background(), texter.SearchOptions{ChatFilter: in.filter, Limit: max(size, 1), Skip: start})
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, chat := range page.Chats() {
		ids = append(ids, chat.ID)
	}
	switch {
	case backward && start > 0:
		return ids, fmt.Sprint(start), nil
	case !backward && start+size < page.Total:
		return ids, fmt.Sprint(start + size), nil
	}
	return ids, "", nil
}
