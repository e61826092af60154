package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// TestInOnePiece compares what arrives with what is sent, over one connection.
func TestInOnePiece(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		if r.URL.Path == "/sized" {
			w.Header().Set("Content-Length", strconv.Itoa(size))
		}
		// What looks like the head of an answer is none within a body.
		fake := []byte("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
		_, _ = w.Write(bytes.Repeat(fake, size/len(fake)+1)[:size])
	}), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(inOnePiece{listener}) }()
	t.Cleanup(func() { _ = server.Close() })
	client := &http.Client{Timeout: time.Minute}
	for _, size := range []int{0, 1, 2047, 2048, 3800, 3900, 4000, 4096, 4097, 5000, 8192, 9000, 100_000, 3_000_000} {
		for _, path := range []string{"/sized", "/chunked"} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				r, _ := http.NewRequestWithContext(t.Context(), method, fmt.Sprintf("http://%s%s?size=%d", listener.Addr(), path, size), http.NoBody)
				res, err := client.Do(r)
				if err != nil {
					t.Fatalf("%s %s of %d: %v", method, path, size, err)
				}
				body, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if err != nil || method == http.MethodGet && len(body) != size || len(body) > 0 && body[0] != 'H' {
					t.Errorf("%s %s of %d: %d bytes, %v", method, path, size, len(body), err)
				}
			}
		}
	}
}

// TestPieces looks at which pieces wait for the next one. Nobody reads at first,
// so that those which do not wait fail.
func TestPieces(t *testing.T) {
	for name, test := range map[string]struct {
		piece string
		waits bool
	}{
		"a first piece":     {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nX: y\r\n\r\nabc", true},
		"a whole answer":    {"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 3\r\n\r\nabc", false},
		"a head":            {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false},
		"a part of a head":  {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", false},
		"of unknown length": {"HTTP/1.1 200 OK\r\nX: y\r\n\r\nabc", false},
		"no answer":         {"abc\r\nContent-Length: 5\r\n\r\nabc", false},
	} {
		ours, theirs := net.Pipe()
		c := &joiningConn{Conn: ours}
		_ = ours.SetDeadline(time.Now().Add(-time.Second))
		n, err := c.Write([]byte(test.piece))
		if waits := err == nil && n == len(test.piece); waits != test.waits {
			t.Errorf("%s: %d, %v", name, n, err)
		}
		if test.waits {
			_ = ours.SetDeadline(time.Time{})
			arrived := make(chan string)
			go func() {
				all, _ := io.ReadAll(theirs)
				arrived <- string(all)
			}()
			for _, next := range []string{"de", test.piece} { // what looks like another answer is a part of this one
				if n, err := c.Write([]byte(next)); n != len(next) || err != nil {
					t.Errorf("%s: the next: %d, %v", name, n, err)
				}
			}
			_ = c.Close()
			if all := <-arrived; all != test.piece+"de"+test.piece {
				t.Errorf("%s: %q arrived", name, all)
			}
		}
		_, _ = ours.Close(), theirs.Close()
	}
}
