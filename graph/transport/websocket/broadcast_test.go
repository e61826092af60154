package websocket_test

import (
	"context"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/test/harness"
)

// broadcast is an executor of one subscription, whose responses go to all.
type broadcast struct {
	mu      sync.Mutex
	body    []byte
	version int
	endless int // how many of the next streams always have a response
	asked   int // how often a stream was asked for one
	streams map[*stream]bool
}

type stream struct {
	from    *broadcast
	wake    func()
	seen    int
	endless bool
}

func (b *broadcast) Prepare(context.Context, *graphql.RawParams) (transport.Operation, gqlerror.List) {
	return b, nil
}

func (*broadcast) Type() ast.Operation { return ast.Subscription }

func (*broadcast) Execute(context.Context) iter.Seq[*transport.Response] { return nil }

func (*broadcast) Refuse(_ context.Context, _ transport.Operation, errs gqlerror.List) *transport.Response {
	return &transport.Response{Errors: errs}
}

func (*broadcast) Recover(_ context.Context, _ transport.Operation, panicked any) *transport.Response {
	panic(panicked)
}

func (*broadcast) Recall(context.Context, ...string) []byte { return nil }

func (b *broadcast) Subscribe(_ context.Context, wake func()) transport.Stream {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &stream{from: b, wake: wake, endless: b.endless > 0}
	b.endless--
	b.streams[s] = true
	return s
}

// send sends a response to all streams.
func (b *broadcast) send(body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.body = body
	b.version++
	for s := range b.streams {
		s.wake()
	}
}

func (s *stream) Next() (body []byte, ended bool) {
	s.from.mu.Lock()
	defer s.from.mu.Unlock()
	s.from.asked++
	if s.seen == s.from.version && !s.endless {
		return nil, false
	}
	s.seen = s.from.version
	return s.from.body, false
}

func (s *stream) Close() {
	s.from.mu.Lock()
	defer s.from.mu.Unlock()
	delete(s.from.streams, s)
}

// serve serves an executor. Each subscription that starts, and each that ends, is
// received from the channels. With a ping interval below 0, nobody looks after the
// connections.
func serve(t *testing.T, e transport.Executor, o websocket.Options) (addr string, started chan bool, ended chan transport.End) {
	t.Helper()
	started, ended = make(chan bool, 10_000), make(chan transport.End, 10_000)
	o.Executor = e
	o.Connections = transport.NewConnections(transport.Callers{}, transport.Observer{
		Subscribed:   func(context.Context, transport.Protocol) { started <- true },
		Unsubscribed: func(_ context.Context, end transport.End) { ended <- end },
	}, transport.Limits{})
	return listen(t, o, func(l net.Listener) net.Listener { return l }), started, ended
}

// listen serves WebSockets until the test ends, at a listener that wrap may change.
func listen(t *testing.T, o websocket.Options, wrap func(net.Listener) net.Listener) (addr string) {
	t.Helper()
	server := httptest.NewUnstartedServer(websocket.NewServer(o))
	server.Listener = wrap(server.Listener)
	server.Start()
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	if o.PingInterval >= 0 {
		watching.Go(func() { o.Connections.Watch(ctx) })
	}
	t.Cleanup(func() {
		cancel()
		watching.Wait()
		o.Connections.Stop()
		server.Close()
	})
	return server.Listener.Addr().String()
}

const subscribeMessage = `{"id":"1","type":"subscribe","payload":{"query":"subscription { x }"}}`

// follow opens a subscription and waits until it has started.
func follow(t *testing.T, addr string, started chan bool) *harness.WebSocket {
	t.Helper()
	w := harness.OpenWebSocket(t, addr, harness.Handshake)
	if w.Response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(w.Response.Status)
	}
	w.Send(t, initMessage)
	w.Receive(t)
	w.Send(t, subscribeMessage)
	<-started
	return w
}
