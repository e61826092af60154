package live_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
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
// doubled, late and false. Once all is still and a batch has come, each reader has what
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
	t       *testing.T
	random  *rand.Rand
	inbox   *sandbox.Server
	client  *texter.Client
	window  int
	feeds   []*live.Feed // the instances
	readers []*reader
	added   int
	late    []string // chats whose webhooks have not come yet
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
	h.client, h.window = client, 3+h.random.IntN(25)
	h.feeds = []*live.Feed{h.newFeed(), h.newFeed()}
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
	return live.New(live.Options{Searcher: h.client, Window: h.window, Topic: func(_ context.Context, f texter.ChatFilter) (string, string, error) {
		return "", texter.SearchOptions{ChatFilter: f}.Query(), nil
	}})
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
		h.inbox.Message(chat.ID)
		h.announce(chat.ID)
	case n < 40:
		h.added++
		chat.ID = fmt.Sprintf("new-%d", h.added)
		h.inbox.Add(chat)
		h.announce(chat.ID)
	case n < 55:
		h.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.Status = h.random.IntN(5) })
		h.announce(chat.ID)
	case n < 62:
		h.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.UnreadCount = h.random.IntN(9) })
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
}
