package websocket_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/test/harness"
)

// faulty is an executor of operations that panic: while they are prepared, or when their
// first response is asked for.
type faulty struct {
	*broadcast
	atOnce bool
}

func (f faulty) Prepare(context.Context, *graphql.RawParams) (transport.Operation, gqlerror.List) {
	if f.atOnce {
		panic("canary")
	}
	return f, nil
}

func (faulty) Subscribe(context.Context, func()) transport.Stream { return faultyStream{} }

func (faulty) Recover(context.Context, transport.Operation, any) *transport.Response {
	return &transport.Response{Errors: gqlerror.List{{Message: "a fault"}}}
}

type faultyStream struct{}

func (faultyStream) Next() (body []byte, ended bool) { panic("canary") }

func (faultyStream) Close() {}

// TestPanics: an operation that panics ends with an error, and its connection goes on.
func TestPanics(t *testing.T) {
	for _, atOnce := range []bool{true, false} {
		addr, _, _ := serve(t, faulty{&broadcast{}, atOnce}, websocket.Options{})
		w := harness.OpenWebSocket(t, addr, harness.Handshake)
		w.Send(t, initMessage)
		assertReceived(t, w, ackMessage)
		w.Send(t, subscribeMessage)
		if atOnce {
			assertReceived(t, w, `{"id":"1","type":"error","payload":[{"message":"a fault"}]}`)
		} else {
			assertReceived(t, w, `{"id":"1","type":"next","payload":{"errors":[{"message":"a fault"}]}}`)
			assertReceived(t, w, `{"id":"1","type":"complete"}`)
		}
		w.Send(t, pingMessage)
		assertReceived(t, w, pongMessage)
	}
}

// TestOperations: how operations of one connection begin and end.
func TestOperations(t *testing.T) {
	send := func(id, document string) string {
		return fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":{"query":%q}}`, id, document)
	}
	const subscription = "subscription { x }"
	g := newGate(t, transport.Callers{Name: func(context.Context) string { return "caller" }}, transport.Limits{SubscriptionsPerCaller: 2, OperationsPerConnection: 2}, websocket.Options{})
	t.Run("a query completes, and its id is free again", func(t *testing.T) {
		w := g.open(t)
		for range 2 {
			w.Send(t, send("1", "{x}"))
			assertReceived(t, w, `{"id":"1","type":"next","payload":{"data":{}}}`)
			assertReceived(t, w, `{"id":"1","type":"complete"}`)
		}
		_ = w.Close()
		<-g.closed
	})
	t.Run("an id that is in use closes the connection", func(t *testing.T) {
		w := g.open(t)
		w.Send(t, send("1", subscription))
		<-g.started
		w.Send(t, send("1", subscription))
		g.assertClosed(t, w, 4409, transport.Violated)
		<-g.unsubscribed
	})
	t.Run("one too many gets an error, and one that has ended makes room", func(t *testing.T) {
		w := g.open(t)
		for _, id := range []string{"1", "2"} {
			w.Send(t, send(id, subscription))
			<-g.started
		}
		w.Send(t, send("3", subscription))
		if got := w.Receive(t); !strings.HasPrefix(got, `{"id":"3","type":"error"`) || !strings.Contains(got, `"code":"RATE_LIMITED"`) {
			t.Errorf("got %s", got)
		}
		w.Send(t, `{"id":"3","type":"complete"}`) // it is not there
		w.Send(t, `{"id":"1","type":"complete"}`)
		if got, want := <-g.unsubscribed, (transport.End{Protocol: transport.WebSocket, Reason: transport.Left}); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got)
		}
		w.Send(t, send("3", subscription))
		<-g.started
		g.broadcast.send([]byte(`{"a":1}`))
		for range 2 {
			if got := w.Receive(t); !strings.HasSuffix(got, `"type":"next","payload":{"a":1}}`) {
				t.Errorf("got %s", got)
			}
		}
		w.SendFrame(t, harness.Close, true, []byte{3, 232})
		g.assertClosed(t, w, 1000, transport.Left)
		for range 2 {
			if got, want := <-g.unsubscribed, (transport.End{Protocol: transport.WebSocket, Reason: transport.Left, Deliveries: 1, Bytes: 7}); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v", got)
			}
		}
	})
	t.Run("a stream that has nothing is not asked until it wakes", func(t *testing.T) {
		w := g.open(t)
		w.Send(t, send("1", subscription))
		<-g.started
		g.broadcast.mu.Lock()
		before := g.broadcast.asked
		g.broadcast.mu.Unlock()
		for range 3 {
			g.broadcast.send([]byte("1"))
			w.Receive(t)
		}
		w.Send(t, `{"id":"1","type":"complete"}`)
		<-g.unsubscribed
		if asked := g.broadcast.asked - before; asked > 8 { // twice for each wake
			t.Errorf("it was asked %d times", asked)
		}
		_ = w.Close()
		<-g.closed
	})
	t.Run("a caller's connection too many closes, and one that has ended makes room", func(t *testing.T) {
		first := g.open(t)
		g.open(t)
		w := g.connect(t)
		w.Send(t, initMessage)
		g.assertClosed(t, w, 1013, transport.Crowded)
		_ = first.Close()
		<-g.closed
		g.open(t)
	})
}

// TestMessages: a message has its time to come, and then the connection may rest. A frame
// that can't be ends it.
func TestMessages(t *testing.T) {
	g := newGate(t, transport.Callers{}, transport.Limits{}, websocket.Options{})
	t.Run("after a message, the connection may rest", func(t *testing.T) {
		w := g.open(t)
		w.Send(t, pingMessage)
		assertReceived(t, w, pongMessage)
		if at := g.deadline.Load(); !at.IsZero() {
			t.Errorf("the next message must come by %v", at)
		}
	})
	t.Run("a message that is not complete must be so in time", func(t *testing.T) {
		w := g.open(t)
		w.SendFrame(t, harness.Text, false, []byte(`{"type":`))
		w.SendFrame(t, harness.Ping, true, []byte("x"))
		if kind, _, _, err := w.ReadFrame(); kind != harness.Pong || err != nil {
			t.Fatal(kind, err)
		}
		if at := g.deadline.Load(); at.IsZero() {
			t.Error("it may take for ever")
		}
	})
	t.Run("a frame of an impossible size ends the connection at once", func(t *testing.T) {
		g := newGate(t, transport.Callers{}, transport.Limits{}, websocket.Options{})
		w := g.open(t)
		if _, err := w.Write([]byte{0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}); err != nil {
			t.Fatal(err)
		}
		if reason := <-g.closed; reason != transport.Lost {
			t.Errorf("it ended as %s", reason)
		}
	})
	t.Run("a message that is none closes it with 4400", func(t *testing.T) {
		g := newGate(t, transport.Callers{}, transport.Limits{}, websocket.Options{})
		for _, text := range []string{`{"type":"ping"}}`, `{"type":"ping"`, `{"type":"ping","type":"ping"}`, `[]`, `{"type":"next","id":"1"}`, `{"type":"subscribe","id":"1"}`, `{"type":"complete"}`} {
			w := g.open(t)
			w.Send(t, text)
			g.assertClosed(t, w, 4400, transport.Violated)
		}
	})
}
