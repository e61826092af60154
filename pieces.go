package main

import (
	"bytes"
	"net"
	"strconv"
	"sync"
)

// inOnePiece accepts connections that send an answer by one system call where
// net/http makes two of it: what its buffer of 4 KiB holds, and then the rest.
type inOnePiece struct{ net.Listener }

// Accept implements net.Listener.
func (l inOnePiece) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &joiningConn{Conn: c}, nil
}

// joiningConn holds the first piece of an answer back until the next one comes,
// which it does: an answer that ends early ends its connection.
type joiningConn struct {
	net.Conn
	held *[]byte
	rest int // bytes of the answer that are still to come
}

// maxJoined is how much may come behind a piece that waits for it, in bytes: to
// copy more takes as long as the system call that it saves.
const maxJoined = 32 << 10

// pieces are buffers of those that were held.
var pieces = sync.Pool{New: func() any { return new([]byte) }}

// Write implements net.Conn.
func (c *joiningConn) Write(p []byte) (int, error) {
	switch {
	case c.held != nil:
		return c.join(p)
	case c.rest > 0:
		c.rest -= len(p)
	default:
		if c.rest = missing(p); c.rest > 0 && c.rest <= maxJoined {
			c.held = pieces.Get().(*[]byte)
			*c.held = append((*c.held)[:0], p...)
			return len(p), nil
		}
	}
	return c.Conn.Write(p)
}

// join sends the held piece together with the next one.
func (c *joiningConn) join(p []byte) (int, error) {
	first := len(*c.held)
	*c.held = append(*c.held, p...)
	n, err := c.Conn.Write(*c.held)
	pieces.Put(c.held)
	c.held = nil
	c.rest -= len(p)
	return max(n-first, 0), err
}

// CloseWrite is for net/http, which lets a caller read why it is cut off.
func (c *joiningConn) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return nil
}

// missing is how much of the answer is missing that begins with a piece: of its
// head and at least a byte of its body. It is 0 where that is not known.
func missing(piece []byte) int {
	const name = "\r\nContent-Length: "
	head, body, _ := bytes.Cut(piece, []byte("\r\n\r\n"))
	_, length, known := bytes.Cut(head, []byte(name))
	if !known || len(body) == 0 || !bytes.HasPrefix(head, []byte("HTTP/1.1 ")) {
		return 0
	}
	length, _, _ = bytes.Cut(length, []byte("\r\n"))
	n, _ := strconv.Atoi(string(length)) // net/http has checked it
	return n - len(body)
}
