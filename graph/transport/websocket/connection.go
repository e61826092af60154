package websocket

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/refusal"
	"texter-graphql/internal/requestid"
)

// connection is a WebSocket connection. It implements transport.Connection.
type connection struct {
	server        *Server
	ctx           context.Context // ends with the connection
	cancel        context.CancelFunc
	conn          net.Conn
	raw           syscall.RawConn // of conn; nil if it has none
	host, remote  string
	authorization string // the header, or what connection_init has in its place
	opened        time.Time
	lastRead      atomic.Int64   // the time of the last frame, in nanoseconds of Unix
	lastPing      atomic.Int64   // the time of the last ping, likewise
	running       sync.WaitGroup // the goroutines but that of read

	writing sync.Mutex // is held for as long as a message is written
	broken  bool       // whether a message was written in part; belongs to writing

	mu          sync.Mutex
	initialised bool            // whether connection_init has come
	caller      context.Context // of the caller who is let in; nil until then
	valid       func() bool     // whether the caller still is; nil for always
	name        string          // the caller's name
	operations  []*operation    // a few
	serving     bool            // whether a courier writes what subscriptions have
	ready       []*operation    // the subscriptions that it serves next
	stopped     bool            // whether Stop came before conn: then begin closes it
	closing     bool            // whether nothing new begins, and only the close frame is written
	reason      transport.Reason
}

func newConnection(s *Server, r *http.Request) *connection {
	now := time.Now()
	c := &connection{server: s, host: strings.Clone(r.Host), remote: r.RemoteAddr, opened: now}
	c.ctx, c.cancel = context.WithCancel(requestid.NewContext(context.Background(), requestid.From(r.Context())))
	if headers := r.Header.Values("Authorization"); len(headers) == 1 {
		c.authorization = strings.Clone(headers[0])
	}
	c.lastRead.Store(now.UnixNano())
	c.lastPing.Store(now.UnixNano())
	return c
}

// begin starts to read from a connection that is open.
func (c *connection) begin(conn net.Conn, source io.Reader, isSubprotocol bool) {
	c.mu.Lock()
	c.conn = conn
	if socket, ok := conn.(syscall.Conn); ok {
		c.raw, _ = socket.SyscallConn() // nil if it has closed
	}
	stopped := c.stopped
	c.mu.Unlock()
	c.server.Connections.Observer.Connected(1)
	if stopped {
		c.Stop()
	}
	if !isSubprotocol {
		c.closeSoon(closeSubprotocol, "Subprotocol not acceptable", transport.Violated)
	}
	c.server.addUnknown(c)
	go c.read(source)
}

// isUnknown reports whether connection_init has not been acknowledged.
func (c *connection) isUnknown() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.caller == nil && !c.closing
}

// messageTimeout is how long a client may take to send a message once it has begun.
const messageTimeout = 15 * time.Second

// read reads frames until the connection ends.
func (c *connection) read(source io.Reader) {
	defer c.finish()
	frames := &wsutil.Reader{
		Source: source, State: ws.StateServerSide, CheckUTF8: true,
		MaxMessageSize: int64(min(c.server.MaxMessageSize, maxInitSize)), OnIntermediate: c.control,
	}
	for {
		header, err := frames.NextFrame()
		c.lastRead.Store(time.Now().UnixNano())
		if err == nil {
			c.aside(func() { err = c.readFrame(header, frames) })
		}
		if err != nil || c.isClosing() {
			c.end(err)
			return
		}
		if c.caller != nil { // which only a message sets
			frames.MaxMessageSize = int64(c.server.MaxMessageSize)
		}
	}
}

// readFrame reads what follows the header of a frame, and handles it.
func (c *connection) readFrame(header ws.Header, frames io.Reader) error {
	switch {
	case header.OpCode.IsControl():
		return c.control(header, frames)
	case header.OpCode == ws.OpBinary:
		return violation(closeBadRequest, "Messages must be text")
	}
	return c.receive(frames)
}

// receive reads a message and handles it.
func (c *connection) receive(frames io.Reader) error {
	_ = c.conn.SetReadDeadline(time.Now().Add(messageTimeout)) // fails where reading does
	text, err := io.ReadAll(frames)
	if err != nil {
		return err
	}
	c.mu.Lock()
	if !c.closing { // whose deadline stays
		_ = c.conn.SetReadDeadline(time.Time{})
	}
	c.mu.Unlock()
	m, err := parseMessage(text)
	if err != nil {
		return violation(closeBadRequest, err.Error())
	}
	return c.handle(m)
}

