package websocket_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/test/harness"
)

// heap returns the memory in use after a collection, in bytes.
func heap() int {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc + stats.StackInuse)
}

// TestStalledClients: clients that read nothing hold up nobody, take little memory,
// and are cut off.
func TestStalledClients(t *testing.T) {
	const stalled, messages = 50, 20
	b := &broadcast{streams: map[*stream]bool{}}
	addr, started, ended := serve(t, b, websocket.Options{WriteTimeout: 3 * time.Second})
	reader := follow(t, addr, started)
	for range stalled {
		follow(t, addr, started)
	}
	before := heap()
	body := bytes.Repeat([]byte("1"), 1<<20)
	for range messages { // more than the buffers of the system hold
		b.send(body)
		if got := len(reader.Receive(t)); got < len(body) {
			t.Fatalf("another client gets %d bytes", got)
		}
	}
	if each := (heap() - before) / stalled; each > 64<<10 {
		t.Errorf("each takes %d bytes", each)
	} else {
		t.Logf("each takes %d bytes", each)
	}
	for range stalled {
		if end := <-ended; end.Reason != transport.Stalled {
			t.Errorf("one ended as %s", end.Reason)
		}
	}
	b.send([]byte("2"))
	if got := reader.Receive(t); got != `{"id":"1","type":"next","payload":2}` {
		t.Errorf("another client gets %s", got)
	}
}

// TestEndlessSubscriptions: those that always have a response do not keep others from
// theirs.
func TestEndlessSubscriptions(t *testing.T) {
	busy := runtime.GOMAXPROCS(0)
	b := &broadcast{streams: map[*stream]bool{}, body: []byte("1"), endless: busy}
	addr, started, _ := serve(t, b, websocket.Options{})
	for range busy {
		w := follow(t, addr, started)
		go func() { _, _ = io.Copy(io.Discard, w) }()
	}
	reader := follow(t, addr, started)
	b.send([]byte("2"))
	if got := reader.Receive(t); got != `{"id":"1","type":"next","payload":2}` {
		t.Errorf("another client gets %s", got)
	}
}

// TestSilentClients: a client that answers no ping is cut off, and one that does is not.
func TestSilentClients(t *testing.T) {
	t.Parallel()
	b := &broadcast{streams: map[*stream]bool{}}
	addr, started, ended := serve(t, b, websocket.Options{PingInterval: 300 * time.Millisecond})
	lively := follow(t, addr, started)
	follow(t, addr, started)
	got := make(chan string)
	go func() { got <- lively.Receive(t) }() // answers pings
	if end := <-ended; end.Reason != transport.Silent {
		t.Errorf("it ended as %s", end.Reason)
	}
	b.send([]byte("1"))
	if text := <-got; text != `{"id":"1","type":"next","payload":1}` {
		t.Errorf("got %s", text)
	}
}

// TestPingBehindMessage: a ping that is due leaves with a message.
func TestPingBehindMessage(t *testing.T) {
	b := &broadcast{streams: map[*stream]bool{}}
	addr, started, _ := serve(t, b, websocket.Options{PingInterval: -1})
	w := follow(t, addr, started)
	b.send([]byte("1"))
	for _, want := range []byte{harness.Text, harness.Ping, harness.Text} {
		kind, _, _, err := w.ReadFrame()
		if kind != want || err != nil {
			t.Errorf("a frame of kind %d comes, not %d: %v", kind, want, err)
		}
		if kind == harness.Text {
			b.send([]byte("2"))
		}
	}
}

// TestStop: connections are closed with 1012, one after another, and none is left.
func TestStop(t *testing.T) {
	b := &broadcast{streams: map[*stream]bool{}}
	connections := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
	server := httptest.NewServer(websocket.NewServer(websocket.Options{Executor: b, Connections: connections}))
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	var clients []*harness.WebSocket
	for range 20 {
		clients = append(clients, harness.OpenWebSocket(t, addr, harness.Handshake))
	}
	stopped := make(chan bool)
	go func() {
		connections.Stop()
		close(stopped)
	}()
	for _, w := range clients {
		if code := w.ReceiveClose(t); code != 1012 {
			t.Errorf("closed with %d", code)
		}
		_ = w.Close()
	}
	<-stopped
	if w := harness.OpenWebSocket(t, addr, harness.Handshake); w.Response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a later one gets %s", w.Response.Status)
	}
}

// TestNothingLeaks: connections that open and close leave no goroutine, no stream and no
// memory.
func TestNothingLeaks(t *testing.T) {
	const rounds = 1000
	b := &broadcast{streams: map[*stream]bool{}}
	addr, started, ended := serve(t, b, websocket.Options{})
	round := func(t *testing.T, i int) {
		w := follow(t, addr, started)
		switch i % 3 {
		case 0:
			w.Send(t, `{"id":"1","type":"complete"}`)
		case 1:
			w.SendFrame(t, harness.Close, true, []byte{3, 232})
			w.ReceiveClose(t)
		}
		_ = w.Close()
		<-ended
	}
	run := func(rounds int) {
		t.Run("connections open and close", func(t *testing.T) {
			for i := range rounds {
				round(t, i)
			}
		})
	}
	run(30)
	before, goroutines := heap(), runtime.NumGoroutine()
	run(rounds)
	for runtime.NumGoroutine() > goroutines { // those of connections that just end
		runtime.Gosched()
	}
	if grown := heap() - before; grown > 200*rounds {
		t.Errorf("%d bytes more", grown)
	}
	if len(b.streams) > 0 {
		t.Errorf("%d streams are open", len(b.streams))
	}
}
