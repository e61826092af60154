package websocket

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"texter-graphql/graph/transport"
)

// The codes of close frames: those of RFC 6455 and its registry, and those of the
// protocol.
const (
	closeNormal       = ws.StatusNormalClosure
	closeGoingAway    = ws.StatusGoingAway
	closeRestart      = ws.StatusCode(1012)
	closeTryAgain     = ws.StatusCode(1013)
	closeBadRequest   = ws.StatusCode(4400)
	closeUnknown      = ws.StatusCode(4401) // subscribe before connection_ack
	closeForbidden    = ws.StatusCode(4403)
	closeSubprotocol  = ws.StatusCode(4406)
	closeInitTimeout  = ws.StatusCode(4408)
	closeDuplicate    = ws.StatusCode(4409)
	closeTooManyInits = ws.StatusCode(4429)
)

// closeTimeout is how long the client has to receive a close frame, and then to
// close the connection.
const closeTimeout = time.Second

// closeError is an error that closes the connection.
type closeError struct {
	code   ws.StatusCode
	text   string // for the client, 123 bytes at most
	reason transport.Reason
}

// Error implements error.
func (e *closeError) Error() string { return e.text }

// violation is the error for a client that breaks the protocol.
func violation(code ws.StatusCode, text string) error {
	return &closeError{code, text, transport.Violated}
}

// end closes the connection after an error of reading, if it is not closed yet.
func (c *connection) end(err error) {
	var protocol ws.ProtocolError
	if e, ok := errors.AsType[*closeError](err); ok {
		c.close(e.code, e.text, e.reason)
	} else if errors.Is(err, wsutil.ErrMessageTooLarge) {
		c.close(ws.StatusMessageTooBig, "Message too large", transport.Violated)
	} else if errors.Is(err, wsutil.ErrInvalidUTF8) {
		c.close(ws.StatusInvalidFramePayloadData, "Messages must be UTF-8", transport.Violated)
	} else if errors.As(err, &protocol) {
		c.close(ws.StatusProtocolError, "Protocol error", transport.Violated)
	} else if err != nil {
		c.fail(transport.Lost)
	}
	_, _ = io.Copy(io.Discard, c.conn) // what the client still sends, until its deadline: or it may lose the close frame
}

// isClosing reports whether the connection closes.
func (c *connection) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// startClosing makes nothing new begin. It reports whether it is the first to do so.
func (c *connection) startClosing(reason transport.Reason) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	c.closing, c.reason = true, reason
	_ = c.conn.SetDeadline(time.Now().Add(closeTimeout))
	return true
}

// closeSoon closes the connection on another goroutine.
func (c *connection) closeSoon(code ws.StatusCode, text string, reason transport.Reason) {
	c.spawn(func() { c.close(code, text, reason) })
}

// close ends what is in progress and sends a close frame. The connection is closed by
// finish, once the client has answered or its time is over.
func (c *connection) close(code ws.StatusCode, text string, reason transport.Reason) {
	if !c.startClosing(reason) {
		return
	}
	c.cancel()
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.broken {
		return
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(closeTimeout))
	if ws.WriteFrame(c.conn, ws.NewCloseFrame(ws.NewCloseFrameBody(code, text))) != nil {
		return
	}
	if half, ok := c.conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// fail closes a connection that can't be used any more.
func (c *connection) fail(reason transport.Reason) {
	c.startClosing(reason)
	_ = c.conn.Close()
}

// finish ends all that belongs to the connection.
func (c *connection) finish() {
	c.fail(transport.Lost)
	c.cancel()
	c.mu.Lock()
	operations, reason := c.operations, c.reason
	c.operations = nil
	c.mu.Unlock()
	for _, o := range operations {
		o.end(reason)
	}
	c.running.Wait()
	connections := c.server.Connections
	if c.caller != nil {
		connections.RemoveWebSocket(c.name)
	}
	connections.Observer.Connected(-1)
	connections.Observer.Closed(reason)
	connections.Remove(c)
}

// timedOut reports whether a write failed because the client did not receive it in
// time.
func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
