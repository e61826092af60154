package load

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"
)

var (
	viewers = flag.Int("viewers", 500, "how many viewers TestViewers has")
	lists   = flag.Int("lists", 25, "how many lists they watch")
	changes = flag.Int("changes", 100, "how many changes they see")
)

const webhookSecret = "a secret of the test"

// TestViewers has many viewers of many lists over WebSocket. Each change of a chat is
// told by a webhook, and reaches all viewers of its list. The figures are logged: what
// a viewer takes, how long a change takes to the last viewer, and what a delivery costs.
func TestViewers(t *testing.T) {
	inbox := sandbox.New(sandbox.Options{Chats: 50 * *lists})
	for i, chat := range inbox.Chats() {
		inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.Labels = []string{label(i % *lists)} })
	}
	server := httptest.NewServer(inbox)
	t.Cleanup(server.Close)
	p := startWith(t, []string{"WEBHOOK_SECRET=" + webhookSecret, "TEXTER_API_TOKEN=service"},
		"-texter-url", server.URL+sandbox.BasePath, "-max-subscriptions", fmt.Sprint(*viewers+10), "-max-subscriptions-per-caller", fmt.Sprint(*viewers+10),
		"-live-interval", "3s", "-live-polls", "10", "-sandbox-traffic", "0")
	base := p.settled(t)
	audience := newAudience(t, p)
	full := p.settled(t)
	t.Logf("%d viewers of %d lists: %.1f MB above %.1f MB, %d goroutines above %d", *viewers, *lists,
		full.megabytes-base.megabytes, base.megabytes, full.goroutines-base.goroutines, base.goroutines)
	if more := full.goroutines - base.goroutines; more > *viewers+*lists+100 {
		t.Errorf("%d viewers take %d goroutines", *viewers, more)
	}
	requests, cpu := inbox.Requests(), p.cpu(t)
	var delays []time.Duration
	for i := range *changes {
		delays = append(delays, audience.change(t, p, inbox, i%*lists))
	}
	slices.Sort(delays)
	deliveries := audience.deliveries.Load()
	t.Logf("webhook to the last viewer: p50 %v, p99 %v, longest %v; %d deliveries, %.0f for each second of CPU; %d polls",
		delays[len(delays)/2], delays[len(delays)*99/100], delays[len(delays)-1], deliveries,
		float64(deliveries)/(p.cpu(t)-cpu).Seconds(), inbox.Requests()-requests)
	requests = inbox.Requests()
	begin := time.Now()
	for time.Since(begin) < idle() {
		time.Sleep(time.Second)
	}
	t.Logf("idle: %.2f polls a second", float64(inbox.Requests()-requests)/time.Since(begin).Seconds())
}

// idle is how long the polls of an idle inbox are counted.
func idle() time.Duration {
	if *viewers < 10_000 {
		return 0
	}
	return time.Minute
}

func label(i int) string { return fmt.Sprintf("label-%d", i) }

// state is what the service takes.
type state struct {
	megabytes  float64
	goroutines int
}

// settled returns what the service takes after a collection.
func (p program) settled(t *testing.T) state {
	t.Helper()
	now, _ := p.memory(t)
	return state{float64(now), p.goroutines(t)}
}

// cpu returns the processor time that the service has taken.
func (p program) cpu(t *testing.T) time.Duration {
	t.Helper()
	used, err := p.CPUTime()
	if err != nil {
		t.Error(err)
	}
	return used
}

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
// viewers of the list have it.
func (a *audience) change(t *testing.T, p program, inbox *sandbox.Server, list int) time.Duration {
	t.Helper()
	chats := inbox.Chats()
	i := len(chats) - 1
	for !slices.Contains(chats[i].Labels, label(list)) || chats[i].LastMessageTimestamp == nil {
		i--
	}
	done := a.lists[list].await(chats[i].ID)
	inbox.Message(chats[i].ID)
	begin := time.Now()
	body := fmt.Sprintf(`{"eventName":"newIncomingMessage","eventData":{"chat":{"_id":%q,"labels":[%q]}}}`, chats[i].ID, label(list))
	r, _ := http.NewRequest(http.MethodPost, strings.TrimSuffix(p.URL("GraphQL"), "/graphql")+"/webhooks/texter", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+webhookSecret)
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Fatal(res, err)
	}
	res.Body.Close()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("a change has not reached all viewers")
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
