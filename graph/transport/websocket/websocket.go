// Package websocket speaks GraphQL over WebSocket by the subprotocol
// graphql-transport-ws
// (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). A connection at
// rest has one goroutine, which reads. Others come and go with what they do: one
// executes an operation, one writes what subscriptions have.
package websocket

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/refusal"
	"texter-graphql/internal/requestid"
)

// Subprotocol is the only one that is spoken.
const Subprotocol = "graphql-transport-ws"

// Options configure a server. Executor and Connections are needed.
type Options struct {
	// Executor executes the operations.
	Executor transport.Executor
	// Connections are all that are open, with those who may open them.
	Connections *transport.Connections
	// AllowOrigin reports whether pages of a web origin may connect, besides those of
	// the service's own host. Nil is none.
	AllowOrigin func(origin string) bool
	// WriteTimeout is how long a client may take to receive a message; 0 is 10 seconds.
	WriteTimeout time.Duration
	// InitTimeout is how long a client may take to send connection_init; 0 is 3 seconds.
	InitTimeout time.Duration
	// PingInterval is the time between two pings; 0 is 12 seconds.
	PingInterval time.Duration
	// MaxMessageSize bounds a message of a client, in bytes; 0 is 128 KiB. Before
	// connection_init, it is 16 KiB at most.
	MaxMessageSize int
}

// maxInitSize bounds a message of a client that is not known yet, in bytes.
const maxInitSize = 16 << 10

// maxUnknown is how many connections may be open whose connection_init has not been
// acknowledged. Beyond that, the oldest of them is closed.
const maxUnknown = 1000

// Server takes WebSocket connections. It is an http.Handler.
type Server struct {
	Options

	deliveries deliveries

	mu      sync.Mutex
	unknown []*connection // in the order in which they came; some are known by now, or closed
}

// NewServer returns a server.
func NewServer(o Options) *Server {
	if o.AllowOrigin == nil {
		o.AllowOrigin = func(string) bool { return false }
	}
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 10*time.Second)
	o.InitTimeout = cmp.Or(o.InitTimeout, 3*time.Second)
	o.PingInterval = cmp.Or(o.PingInterval, 12*time.Second)
	o.MaxMessageSize = cmp.Or(o.MaxMessageSize, 128<<10)
	return &Server{Options: o}
}

// IsUpgrade reports whether a request asks for a WebSocket: RFC 6455, section 4.2.1.
func IsUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// ServeHTTP implements http.Handler. It returns when the connection is open or
// refused.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := newConnection(s, r)
	if refused, ok := errors.AsType[*refusal.Error](s.admit(c, r)); ok {
		w.Header().Set("Connection", "close")
		refused.ServeHTTP(w, r)
		return
	}
	protocol := func(name string) bool { return name == Subprotocol }
	header := http.Header{requestid.Header: {requestid.From(r.Context())}}
	conn, buffered, handshake, err := ws.HTTPUpgrader{Timeout: s.WriteTimeout, Header: header, Protocol: protocol}.Upgrade(r, transport.Uncompressed(w))
	if err != nil {
		if conn != nil {
			_ = conn.Close() // the client has its refusal
		}
		s.Connections.Remove(c)
		return
	}
	source := io.Reader(conn)
	if early, _ := buffered.Reader.Peek(buffered.Reader.Buffered()); len(early) > 0 {
		source = io.MultiReader(bytes.NewReader(bytes.Clone(early)), conn)
	}
	c.begin(conn, source, handshake.Protocol == Subprotocol)
}

// admit adds a connection. It errors with a *refusal.Error if that may not be.
func (s *Server) admit(c *connection, r *http.Request) error {
	if !s.allows(r) {
		return refusal.New(http.StatusForbidden, "Pages of this origin may not connect: see -cors-origins.")
	}
	return s.Connections.Add(c)
}

// allows reports whether the client may connect. A page can connect to any service
// that its browser reaches, and read the answers: no browser asks first, as it does for
// other requests (CORS). But it says where the page is from, and other clients don't.
func (s *Server) allows(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	from, err := url.Parse(origins[0])
	isSame := err == nil && strings.EqualFold(from.Host, r.Host)
	return len(origins) == 1 && (isSame || s.AllowOrigin(origins[0]))
}

// addUnknown adds a connection that has to send its connection_init.
func (s *Server) addUnknown(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unknown = append(s.unknown, c)
	for len(s.unknown) > 0 && !s.unknown[0].isUnknown() {
		s.unknown = s.unknown[1:]
	}
	if len(s.unknown) <= maxUnknown {
		return
	}
	kept := s.unknown[:0]
	for _, c := range s.unknown {
		if c.isUnknown() {
			kept = append(kept, c)
		}
	}
	clear(s.unknown[len(kept):])
	if s.unknown = kept; len(kept) > maxUnknown {
		kept[0].closeSoon(closeTryAgain, "Too many connections wait for connection_init", transport.Crowded)
		s.unknown = kept[1:]
	}
}

// request is a request of a client as package auth knows it.
func (c *connection) request(ctx context.Context) *http.Request {
	r := &http.Request{RemoteAddr: c.remote, Host: c.host, Header: http.Header{}}
	if c.authorization != "" {
		r.Header["Authorization"] = []string{c.authorization}
	}
	return r.WithContext(ctx)
}
