package websocket_test

import (
	"net/http"
	"testing"

	"texter-graphql/graph/transport/websocket"
	"texter-graphql/test/harness"
)

// TestConnectionsWithoutInit: of those whose connection_init has not come, 1,000 may be
// open. One more ends the oldest of them, and none of another kind.
func TestConnectionsWithoutInit(t *testing.T) {
	b := &broadcast{streams: map[*stream]bool{}}
	addr, _, _ := serve(t, b, websocket.Options{})
	initialise := func(t *testing.T, w *harness.WebSocket) {
		t.Helper()
		w.Send(t, `{"type":"connection_init"}`)
		if got := w.Receive(t); got != `{"type":"connection_ack"}` {
			t.Fatalf("got %s", got)
		}
	}
	open := make([]*harness.WebSocket, 1000)
	for i := range open {
		open[i] = harness.OpenWebSocket(t, addr, harness.Handshake)
	}
	initialise(t, open[0])
	initialise(t, open[500])
	for range 2 {
		initialise(t, harness.OpenWebSocket(t, addr, harness.Handshake))
	}
	open = append(open, harness.OpenWebSocket(t, addr, harness.Handshake), harness.OpenWebSocket(t, addr, harness.Handshake))
	harness.OpenWebSocket(t, addr, harness.Handshake)
	if code := open[1].ReceiveClose(t); code != 1013 {
		t.Errorf("the oldest is closed with %d", code)
	}
	initialise(t, open[2])
	initialise(t, open[len(open)-1])
	for _, i := range []int{0, 500} {
		if open[i].Send(t, `{"type":"ping"}`); open[i].Receive(t) != `{"type":"pong"}` {
			t.Error("one whose connection_init has come does not go on")
		}
	}
}

// TestOrigins: a page may connect if it is the service's own, or listed. A client that
// is no page sends no origin.
func TestOrigins(t *testing.T) {
	b := &broadcast{streams: map[*stream]bool{}}
	for name, test := range map[string]struct {
		lists   bool
		headers []string
		want    int
	}{
		"no origin":                 {false, nil, http.StatusSwitchingProtocols},
		"the service's own":         {false, []string{"Origin: http://service.example"}, http.StatusSwitchingProtocols},
		"its own in upper case":     {false, []string{"Origin: http://SERVICE.example"}, http.StatusSwitchingProtocols},
		"another one":               {false, []string{"Origin: https://app.example"}, http.StatusForbidden},
		"one that is no URL":        {false, []string{"Origin: http://%zz"}, http.StatusForbidden},
		"a listed one":              {true, []string{"Origin: https://app.example"}, http.StatusSwitchingProtocols},
		"one that is not listed":    {true, []string{"Origin: https://evil.example"}, http.StatusForbidden},
		"a listed one, and another": {true, []string{"Origin: https://app.example", "Origin: https://evil.example"}, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			var o websocket.Options
			if test.lists {
				o.AllowOrigin = func(origin string) bool { return origin == "https://app.example" }
			}
			addr, _, _ := serve(t, b, o)
			if w := harness.OpenWebSocket(t, addr, harness.Handshake, test.headers...); w.Response.StatusCode != test.want {
				t.Errorf("it gets %s", w.Response.Status)
			}
		})
	}
}
