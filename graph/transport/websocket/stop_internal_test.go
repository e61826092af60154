package websocket

import (
	"net"
	"net/http/httptest"
	"testing"

	"github.com/gobwas/ws"

	"texter-graphql/graph/transport"
)

// TestStopDuringHandshake: a connection whose handshake is not done when the service
// stops is closed as soon as it is.
func TestStopDuringHandshake(t *testing.T) {
	connections := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
	c := newConnection(NewServer(Options{Connections: connections}), httptest.NewRequest("GET", "/graphql", nil))
	if err := connections.Add(c); err != nil {
		t.Fatal(err)
	}
	c.Stop()
	client, server := net.Pipe()
	c.begin(server, server, true)
	frame, err := ws.ReadFrame(client)
	if code, _ := ws.ParseCloseFrameData(frame.Payload); err != nil || code != closeRestart {
		t.Errorf("it is closed with %d, %v", code, err)
	}
	_ = client.Close()
	connections.Stop() // waits until it has ended
}
