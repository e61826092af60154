package websocket

import (
	"bytes"
	"errors"
	"net"
	"time"

	"github.com/gobwas/ws"

	"texter-graphql/graph/transport"
)

// pieceSize is how many bytes a client must receive within the write timeout.
const pieceSize = 64 << 10

// write writes a frame, whose payload is that of all parts. It copies nothing. The
// error is one that has ended the connection.
func (c *connection) write(code ws.OpCode, isLast bool, parts ...[]byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.writeFrame(code, isLast, parts...)
}

// writeFrame does the work of write. The caller holds writing.
func (c *connection) writeFrame(code ws.OpCode, isLast bool, parts ...[]byte) error {
	var header bytes.Buffer
	writeHeader(&header, code, isLast, parts)
	return c.writeAll(append(net.Buffers{header.Bytes()}, parts...))
}

// writeAll writes the rest of a frame. The caller holds writing.
func (c *connection) writeAll(rest net.Buffers) error {
	for len(rest) > 0 {
		if err := c.writePiece(&rest); err != nil {
			c.broken = true
			reason := transport.Lost
			if timedOut(err) {
				reason = transport.Stalled
			}
			c.fail(reason)
			return err
		}
	}
	return nil
}

// writePiece writes up to pieceSize bytes, and takes them from rest.
func (c *connection) writePiece(rest *net.Buffers) error {
	room, piece := pieceSize, make(net.Buffers, 0, len(*rest))
	for len(*rest) > 0 && room > 0 {
		first := (*rest)[0]
		n := min(room, len(first))
		piece, room = append(piece, first[:n]), room-n
		if (*rest)[0] = first[n:]; n == len(first) {
			*rest = (*rest)[1:]
		}
	}
	if !c.setWriteDeadline(time.Now().Add(c.server.WriteTimeout)) {
		return net.ErrClosed
	}
	_, err := piece.WriteTo(c.conn)
	return err
}

// setWriteDeadline sets the time by which the client must receive what is written. It
// reports false if the connection closes: then the deadline is another one.
func (c *connection) setWriteDeadline(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.closing && c.conn.SetWriteDeadline(t) == nil
}

// pingFrame is a ping without a payload.
var pingFrame = ws.MustCompileFrame(ws.NewPingFrame(nil))

// ping asks whether the client is still there, unless a message is on its way: then
// that shows it. It does not wait.
func (c *connection) ping() {
	if !c.writing.TryLock() {
		return
	}
	var s sending
	rest := pingFrame[s.now(c.raw, pingFrame):]
	if len(rest) > 0 && c.spawn(func() {
		defer c.writing.Unlock()
		_ = c.writeAll(net.Buffers{rest})
	}) {
		return
	}
	c.writing.Unlock()
}

// errEnded says that an operation has ended before its message was written.
var errEnded = errors.New("the operation has ended")

// writeNext writes a response of a subscription. Where that has to wait, the courier
// leaves.
func (c *connection) writeNext(o *operation, body []byte, w *courier) error {
	if !c.writing.TryLock() {
		w.leave()
		c.writing.Lock()
	}
	defer c.writing.Unlock()
	if !o.count(len(body)) {
		return errEnded
	}
	if w.hasLeft || len(body) > pieceSize || c.isClosing() {
		w.leave()
		return c.writeFrame(ws.OpText, true, o.head, body, endOfMessage)
	}
	w.build(ws.OpText, o.head, body, endOfMessage)
	if now := time.Now().UnixNano(); now-c.lastPing.Load() > int64(c.server.PingInterval*7/8) {
		c.lastPing.Store(now)
		w.frame.Write(pingFrame) // it is nearly due, and costs no send here
	}
	w.frame.Next(w.sending.now(c.raw, w.frame.Bytes()))
	if w.frame.Len() == 0 {
		return nil
	}
	w.leave()
	return c.writeAll(net.Buffers{w.frame.Bytes()})
}

// build makes a whole frame, whose payload is that of all parts.
func (w *courier) build(code ws.OpCode, parts ...[]byte) {
	w.frame.Reset()
	writeHeader(&w.frame, code, true, parts)
	for _, part := range parts {
		w.frame.Write(part)
	}
}

// writeHeader writes the header of a frame, whose payload is that of all parts.
func writeHeader(b *bytes.Buffer, code ws.OpCode, isLast bool, parts [][]byte) {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	_ = ws.WriteHeader(b, ws.Header{Fin: isLast, OpCode: code, Length: int64(size)}) // a buffer takes it
}

var endOfMessage = []byte("}")

// writeResponse writes the response of a query or a mutation. A large one is sent in
// pieces as it is encoded, each a frame.
func (c *connection) writeResponse(o *operation, response *transport.Response) (size int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	code, begin := ws.OpText, o.head
	isTooLarge := response.Encode(func([]byte) {}, func(piece []byte, _ int, isLast bool) error {
		if o.isEnded() && code == ws.OpText {
			return errEnded
		}
		parts := [][]byte{begin, piece}
		if isLast {
			parts = append(parts, endOfMessage)
		}
		size += len(piece)
		err = c.writeFrame(code, isLast, parts...)
		code, begin = ws.OpContinuation, nil
		return err
	})
	if isTooLarge {
		body := response.TooLarge().Body()
		return len(body), c.writeFrame(ws.OpText, true, o.head, body, endOfMessage)
	}
	return size, err
}
