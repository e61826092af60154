package load

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"texter-graphql/test/harness"
)

// audience are the viewers.
type audience struct {
	deliveries atomic.Int64
	lists      []*readers
}

// readers are the viewers of one list.
type readers struct {
	size    int
	mu      sync.Mutex
	awaited string        // the chat that a change is about
	missing int           // viewers who have not got it
	all     chan struct{} // is closed when all have
}

func newAudience(t *testing.T, p program) *audience {
	t.Helper()
	a := &audience{lists: make([]*readers, *lists)}
	for i := range a.lists {
		a.lists[i] = &readers{}
	}
	var ready sync.WaitGroup
	for i := range *viewers {
		c := a.lists[i%*lists]
		c.size++
		w := watch(t, p, label(i%*lists))
		ready.Add(1)
		go follow(w, a, c, ready.Done)
	}
	ready.Wait()
	return a
}

// change moves a chat of a list to the top, tells the service, and waits until all
// viewers of the list have it. It returns how long that takes.
func (x *exhibition) change(t *testing.T, list int) time.Duration {
	t.Helper()
	chats := x.inbox.Chats()
	i := len(chats) - 1
	for !slices.Contains(chats[i].Labels, label(list)) || chats[i].LastMessageTimestamp == nil {
		i--
	}
	done := x.audience.lists[list].await(chats[i].ID)
	x.inbox.Message(chats[i].ID)
	begin := time.Now()
	body := fmt.Sprintf(`{"eventName":"newIncomingMessage","eventData":{"chat":{"_id":%q,"labels":[%q]}}}`, chats[i].ID, label(list))
	r, _ := http.NewRequest(http.MethodPost, strings.TrimSuffix(x.program.URL("GraphQL"), "/graphql")+"/webhooks/texter", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+webhookSecret)
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Error(res, err)
		return 0
	}
	res.Body.Close()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("a change has not reached all viewers")
	}
	return time.Since(begin)
}

func (c *readers) await(chat string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited, c.missing, c.all = chat, c.size, make(chan struct{})
	return c.all
}

// got counts a message of a viewer.
func (c *readers) got(message []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.awaited != "" && bytes.Contains(message, []byte(c.awaited)) {
		if c.missing--; c.missing == 0 {
			c.awaited = ""
			close(c.all)
		}
	}
}

const watchList = `subscription ($label: ID!) { chatsChanged(filter: {labels: [$label]}) { cursor totalCount changes { __typename
	... on ChatEntered { index edge { cursor node { id name status lastMessageAt unreadCount } } } ... on ChatUpdated { chat { id name status lastMessageAt unreadCount } } ... on ChatLeft { chatId } } } }`

// watch opens a WebSocket and subscribes to the list of a label.
func watch(t *testing.T, p program, label string) *harness.WebSocket {
	t.Helper()
	addr := p.Addr("GraphQL")
	w := harness.OpenWebSocket(t, addr, strings.Replace(harness.Handshake, "service.example", addr, 1)) // the service asks for its own name
	if w.Response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(w.Response.Status)
	}
	w.Send(t, `{"type":"connection_init"}`)
	if ack := w.Receive(t); !strings.Contains(ack, "connection_ack") {
		t.Fatalf("no ack: %s", ack)
	}
	w.Send(t, fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":%q,"variables":{"label":%q}}}`, watchList, label))
	_ = w.SetDeadline(time.Time{})
	return w
}

// follow reads what comes. It calls ready at the first batch.
func follow(w *harness.WebSocket, a *audience, c *readers, ready func()) {
	isReady := false
	for {
		kind, _, message, err := w.ReadFrame()
		switch {
		case err != nil:
			if !isReady {
				ready()
			}
			return
		case kind == harness.Ping:
			_, _ = w.Write([]byte{0x80 | harness.Pong, 0x80, 0, 0, 0, 0}) // without a payload, with a mask of zeros
		case !bytes.Contains(message[:min(len(message), 40)], []byte(`"next"`)):
		case !isReady:
			isReady = true
			ready()
		default:
			a.deliveries.Add(1)
			c.got(message)
		}
	}
}
