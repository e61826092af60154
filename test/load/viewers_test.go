package load

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	gate := make(chan struct{}, 64) // connections that open at a time
	for i := range *viewers {
		c := a.lists[i%*lists]
		c.size++
		ready.Add(1)
		gate <- struct{}{}
		go func() {
			v, err := dial(p.URL("GraphQL"), label(i%*lists))
			<-gate
			if err != nil {
				t.Error(err)
				ready.Done()
				return
			}
			t.Cleanup(func() { v.conn.Close() })
			v.follow(a, c, ready.Done)
		}()
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

// viewer is a WebSocket whose frames a test reads itself: a client library would take
// the time that is to be measured.
type viewer struct {
	conn   net.Conn
	reader *bufio.Reader
}

const watchList = `subscription ($label: ID!) { chatsChanged(filter: {labels: [$label]}) { cursor totalCount changes { __typename
	... on ChatEntered { index edge { cursor node { id name status lastMessageAt unreadCount } } } ... on ChatUpdated { chat { id name status lastMessageAt unreadCount } } ... on ChatLeft { chatId } } } }`

// dial opens a WebSocket and subscribes to the list of a label.
func dial(address, label string) (*viewer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	v := &viewer{conn, bufio.NewReaderSize(conn, 4<<10)}
	fmt.Fprintf(conn, "GET /graphql HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n", u.Host)
	res, err := http.ReadResponse(v.reader, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("no WebSocket: %v, %w", res, err)
	}
	query, _ := json.Marshal(watchList)
	v.send(`{"type":"connection_init"}`)
	if ack, err := v.read(); err != nil || !bytes.Contains(ack, []byte("connection_ack")) {
		return nil, fmt.Errorf("no ack: %s, %w", ack, err)
	}
	v.send(fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":%s,"variables":{"label":%q}}}`, query, label))
	return v, nil
}

// send sends a text frame.
func (v *viewer) send(text string) {
	frame := []byte{0x81, 0x80 | byte(min(len(text), 126))}
	if len(text) > 125 {
		frame = binary.BigEndian.AppendUint16(frame, uint16(len(text)))
	}
	frame = append(append(frame, 0, 0, 0, 0), text...) // a mask of zeros
	_, _ = v.conn.Write(frame)
}

// follow reads what comes. It calls ready at the first batch.
func (v *viewer) follow(a *audience, c *readers, ready func()) {
	isReady := false
	for {
		message, err := v.read()
		if err != nil {
			if !isReady {
				ready()
			}
			return
		}
		if !bytes.Contains(message[:min(len(message), 40)], []byte(`"next"`)) {
			continue
		}
		if !isReady {
			isReady = true
			ready()
			continue
		}
		a.deliveries.Add(1)
		c.got(message)
	}
}

// read returns the payload of the next frame. It answers pings.
func (v *viewer) read() ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(v.reader, head[:]); err != nil {
		return nil, err
	}
	size := uint64(head[1] & 0x7f)
	switch extended := [8]byte{}; size {
	case 126:
		if _, err := io.ReadFull(v.reader, extended[:2]); err != nil {
			return nil, err
		}
		size = uint64(binary.BigEndian.Uint16(extended[:2]))
	case 127:
		if _, err := io.ReadFull(v.reader, extended[:]); err != nil {
			return nil, err
		}
		size = binary.BigEndian.Uint64(extended[:])
	}
	payload := make([]byte, size)
	_, err := io.ReadFull(v.reader, payload)
	if head[0]&0xf == 9 {
		_, _ = v.conn.Write([]byte{0x8a, 0x80, 0, 0, 0, 0})
	}
	return payload, err
}
