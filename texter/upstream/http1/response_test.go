package http1_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"texter-graphql/texter/upstream/http1"
)

// TestResponses gets each response twice, over one connection if the response
// lets it stay open.
func TestResponses(t *testing.T) {
	for name, test := range map[string]struct {
		response, body string
		connections    int64
	}{
		"a length":              {ok("body"), "body", 1},
		"no body":               {"HTTP/1.1 204 No Content\r\n\r\n", "", 1},
		"not modified":          {"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", "", 1},
		"an empty body":         {ok(""), "", 1},
		"chunks":                {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\nA: trailer\r\n\r\n", "body", 1},
		"interim responses":     {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("body"), "body", 1},
		"Connection: close":     {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"HTTP/1.0":              {"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"a status below 100":    {"HTTP/1.1 099 Low\r\nContent-Length: 4\r\n\r\nbody", "body", 2},
		"a second response":     {ok("body") + ok("of nobody"), "body", 2},
		"a byte after the body": {ok("body") + "x", "body", 2},
	} {
		t.Run(name, func(t *testing.T) {
			s, transport := newServer(t, respond(test.response)), newTransport(t)
			expect(t, transport, s.url, test.body)
			expect(t, transport, s.url, test.body)
			s.expectConnections(t, test.connections)
		})
	}
}

// TestBodyUntilClose reads a body that ends when the server closes the
// connection.
func TestBodyUntilClose(t *testing.T) {
	s := newServer(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
		readRequest(requests)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\nbody")
	})
	transport := newTransport(t)
	expect(t, transport, s.url, "body")
	expect(t, transport, s.url, "body")
}

// TestMalformedResponses: the request fails, and the next one gets another
// connection.
func TestMalformedResponses(t *testing.T) {
	for name, response := range map[string]string{
		"a short body":      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody",
		"a malformed chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
		"half a header":     "HTTP/1.1 200 OK\r\nContent-",
		"not HTTP":          "SSH-2.0-OpenSSH\r\n",
		"another protocol":  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
		"two lengths":       "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(n int64, c net.Conn, requests *bufio.Reader) {
				if readRequest(requests); n == 1 {
					_, _ = io.WriteString(c, response)
				} else {
					_, _ = io.WriteString(c, ok("next"))
				}
			})
			transport := newTransport(t)
			if got, err := get(t.Context(), transport, s.url); err == nil {
				t.Errorf("got %q", got)
			}
			expect(t, transport, s.url, "next")
		})
	}
}

// TestMaxResponseHeaderBytes: a request fails if the header of its response is too
// long, with those of the interim responses before it.
func TestMaxResponseHeaderBytes(t *testing.T) {
	const before, after = "HTTP/1.1 200 OK\r\nA: ", "\r\nContent-Length: 0\r\n\r\n"
	longest := before + strings.Repeat("x", http1.MaxResponseHeaderBytes-len(before+after)) + after
	interim := "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
	for name, test := range map[string]struct {
		response string
		tooLong  bool
	}{
		"the longest header":        {longest, false},
		"one byte more":             {"HTTP/1.1 200 OK\r\nB:" + longest[len("HTTP/1.1 200 OK\r\nA:")-1:], true},
		"endless header":            {before + strings.Repeat("x", 1<<20), true},
		"endless interim responses": {strings.Repeat(interim, 1<<15), true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServerInMemory(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
				readRequest(requests)
				last := len(test.response) - 1
				_, _ = io.WriteString(c, test.response[:last])
				_, _ = io.WriteString(c, test.response[last:]) // so that only one byte is left of the limit
			})
			_, err := get(t.Context(), newTransport(t, s.use), s.url)
			if tooLong := err != nil && strings.Contains(err.Error(), "more than 262144 bytes"); tooLong != test.tooLong || !tooLong && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}
