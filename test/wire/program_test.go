// Package wire tests subscriptions over raw sockets: graphql-transport-ws, and GraphQL
// over SSE.
package wire

import (
	"encoding/json"
	"os"
	"testing"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// start runs the service over the sandbox until the test ends, with further
// environment variables.
func start(t *testing.T, env ...string) *harness.Process {
	t.Helper()
	return harness.Start(t, harness.Command{Env: append([]string{"ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0"}, env...)})
}

// connect opens a WebSocket.
func connect(t *testing.T, p *harness.Process, headers ...string) *harness.WebSocket {
	t.Helper()
	w := harness.OpenWebSocket(t, p.Addr("GraphQL"), harness.Handshake, headers...)
	if w.Response.StatusCode != 101 {
		t.Fatalf("the handshake gets %s", w.Response.Status)
	}
	return w
}

const (
	initMessage = `{"type":"connection_init"}`
	ackMessage  = `{"type":"connection_ack"}`
)

// open opens a WebSocket that is acknowledged.
func open(t *testing.T, p *harness.Process, headers ...string) *harness.WebSocket {
	t.Helper()
	w := connect(t, p, headers...)
	w.Send(t, initMessage)
	assertMessage(t, w, ackMessage)
	return w
}

// subscribe is the message that starts an operation.
func subscribe(id, document string) string {
	payload, _ := json.Marshal(map[string]string{"query": document})
	quoted, _ := json.Marshal(id)
	return `{"id":` + string(quoted) + `,"type":"subscribe","payload":` + string(payload) + `}`
}

const (
	feed  = `subscription { chatsChanged { cursor } }`
	query = `{ searchChats { totalCount } }`
)

// message is a message of the server.
type message struct {
	ID, Type string
	Payload  json.RawMessage
}

func receive(t *testing.T, w *harness.WebSocket) (m message) {
	t.Helper()
	text := w.Receive(t)
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m
}

// assertNext reads a message, which must be of this id and type.
func assertNext(t *testing.T, w *harness.WebSocket, id, kind string) message {
	t.Helper()
	m := receive(t, w)
	if m.ID != id || m.Type != kind {
		t.Fatalf("got %s of %q: %s", m.Type, m.ID, m.Payload)
	}
	return m
}

func assertMessage(t *testing.T, w *harness.WebSocket, want string) {
	t.Helper()
	if got := w.Receive(t); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}

// assertSilence fails if the server has sent anything before the answer to a ping.
func assertSilence(t *testing.T, w *harness.WebSocket) {
	t.Helper()
	w.Send(t, `{"type":"ping","payload":{"silence":true}}`)
	assertMessage(t, w, `{"type":"pong","payload":{"silence":true}}`)
}

// assertClosed reads a close frame.
func assertClosed(t *testing.T, w *harness.WebSocket, code int) {
	t.Helper()
	if got := w.ReceiveClose(t); got != code {
		t.Fatalf("closed with %d, want %d", got, code)
	}
}