// control handles a control frame: RFC 6455, section 5.5.
func (c *connection) control(header ws.Header, frame io.Reader) error {
	payload, err := io.ReadAll(frame) // of 125 bytes at most
	switch {
	case err != nil:
		return err
	case header.OpCode == ws.OpPing:
		return c.write(ws.OpPong, true, payload)
	case header.OpCode == ws.OpClose:
		c.close(closeNormal, "", transport.Left)
	}
	return nil
}

// handle handles a message. An error closes the connection.
func (c *connection) handle(m message) error {
	switch m.kind {
	case "connection_init":
		return c.initialise(m)
	case "ping":
		if m.payload == nil {
			return c.write(ws.OpText, true, pongMessage)
		}
		return c.write(ws.OpText, true, []byte(`{"type":"pong","payload":`), m.payload, []byte("}"))
	case "subscribe":
		return c.subscribe(m)
	case "complete":
		if o := c.remove(m.id); o != nil {
			o.end(transport.Left)
		}
	}
	return nil
}

// initialise lets the caller in.
func (c *connection) initialise(m message) error {
	if c.initialised {
		return violation(closeTooManyInits, "Too many initialisation requests")
	}
	c.initialised = true
	if value := authorization(m.payload); value != "" {
		c.authorization = value
	}
	caller, err := c.identify()
	if err != nil {
		refused, ok := errors.AsType[*refusal.Error](err)
		if ok && refused.Status != http.StatusUnauthorized {
			return &closeError{closeTryAgain, "Try again later", transport.Crowded}
		}
		return &closeError{closeForbidden, "Forbidden", transport.Unauthorized}
	}
	c.mu.Lock()
	callers := c.server.Connections.Callers
	c.caller, c.valid, c.name = caller, callers.Validity(caller), callers.Name(caller)
	c.mu.Unlock()
	if err := c.server.Connections.AddWebSocket(c.name); err != nil {
		c.mu.Lock()
		c.caller = nil
		c.mu.Unlock()
		return &closeError{closeTryAgain, "Too many connections", transport.Crowded}
	}
	return c.write(ws.OpText, true, ackMessage)
}

// identify lets the caller in. A refusal counts for the rate limit of the address
// that it comes from.
func (c *connection) identify() (context.Context, error) {
	callers := c.server.Connections.Callers
	caller, err := callers.Identify(c.request(c.ctx))
	if err != nil {
		_, err = callers.Authenticate(c.request(c.ctx))
	}
	return caller, err
}

// aside waits until f has returned, on another goroutine. So the stack of the
// goroutine that reads stays small, for as long as the connection is open.
func (c *connection) aside(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// Check implements transport.Connection.
func (c *connection) Check(now time.Time) {
	c.mu.Lock()
	caller, valid, closing := c.caller, c.valid, c.closing || c.conn == nil
	c.mu.Unlock()
	s := c.server
	switch {
	case closing:
	case caller == nil && now.Sub(c.opened) > s.InitTimeout:
		c.closeSoon(closeInitTimeout, "Connection initialisation timeout", transport.Violated)
	case valid != nil && !valid():
		c.closeSoon(closeForbidden, "Forbidden", transport.Unauthorized)
	case now.UnixNano()-c.lastRead.Load() > int64(2*s.PingInterval+s.PingInterval/2):
		c.closeSoon(closeGoingAway, "No pong", transport.Silent)
	case now.UnixNano()-c.lastPing.Load() > int64(s.PingInterval):
		c.lastPing.Store(now.UnixNano())
		c.ping()
	}
}

// Stop implements transport.Connection.
func (c *connection) Stop() {
	c.mu.Lock()
	c.stopped = true
	isOpen := c.conn != nil
	c.mu.Unlock()
	if isOpen {
		c.closeSoon(closeRestart, "Service restart", transport.Stopped)
	}
}

// spawn runs f on a goroutine, unless the connection closes: then it returns false.
// finish waits for it.
func (c *connection) spawn(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closing {
		c.running.Go(f)
	}
	return !c.closing
}
