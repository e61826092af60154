package websocket_test

import (
	"context"
	"iter"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/test/harness"
)

// answers is a broadcast that executes queries as well.
type answers struct{ *broadcast }

// query is a query, whose response has no data.
type query struct{ *broadcast }

func (a answers) Prepare(_ context.Context, params *graphql.RawParams) (transport.Operation, gqlerror.List) {
	if strings.HasPrefix(params.Query, "{") {
		return query(a), nil
	}
	return a.broadcast, nil
}

func (query) Type() ast.Operation { return ast.Query }

func (query) Execute(context.Context) iter.Seq[*transport.Response] {
	return func(yield func(*transport.Response) bool) { yield(&transport.Response{Data: transport.JSON("{}")}) }
}

const (
	initMessage = `{"type":"connection_init"}`
	ackMessage  = `{"type":"connection_ack"}`
	pingMessage = `{"type":"ping"}`
	pongMessage = `{"type":"pong"}`
)

// gate is a service whose callers are those of a test.
type gate struct {
	addr         string
	broadcast    *broadcast
	deadline     atomic.Pointer[time.Time] // of reading, as it was set last
	closed       chan transport.Reason
	unsubscribed chan transport.End
	started      chan bool
}

// gateListener takes connections that tell their deadline.
type gateListener struct {
	net.Listener
	gate *gate
}

// Accept implements net.Listener.
func (l gateListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return gateConn{conn, l.gate}, err
}

// gateConn tells its deadline.
type gateConn struct {
	net.Conn
	gate *gate
}

// CloseWrite closes the connection for one direction.
func (c gateConn) CloseWrite() error { return c.Conn.(*net.TCPConn).CloseWrite() }

// SetReadDeadline implements net.Conn.
func (c gateConn) SetReadDeadline(t time.Time) error {
	c.gate.deadline.Store(&t)
	return c.Conn.SetReadDeadline(t)
}

func newGate(t *testing.T, callers transport.Callers, limits transport.Limits, o websocket.Options) *gate {
	t.Helper()
	g := &gate{
		broadcast: &broadcast{streams: map[*stream]bool{}}, closed: make(chan transport.Reason, 100),
		unsubscribed: make(chan transport.End, 100), started: make(chan bool, 100),
	}
	o.Executor = answers{g.broadcast}
	o.Connections = transport.NewConnections(callers, transport.Observer{
		Closed:       func(r transport.Reason) { g.closed <- r },
		Subscribed:   func(context.Context, transport.Protocol) { g.started <- true },
		Unsubscribed: func(_ context.Context, end transport.End) { end.Duration = 0; g.unsubscribed <- end },
	}, limits)
	g.addr = listen(t, o, func(l net.Listener) net.Listener { return gateListener{l, g} })
	return g
}

// connect opens a connection, which is not acknowledged yet.
func (g *gate) connect(t *testing.T, headers ...string) *harness.WebSocket {
	t.Helper()
	return harness.OpenWebSocket(t, g.addr, harness.Handshake, headers...)
}

// open opens a connection that is acknowledged.
func (g *gate) open(t *testing.T, headers ...string) *harness.WebSocket {
	t.Helper()
	w := g.connect(t, headers...)
	w.Send(t, initMessage)
	assertReceived(t, w, ackMessage)
	return w
}

func assertReceived(t *testing.T, w *harness.WebSocket, want string) {
	t.Helper()
	if got := w.Receive(t); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// assertClosed fails unless a connection closes with a code, and for a reason.
func (g *gate) assertClosed(t *testing.T, w *harness.WebSocket, code int, reason transport.Reason) {
	t.Helper()
	if got := w.ReceiveClose(t); got != code {
		t.Errorf("closed with %d, want %d", got, code)
	}
	_ = w.Close()
	if got := <-g.closed; got != reason {
		t.Errorf("the reason is %s, want %s", got, reason)
	}
}
