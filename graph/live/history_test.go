package live_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

var histories = flag.Uint64("histories", 100, "how many histories TestHistories has")

// TestHistories follows an inbox through random histories: messages, arrivals,
// departures in mid-list, deletions, and changes that no webhook tells of. Readers are
// slow, are cut, and come back to another instance; instances end; webhooks are lost,
// doubled, late and false. In most histories, instances share what they read, and in
// half of these, that fails now and then. Once all is still and a batch has come, each reader has what
// the inbox returns.
func TestHistories(t *testing.T) {
	for seed := range *histories {
		t.Run(fmt.Sprintf("history %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newHistory(t, seed).run() })
		})
	}
}

// history is one history.
type history struct {
	t        *testing.T
	random   *rand.Rand
	inbox    *sandbox.Server
	client   *texter.Client
	window   int
	feeds    []*live.Feed // the instances
	shelf    *shelf       // where they share what they read; nil if they do not
	readers  []*reader
	added    int
	versions int      // how many changes there were
	late     []string // chats whose webhooks have not come yet
}

func newHistory(t *testing.T, seed uint64) *history {
	t.Helper()
	h := &history{t: t, random: rand.New(rand.NewPCG(seed, 3))}
	h.inbox = sandbox.New(sandbox.Options{Seed: seed, Chats: 5 + h.random.IntN(40)})
	client, err := texter.NewClient(texter.Options{
		BaseURL: "https://texter.example" + sandbox.BasePath, Transport: h, Reuse: true,
		Token: func(context.Context) (string, error) { return "token", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, chat := range h.inbox.Chats() {
		h.inbox.Edit(chat.ID, h.mark)
	}
	h.client, h.window = client, 3+h.random.IntN(25)
	switch seed % 3 {
	case 1:
		h.shelf = newShelf(nil)
	case 2:
		h.shelf = newShelf(rand.New(rand.NewPCG(seed, 5)))
	}
	h.feeds = []*live.Feed{h.newFeed(), h.newFeed()}
	h.share()
	for range 1 + h.random.IntN(5) {
		h.readers = append(h.readers, h.newReader())
	}
	return h
}

// RoundTrip is the way to the inbox.
func (h *history) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Duration(1+len(r.URL.RawQuery)%50) * time.Millisecond)
	w := httptest.NewRecorder()
	h.inbox.ServeHTTP(w, r)
	return w.Result(), nil
}

func (h *history) newFeed() *live.Feed {
	o := live.Options{Searcher: h.client, Window: h.window, Topic: topicOf}
	if h.shelf != nil {
		o.Peers = h.shelf
	}
	return live.New(o)
}

// share lets the instances hear each other.
func (h *history) share() {
	if h.shelf != nil {
		h.shelf.mu.Lock()
		defer h.shelf.mu.Unlock()
		h.shelf.instances = slices.Clone(h.feeds)
	}
}

func (h *history) run() {
	for range 20 + h.random.IntN(40) {
		h.step()
	}
	for _, r := range h.readers {
		r.resume()
	}
	time.Sleep(2 * live.DefaultRareInterval)
	synctest.Wait()
	for i, r := range h.readers {
		r.read()
		r.check(i)
		r.viewer.Close()
	}
	for _, feed := range h.feeds {
		feed.Close()
	}
}

// step makes one thing happen.
func (h *history) step() {
	chats := h.inbox.Chats()
	var chat sandbox.Chat
	if len(chats) > 0 {
		chat = chats[h.random.IntN(len(chats))]
	}
	switch n := h.random.IntN(100); {
	case n < 30:
		h.inbox.Edit(chat.ID, h.mark) // no list has been without both of these changes
		h.inbox.Message(chat.ID)
		h.announce(chat.ID)
	case n < 40:
		h.added++
		chat.ID = fmt.Sprintf("new-%d", h.added)
		h.mark(&chat)
		h.inbox.Add(chat)
		h.announce(chat.ID)
	case n < 55:
		h.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.Status = h.random.IntN(5); h.mark(c) })
		h.announce(chat.ID)
	case n < 62:
		h.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.UnreadCount = h.random.IntN(9); h.mark(c) })
	case n < 70:
		h.inbox.Delete(chat.ID)
	case n < 75:
		h.notify("no such chat")
	case n < 80:
		for _, id := range h.late {
			h.notify(id)
		}
		h.late = nil
	case n < 84:
		h.restart(h.random.IntN(len(h.feeds)))
	default:
		h.readers[h.random.IntN(len(h.readers))].act()
	}
	time.Sleep(time.Duration(h.random.IntN(3000)) * time.Millisecond)
}

// mark writes into a chat how many changes the inbox has had.
func (h *history) mark(c *sandbox.Chat) {
	h.versions++
	c.CRMData = json.RawMessage(fmt.Sprintf(`{"version":%d}`, h.versions))
}

// announce sends the webhook of a chat: now, later, twice or never.
func (h *history) announce(id string) {
	switch h.random.IntN(5) {
	case 0: // it is lost
	case 1:
		h.late = append(h.late, id)
	case 2:
		h.notify(id)
		fallthrough
	default:
		h.notify(id)
	}
}

func (h *history) notify(id string) {
	for _, feed := range h.feeds {
		feed.Notify(live.Event{ChatID: id})
	}
}

// restart ends an instance. Its readers come back to another one.
func (h *history) restart(instance int) {
	h.feeds[instance].Close()
	for _, r := range h.readers {
		if r.viewer != nil && r.feed == h.feeds[instance] {
			if changes, err := r.viewer.Next(); changes != nil || err == nil {
				h.t.Errorf("a feed that is closed has a batch, or no error: %v", err)
			}
			r.cut()
		}
	}
	h.feeds[instance] = h.newFeed()
	h.share()
}
