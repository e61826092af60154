package feed

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"texter-graphql/texter/sandbox"
)

var histories = flag.Uint64("histories", 100, "how many histories TestHistories has")

// atOnce is how many histories happen in one world.
const atOnce = 25

// TestHistories follows inboxes through random histories: messages, arrivals,
// departures in mid-list, deletions, and changes that no webhook tells of. Viewers are
// slow, are cut, and come back to another instance; instances are killed; webhooks are
// lost, doubled, late and forged. In every second world, the instances share a Redis,
// which is killed as well. Once all is still, each viewer has what the inbox has. No
// viewer is told to begin again, or is shown an older list than before.
func TestHistories(t *testing.T) {
	count := *histories
	if testing.Short() {
		count = min(count, 3*atOnce)
	}
	for first := uint64(0); first < count; first += atOnce {
		t.Run(fmt.Sprintf("world %d", first/atOnce), func(t *testing.T) {
			w := newWorld(t, first/atOnce%2 == 1)
			var running sync.WaitGroup
			for seed := first; seed < min(first+atOnce, count); seed++ {
				running.Go(func() { newHistory(w, seed).run() })
			}
			running.Wait()
		})
	}
}

// history is one history of one inbox.
type history struct {
	w        *world
	seed     uint64
	token    string
	random   *rand.Rand
	inbox    *inbox
	viewers  []*viewer
	versions int      // how many changes there were
	late     []string // chats whose webhooks have not come yet
}

func newHistory(w *world, seed uint64) *history {
	h := &history{w: w, seed: seed, token: fmt.Sprintf("history-%d", seed), random: rand.New(rand.NewPCG(seed, 7))}
	h.inbox = &inbox{sandbox.New(sandbox.Options{Seed: seed, Chats: 5 + h.random.IntN(25)}), make(chan struct{}, 1)}
	for _, chat := range h.inbox.Chats() {
		h.inbox.Edit(chat.ID, h.mark)
	}
	w.inboxes.Store(h.token, h.inbox)
	for number := range 2 + h.random.IntN(4) {
		h.viewers = append(h.viewers, newViewer(h, number))
	}
	return h
}

// mark writes into a chat how many changes the inbox has had.
func (h *history) mark(c *sandbox.Chat) {
	h.versions++
	c.CRMData = json.RawMessage(fmt.Sprintf(`{"version":%d}`, h.versions))
}

func (h *history) run() {
	for _, v := range h.viewers {
		go v.run()
		<-v.began
	}
	kill := h.random.IntN(3 * atOnce) // a few of a world's histories kill an instance
	for step := range 20 + h.random.IntN(30) {
		switch {
		case step != 15:
		case kill < 3:
			h.w.restart(kill % len(h.w.instances))
		case kill < 6 && h.w.redis != nil:
			h.w.restartRedis()
		}
		h.step()
	}
	for _, v := range h.viewers {
		v.release()
	}
	for _, v := range h.viewers {
		v.settle()
		v.end()
	}
}

// step makes one thing happen, and often waits for a search.
func (h *history) step() {
	chats := h.inbox.Chats()
	chat := chats[h.random.IntN(len(chats))]
	switch n := h.random.IntN(100); {
	case n < 30:
		h.inbox.Edit(chat.ID, h.mark) // no list has been without both of these changes
		h.inbox.Message(chat.ID)
		h.announce(chat.ID)
	case n < 38:
		chat.ID = fmt.Sprintf("new-%d-%d", h.seed, h.versions)
		h.mark(&chat)
		h.inbox.Add(chat)
		h.announce(chat.ID)
	case n < 55:
		h.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.Status = h.random.IntN(5); h.mark(c) })
		h.announce(chat.ID)
	case n < 62:
		h.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.UnreadCount, c.Labels = h.random.IntN(9), h.labels(); h.mark(c) })
	case n < 68 && len(chats) > 1:
		h.inbox.Delete(chat.ID)
	case n < 72:
		h.forge()
	case n < 77:
		for _, id := range h.late {
			h.notify(id)
		}
		h.late = nil
	default:
		h.viewers[h.random.IntN(len(h.viewers))].act()
	}
	if h.random.IntN(2) == 0 {
		select {
		case <-h.inbox.searched:
		case <-time.After(interval):
		}
	}
}

// labels returns labels that a chat can have, one of which is gone from the project.
func (h *history) labels() []string {
	all := []string{"VIP", "refund", "hot_lead", "no_show"}
	return all[h.random.IntN(len(all)):]
}

// announce sends the webhook of a chat: now, later, twice or never.
func (h *history) announce(id string) {
	switch h.random.IntN(5) {
	case 0: // it is lost
	case 1:
		h.late = append([]string{id}, h.late...) // out of order, too
	case 2:
		h.notify(id)
		fallthrough
	default:
		h.notify(id)
	}
}

func (h *history) notify(id string) {
	body, _ := json.Marshal(map[string]any{"eventName": "newIncomingMessage", "eventData": map[string]any{"chat": map[string]string{"_id": id}}})
	h.post(secret, string(body), http.StatusNoContent)
}

// forge sends webhooks that are not Texter's.
func (h *history) forge() {
	h.post("another secret, made up", `{"eventData":{"chat":{"_id":"forged"}}}`, http.StatusUnauthorized)
	h.post(secret, `{"eventData":{"chat":{"_id":"forged","status":1,"title":"forged"}}}`, http.StatusNoContent)
	h.post(secret, `{"eventData":`, http.StatusBadRequest)
}

func (h *history) post(secret, body string, want int) {
	first, last := 0, len(h.w.instances)-1
	if h.w.redis != nil { // one instance tells the others
		first = h.random.IntN(len(h.w.instances))
		last = first
	}
	for n := first; n <= last; n++ {
		r, _ := http.NewRequest(http.MethodPost, h.w.url(n)+"/webhooks/texter", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+secret)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			continue // the instance is killed: the webhook is lost
		}
		if res.Body.Close(); res.StatusCode != want {
			h.w.t.Errorf("a webhook gets %s", res.Status)
		}
	}
}
