package http1_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// newServerInMemory is newServer for tests in a bubble of testing/synctest, where
// time passes only while all goroutines wait. Sockets do not count as waiting
// there, so the connections are in memory. Transports reach it by its dial.
func newServerInMemory(t *testing.T, serve func(n int64, c net.Conn, requests *bufio.Reader)) *serverInMemory {
	s := &serverInMemory{server: server{url: "http://upstream.example", serve: serve}}
	t.Cleanup(s.serving.Wait)
	return s
}

type serverInMemory struct {
	server
	open atomic.Int64 // connections that the client has not closed
}

// dial is for Options.DialContext.
func (s *serverInMemory) dial(context.Context, string, string) (net.Conn, error) {
	client, end := net.Pipe()
	unread := new(atomic.Int64)
	s.open.Add(1)
	s.handle(&serverEnd{end, unread})
	return &clientEnd{Conn: client, unread: unread, closed: sync.OnceFunc(func() { s.open.Add(-1) })}, nil
}

// use has a transport connect to the server.
func (s *serverInMemory) use(o *http1.Options) { o.DialContext = s.dial }

// overTLS serves connections over TLS, with the certificate of another server. It
// gives no session tickets: nobody reads them while a connection is idle, and a
// pipe waits for a reader.
func overTLS(certificate *httptest.Server, serve func(int64, net.Conn, *bufio.Reader)) func(int64, net.Conn, *bufio.Reader) {
	return func(n int64, c net.Conn, _ *bufio.Reader) {
		secure := tls.Server(c, &tls.Config{Certificates: certificate.TLS.Certificates, SessionTicketsDisabled: true})
		serve(n, secure, bufio.NewReader(secure))
	}
}

// countCloses has a transport connect to the server, and counts how often
// connections are closed.
func countCloses(s *serverInMemory, closes *atomic.Int64) func(*http1.Options) {
	return func(o *http1.Options) {
		o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := s.dial(ctx, network, address)
			return countsCloses{c.(*clientEnd), closes}, err
		}
	}
}

type countsCloses struct {
	*clientEnd
	closes *atomic.Int64
}

func (c countsCloses) Close() error {
	c.closes.Add(1)
	return c.clientEnd.Close()
}

// serverEnd is the server's end of a connection.
type serverEnd struct {
	net.Conn
	unread *atomic.Int64 // bytes that the client can read; the end of the connection counts as one
}

func (e *serverEnd) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil // a pipe would wait for a reader
	}
	e.unread.Add(int64(len(p)))
	return e.Conn.Write(p)
}

func (e *serverEnd) Close() error {
	e.unread.Add(1)
	return e.Conn.Close()
}

// clientEnd is the client's end of a connection.
type clientEnd struct {
	net.Conn
	unread *atomic.Int64
	closed func()
}

func (e *clientEnd) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	e.unread.Add(-int64(n))
	return n, err
}

// SetReadDeadline also succeeds when the server has closed the connection, as it
// does for a socket.
func (e *clientEnd) SetReadDeadline(t time.Time) error {
	if err := e.Conn.SetReadDeadline(t); !errors.Is(err, io.ErrClosedPipe) {
		return err
	}
	return nil
}

func (e *clientEnd) Close() error {
	e.closed()
	return e.Conn.Close()
}

// SyscallConn implements syscall.Conn. A pipe has no file descriptor, so this
// lends one that reads like the pipe: a file that has ended while there are
// unread bytes, an empty one otherwise.
func (e *clientEnd) SyscallConn() (syscall.RawConn, error) { return rawConn{end: e}, nil }

type rawConn struct {
	syscall.RawConn // only Read is used
	end             *clientEnd
}

func (r rawConn) Read(f func(fd uintptr) bool) error {
	files := descriptors()
	if r.end.unread.Load() > 0 {
		return files.ended.Read(f)
	}
	return files.empty.Read(f)
}

type descriptorPair struct{ empty, ended syscall.RawConn }

// descriptors are open until the tests end.
var descriptors = sync.OnceValue(func() descriptorPair {
	empty, keptOpen, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	ended, closed, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	_ = closed.Close()
	var files descriptorPair
	files.empty, _ = empty.SyscallConn()
	files.ended, _ = ended.SyscallConn()
	keptOpenForTests = keptOpen
	return files
})

// keptOpenForTests keeps the garbage collector from closing the writing end of
// the empty file.
var keptOpenForTests *os.File
