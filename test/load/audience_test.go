package load

import (
	"bytes"
	"fmt"
	"iter"
	"net/http"
	"regexp"
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
	viewers    []*viewer
}

// viewer is one of them.
type viewer struct {
	list int
	last atomic.Pointer[[]byte] // message with a batch; nil until there is one
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
	for i := range *viewers {
		a.viewers = append(a.viewers, &viewer{list: i % *lists})
		a.lists[i%*lists].size++
	}
	a.watch(t, p)
	return a
}

// opening is how many viewers connect at a time.
const opening = 32

// openingEvents is the same for event streams, which open when they are read.
var openingEvents = make(chan struct{}, opening)

// watch connects all viewers, and returns when each has a batch.
func (a *audience) watch(t *testing.T, p program) {
	t.Helper()
	var ready sync.WaitGroup
	places := make(chan struct{}, opening)
	for _, v := range a.viewers {
		places <- struct{}{}
		ready.Go(func() {
			messages := v.watch(t, p)
			<-places
			isReady := make(chan struct{})
			go a.follow(messages, v, func() { close(isReady) })
			<-isReady
		})
	}
	ready.Wait()
}

// webhooks sends webhooks on connections that are kept, so that connections are not
// what the service spends its time on.
var webhooks = http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}}

// change moves a chat of a list to the top, tells the service, and waits until all
// viewers of the list have it. It returns how long that takes.
func (x *exhibition) change(t *testing.T, list int) time.Duration {
	t.Helper()
	chat, done := x.move(list)
	begin := time.Now()
	body := fmt.Sprintf(`{"eventName":"newIncomingMessage","eventData":{"chat":{"_id":%q,"labels":[%q]}}}`, chat, label(list))
	r, _ := http.NewRequest(http.MethodPost, strings.TrimSuffix(x.program.URL("GraphQL"), "/graphql")+"/webhooks/texter", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+webhookSecret)
	res, err := webhooks.Do(r)
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Error(res, err)
		return 0
	}
	res.Body.Close()
	x.await(t, list, done)
	return time.Since(begin)
}

// await waits until all viewers of a list have its change.
func (x *exhibition) await(t *testing.T, list int, done <-chan struct{}) {
	t.Helper()
	if t.Failed() {
		return
	}
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Errorf("a change has not reached all viewers of list %d", list)
	}
}

// move moves a chat of a list to the top. The channel is closed when all viewers of
// the list have got it.
func (x *exhibition) move(list int) (chat string, done <-chan struct{}) {
	chats := x.chats[list]
	chat = chats[0]
	x.chats[list] = append(chats[1:], chat)
	done = x.audience.lists[list].await(chat)
	x.inbox.Message(chat)
	return chat, done
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

const watchList = `subscription ($label: ID!, $since: String) { chatsChanged(filter: {labels: [$label]}, since: $since) { cursor totalCount changes { __typename
	... on ChatEntered { index edge { cursor node { id name status lastMessageAt unreadCount } } } ... on ChatUpdated { chat { id name status lastMessageAt unreadCount } } ... on ChatLeft { chatId } } } }`

// watch subscribes to the viewer's list, and yields the messages with batches.
func (v *viewer) watch(t *testing.T, p program) iter.Seq[[]byte] {
	t.Helper()
	if *sse {
		return v.watchEvents(t, p)
	}
	return v.watchWebSocket(t, p)
}

// watchEvents subscribes by an event stream, from now.
func (v *viewer) watchEvents(t *testing.T, p program) iter.Seq[[]byte] {
	query := strings.Replace(watchList, "[$label]", fmt.Sprintf("[%q]", label(v.list)), 1)
	query = strings.Replace(query, "$label: ID!, ", "", 1)
	events := harness.Subscription{URL: p.URL("GraphQL"), Token: "service", Query: query, Opening: openingEvents}.Events(t.Context())
	return func(yield func([]byte) bool) {
		for data, err := range events {
			if err != nil || !yield([]byte(data)) {
				return
			}
		}
	}
}

// watchWebSocket subscribes by a WebSocket, from where the viewer was.
func (v *viewer) watchWebSocket(t *testing.T, p program) iter.Seq[[]byte] {
	t.Helper()
	addr := p.Addr("GraphQL")
	w := harness.OpenWebSocket(t, addr, strings.Replace(harness.Handshake, "service.example", addr, 1), "Authorization: Bearer service") // the service asks for its own name
	if w.Response.StatusCode != http.StatusSwitchingProtocols {
		t.Error(w.Response.Status)
	}
	w.Send(t, `{"type":"connection_init"}`)
	if ack := w.Receive(t); !strings.Contains(ack, "connection_ack") {
		t.Errorf("no ack: %s", ack)
	}
	w.Send(t, fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":%q,"variables":{"label":%q,"since":%s}}}`, watchList, label(v.list), v.since()))
	_ = w.SetDeadline(time.Time{})
	return func(yield func([]byte) bool) {
		defer w.Close()
		for {
			switch kind, _, message, err := w.ReadFrame(); {
			case err != nil:
				return
			case kind == harness.Ping:
				_, _ = w.Write([]byte{0x80 | harness.Pong, 0x80, 0, 0, 0, 0}) // without a payload, with a mask of zeros
			case !bytes.Contains(message, []byte(`"type":"next"`)):
			case bytes.Contains(message, []byte(`"errors":`)):
				t.Errorf("a viewer got %s", message)
				return
			case !yield(message):
				return
			}
		}
	}
}

// since returns the cursor of the last batch, as JSON: null if there is none.
func (v *viewer) since() []byte {
	last := v.last.Load()
	if last == nil {
		return []byte("null")
	}
	return batchCursor.FindSubmatch(*last)[1]
}

var batchCursor = regexp.MustCompile(`"cursor":("[^"]*")`)

// follow reads what comes. It calls ready at the first batch.
func (a *audience) follow(messages iter.Seq[[]byte], v *viewer, ready func()) {
	ready = sync.OnceFunc(ready)
	defer ready()
	isFirst := true
	for message := range messages {
		v.last.Store(&message)
		if !isFirst {
			a.deliveries.Add(1) // before somebody hears that all have it
		}
		a.lists[v.list].got(message)
		isFirst = false
		ready()
	}
}
