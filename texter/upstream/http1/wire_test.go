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

// wire is a server that answers requests on its connections by hand.
type wire struct {
	url         string
	connections atomic.Int64
}

// newWire has serve serve each connection, the first of which is 1.
func newWire(t *testing.T, serve func(n int64, c net.Conn, requests *bufio.Reader)) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{url: "http://" + listener.Addr().String()}
	var serving sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			n := w.connections.Add(1)
			serving.Go(func() {
				defer c.Close()
				serve(n, c, bufio.NewReader(c))
			})
		}
	})
	return w
}

// answers has each request of a connection be answered by the same bytes.
func answers(text string) func(int64, net.Conn, *bufio.Reader) {
	return func(_ int64, c net.Conn, requests *bufio.Reader) {
		for request(requests) {
			_, _ = io.WriteString(c, text)
		}
	}
}

// request reads a request and reports whether one came.
func request(r *bufio.Reader) bool {
	_, err := http.ReadRequest(r)
	return err == nil
}

// ok is an answer with this body.
func ok(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func newTransport(t *testing.T, change ...func(*http1.Options)) *http1.Transport {
	t.Helper()
	options := http1.Options{MaxIdle: 10}
	for _, f := range change {
		f(&options)
	}
	transport := http1.New(options)
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// get sends a request and reads its answer.
func get(ctx context.Context, transport *http1.Transport, url string) (string, error) {
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

// expect fails unless the answer is this one.
func expect(t *testing.T, transport *http1.Transport, url, want string) {
	t.Helper()
	if got, err := get(t.Context(), transport, url); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
