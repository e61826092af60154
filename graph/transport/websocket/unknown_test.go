package websocket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"testing"

	"github.com/gobwas/ws"

	"texter-graphql/graph/transport"
)

// TestUnknownConnections: beyond the largest number of connections without a caller, the
// oldest of them is closed. Those that are known, or closed, do not count.
func TestUnknownConnections(t *testing.T) {
	s := NewServer(Options{Connections: transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})})
	var clients []net.Conn
	add := func() *connection {
		t.Helper()
		c := newConnection(s, httptest.NewRequest("GET", "/", nil))
		client, conn := net.Pipe()
		c.conn, clients = conn, append(clients, client)
		s.addUnknown(c)
		return c
	}
	t.Cleanup(func() {
		for _, client := range clients {
			_ = client.Close()
		}
	})
	closing := func(c *connection) bool {
		header, err := ws.ReadHeader(clients[0])
		return err == nil && header.OpCode == ws.OpClose && c.isClosing()
	}
	oldest := add()
	second, third := add(), add()
	for range maxUnknown - 3 {
		add()
	}
	second.caller = context.Background() // it is known by now
	third.startClosing(transport.Left)
	for range 2 { // in place of these
		if add(); oldest.isClosing() {
			t.Fatal("one is closed while there is room")
		}
	}
	if add(); !closing(oldest) {
		t.Error("the oldest one is not closed")
	}
	if n := len(s.unknown); n != maxUnknown {
		t.Errorf("%d connections are held", n)
	}
	for i, c := range s.unknown {
		if c.isClosing() {
			t.Errorf("connection %d of those that wait closes", i)
		}
		c.caller = context.Background()
	}
	for range 2 { // beyond the largest number, and below
		if add(); len(s.unknown) != 1 {
			t.Errorf("%d connections are held, all but one of which are known", len(s.unknown))
		}
		s.unknown[0].caller = context.Background()
	}
}

// TestStopDuringTheHandshake: a connection that opens while the service stops is closed
// as the others are.
func TestStopDuringTheHandshake(t *testing.T) {
	connections := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
	c := newConnection(NewServer(Options{Connections: connections}), httptest.NewRequest("GET", "/", nil))
	if err := connections.Add(c); err != nil {
		t.Fatal(err)
	}
	c.Stop()
	c.running.Wait() // for what it has begun
	client, conn := net.Pipe()
	c.begin(conn, conn, true)
	frame := make([]byte, 4)
	if _, err := io.ReadFull(client, frame); err != nil || frame[0] != 0x80|byte(ws.OpClose) || !bytes.HasSuffix(frame, []byte{1012 >> 8, 1012 & 0xff}) {
		t.Errorf("got %x, %v", frame, err)
	}
	_ = client.Close()
	connections.Stop() // waits until it has ended
}

// TestTimedOut: only an error of time says that the client was too slow.
func TestTimedOut(t *testing.T) {
	for err, want := range map[error]bool{
		errors.New("broken"): false, net.ErrClosed: false, fmt.Errorf("writing: %w", &net.OpError{Err: timeout{}}): true,
	} {
		if got := timedOut(err); got != want {
			t.Errorf("%v: %t", err, got)
		}
	}
}

// timeout is an error of time.
type timeout struct{}

// Timeout implements net.Error.
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }
func (timeout) Error() string   { return "too slow" }
