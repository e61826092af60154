package websocket_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/internal/refusal"
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
	server := httptest.NewUnstartedServer(websocket.NewServer(o))
	server.Listener = gateListener{server.Listener, g}
	server.Start()
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { o.Connections.Watch(ctx) })
	t.Cleanup(func() {
		cancel()
		watching.Wait()
		o.Connections.Stop()
		server.Close()
	})
	g.addr = server.Listener.Addr().String()
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

// TestWhoCalls: the credential of a connection is what connection_init has, or else the
// header of the handshake, if there is only one.
func TestWhoCalls(t *testing.T) {
	var got atomic.Value
	identify := func(r *http.Request) (context.Context, error) {
		got.Store(fmt.Sprintf("%q of %s", r.Header.Values("Authorization"), r.Host))
		return r.Context(), nil
	}
	g := newGate(t, transport.Callers{Identify: identify}, transport.Limits{}, websocket.Options{})
	for name, test := range map[string]struct {
		headers       []string
		payload, want string
	}{
		"none":                            {nil, `{}`, ""},
		"a header":                        {[]string{"Authorization: header"}, `{}`, "header"},
		"two headers":                     {[]string{"Authorization: a", "Authorization: b"}, `{}`, ""},
		"the payload":                     {nil, `{"Authorization":"payload"}`, "payload"},
		"the payload, by another name":    {nil, `{"authorization":"payload"}`, "payload"},
		"the payload, over the header":    {[]string{"Authorization: header"}, `{"Authorization":"payload"}`, "payload"},
		"headers in the payload":          {nil, `{"other":[],"headers":{"Authorization":"inner"}}`, "inner"},
		"the payload, over headers in it": {nil, `{"Authorization":"payload","headers":{"Authorization":"inner"}}`, "payload"},
		"a member of another type":        {[]string{"Authorization: header"}, `{"Authorization":["payload"],"headers":[]}`, "header"},
		"another member with such a name": {[]string{"Authorization: header"}, `{"other":{"Authorization":"inner"}}`, "header"},
	} {
		t.Run(name, func(t *testing.T) {
			w := g.connect(t, test.headers...)
			w.Send(t, `{"type":"connection_init","payload":`+test.payload+`}`)
			assertReceived(t, w, ackMessage)
			want := fmt.Sprintf("%q of service.example", strings.Fields(test.want))
			if got.Load() != want {
				t.Errorf("got %v, want %s", got.Load(), want)
			}
		})
	}
}

// TestCallersWhoAreNotLetIn, at connection_init, at an operation, or any more.
func TestCallersWhoAreNotLetIn(t *testing.T) {
	t.Parallel()
	limited := &refusal.Error{Status: http.StatusTooManyRequests, Message: "slower"}
	for name, test := range map[string]struct {
		err    error
		code   int // at connection_init
		reason transport.Reason
		stays  bool // after an operation
	}{
		"unknown":      {errors.New("who?"), 4403, transport.Unauthorized, false},
		"unauthorized": {&refusal.Error{Status: http.StatusUnauthorized, Message: "no"}, 4403, transport.Unauthorized, false},
		"too fast":     {limited, 1013, transport.Crowded, true},
	} {
		t.Run(name, func(t *testing.T) {
			refuse := func(*http.Request) (context.Context, error) { return nil, test.err }
			let := func(r *http.Request) (context.Context, error) { return r.Context(), nil }
			g := newGate(t, transport.Callers{Identify: refuse, Authenticate: refuse}, transport.Limits{}, websocket.Options{})
			w := g.connect(t)
			w.Send(t, initMessage)
			g.assertClosed(t, w, test.code, test.reason)
			g = newGate(t, transport.Callers{Identify: let, Authenticate: refuse}, transport.Limits{}, websocket.Options{})
			w = g.open(t)
			w.Send(t, subscribeMessage)
			if !test.stays {
				g.assertClosed(t, w, test.code, test.reason)
				return
			}
			if got := w.Receive(t); !strings.HasPrefix(got, `{"id":"1","type":"error","payload":[{"message":"slower"`) || !strings.Contains(got, `"code":"RATE_LIMITED"`) {
				t.Errorf("got %s", got)
			}
			w.Send(t, pingMessage)
			assertReceived(t, w, pongMessage)
		})
	}
	t.Run("any more", func(t *testing.T) {
		var valid atomic.Bool
		valid.Store(true)
		checks := make(chan bool, 1000)
		g := newGate(t, transport.Callers{Validity: func(context.Context) func() bool {
			return func() bool { checks <- true; return valid.Load() }
		}}, transport.Limits{}, websocket.Options{})
		w := g.open(t)
		<-checks
		w.Send(t, pingMessage)
		assertReceived(t, w, pongMessage)
		valid.Store(false)
		g.assertClosed(t, w, 4403, transport.Unauthorized)
	})
}

// TestOriginsOfPages: pages of other origins may not connect, unless they are allowed.
func TestOriginsOfPages(t *testing.T) {
	for name, test := range map[string]struct {
		headers []string
		others  int // status, where no other origins are allowed
		allowed int // where https://app.example is
	}{
		"no page":        {nil, 101, 101},
		"the same host":  {[]string{"Origin: http://SERVICE.example"}, 101, 101},
		"another page":   {[]string{"Origin: https://evil.example"}, 403, 403},
		"a page allowed": {[]string{"Origin: https://app.example"}, 403, 101},
		"two origins":    {[]string{"Origin: https://app.example", "Origin: https://app.example"}, 403, 403},
		"no URL":         {[]string{"Origin: %zz"}, 403, 403},
		"null":           {[]string{"Origin: null"}, 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			for allow, want := range map[bool]int{false: test.others, true: test.allowed} {
				var o websocket.Options
				if allow {
					o.AllowOrigin = func(origin string) bool { return origin == "https://app.example" }
				}
				g := newGate(t, transport.Callers{}, transport.Limits{}, o)
				if got := g.connect(t, test.headers...).Response.StatusCode; got != want {
					t.Errorf("got %d, want %d", got, want)
				}
			}
		})
	}
	for header, want := range map[string]bool{"WebSocket": true, "h2c": false, "": false} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Upgrade", header)
		if got := websocket.IsUpgrade(r); got != want {
			t.Errorf("Upgrade: %s asks for a WebSocket: %t", header, got)
		}
		if r.Method = http.MethodPost; websocket.IsUpgrade(r) {
			t.Error("a POST asks for a WebSocket")
		}
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
