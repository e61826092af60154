package http1_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"texter-graphql/texter/upstream/http1"
)

// server answers requests with the bytes that a test writes.
type server struct {
	url         string
	serve       func(n int64, c net.Conn, requests *bufio.Reader)
	connections atomic.Int64 // made so far
	serving     sync.WaitGroup
}

// newServer listens on the loopback interface. It calls serve for each
// connection, counted from 1, and closes the connection when serve returns.
func newServer(t *testing.T, serve func(n int64, c net.Conn, requests *bufio.Reader)) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{url: "http://" + listener.Addr().String(), serve: serve}
	t.Cleanup(func() {
		_ = listener.Close()
		s.serving.Wait()
	})
	s.serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			s.handle(c)
		}
	})
	return s
}

func (s *server) handle(c net.Conn) {
	n := s.connections.Add(1)
	s.serving.Go(func() {
		defer c.Close()
		s.serve(n, c, bufio.NewReader(c))
	})
}

// expectConnections fails unless the clients have made this many.
func (s *server) expectConnections(t *testing.T, want int64) {
	t.Helper()
	if got := s.connections.Load(); got != want {
		t.Errorf("%d connections, want %d", got, want)
	}
}

// respond answers each request of a connection with the same bytes.
func respond(response string) func(int64, net.Conn, *bufio.Reader) {
	return func(_ int64, c net.Conn, requests *bufio.Reader) {
		for readRequest(requests) {
			_, _ = io.WriteString(c, response)
		}
	}
}

// readRequest reports whether it could read a request.
func readRequest(r *bufio.Reader) bool {
	_, err := http.ReadRequest(r)
	return err == nil
}

// ok is a response with this body.
func ok(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func newTransport(t *testing.T, change ...func(*http1.Options)) *http1.Transport {
	t.Helper()
	options := http1.Options{MaxIdleConns: 10}
	for _, f := range change {
		f(&options)
	}
	transport := http1.New(options)
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// get sends a request and reads the body of its response.
func get(ctx context.Context, transport http.RoundTripper, url string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

// expect fails unless the response has this body.
func expect(t *testing.T, transport http.RoundTripper, url, want string) {
	t.Helper()
	if got, err := get(t.Context(), transport, url); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
