package harness

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience bounds how long a test waits for something that must come.
const patience = 30 * time.Second

// The kinds of frames: RFC 6455, section 5.2.
const (
	Text        = 0x1
	BinaryFrame = 0x2
	Close       = 0x8
	Ping        = 0x9
	Pong        = 0xA
)

// WebSocket is the client's end of a WebSocket, over a plain TCP connection. It sends
// whatever a test wants to send, right or wrong.
type WebSocket struct {
	net.Conn
	// Response is the response to the handshake.
	Response *http.Response
	reader   *bufio.Reader
}

// Handshake is the request of a WebSocket by the subprotocol graphql-transport-ws.
const Handshake = "GET /graphql HTTP/1.1\r\nHost: service.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n"

// OpenWebSocket connects to an address, sends the handshake with further headers of the
// form "Name: value", and reads the response. The connection closes with the test.
func OpenWebSocket(t testing.TB, addr, handshake string, headers ...string) *WebSocket {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	for _, header := range headers {
		handshake += header + "\r\n"
	}
	if _, err := io.WriteString(conn, handshake+"\r\n"); err != nil {
		t.Fatal(err)
	}
	w := &WebSocket{Conn: conn, reader: bufio.NewReader(conn)}
	if w.Response, err = http.ReadResponse(w.reader, nil); err != nil {
		t.Fatal(err)
	}
	return w
}

// Send sends a text message.
func (w *WebSocket) Send(t testing.TB, text string) {
	t.Helper()
	w.SendFrame(t, Text, true, []byte(text))
}

// SendFrame sends a frame, masked as those of clients are.
func (w *WebSocket) SendFrame(t testing.TB, kind byte, isLast bool, payload []byte) {
	t.Helper()
	frame := []byte{kind}
	if isLast {
		frame[0] |= 0x80
	}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, 0x80|byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 0x80|127), uint64(n))
	}
	mask := [4]byte{1, 2, 3, 4}
	frame = append(frame, mask[:]...)
	for i, c := range payload {
		frame = append(frame, c^mask[i%4])
	}
	if _, err := w.Write(frame); err != nil {
		t.Fatal(err)
	}
}

// ReadFrame reads a frame of the server.
func (w *WebSocket) ReadFrame() (kind byte, isLast bool, payload []byte, err error) {
	var head [2]byte
	if _, err = io.ReadFull(w.reader, head[:]); err != nil {
		return 0, false, nil, err
	}
	if head[0]&0x70 != 0 || head[1]&0x80 != 0 {
		return 0, false, nil, fmt.Errorf("a frame of a server begins with %x", head)
	}
	size := uint64(head[1])
	switch size {
	case 126:
		var n [2]byte
		_, err = io.ReadFull(w.reader, n[:])
		size = uint64(binary.BigEndian.Uint16(n[:]))
	case 127:
		var n [8]byte
		_, err = io.ReadFull(w.reader, n[:])
		size = binary.BigEndian.Uint64(n[:])
	}
	if err != nil {
		return 0, false, nil, err
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(w.reader, payload)
	return head[0] & 0xF, head[0]&0x80 != 0, payload, err
}

// Receive reads the next text message. It answers pings before that.
func (w *WebSocket) Receive(t testing.TB) string {
	t.Helper()
	var message strings.Builder
	for {
		kind, isLast, payload, err := w.ReadFrame()
		switch {
		case err != nil:
			t.Fatal(err)
		case kind == Ping:
			w.SendFrame(t, Pong, true, payload)
			continue
		case kind == Pong:
			continue
		case kind == Close:
			t.Fatalf("the connection closes with %d %s", binary.BigEndian.Uint16(payload), payload[2:])
		}
		message.Write(payload)
		if isLast {
			return message.String()
		}
	}
}

// ReceiveClose reads a close frame, which must come before any message, and the end of
// the connection. It returns the code.
func (w *WebSocket) ReceiveClose(t testing.TB) (code int) {
	t.Helper()
	for {
		kind, _, payload, err := w.ReadFrame()
		switch {
		case err != nil:
			t.Fatal(err)
		case kind == Ping || kind == Pong:
		case kind != Close || len(payload) < 2:
			t.Fatalf("a frame of kind %d came in place of a close frame: %s", kind, payload)
		default:
			if _, err := w.reader.ReadByte(); err != io.EOF {
				t.Fatalf("after the close frame: %v", err)
			}
			return int(binary.BigEndian.Uint16(payload))
		}
	}
}
