package http1_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestSameAsNetHTTP and FuzzSameAsNetHTTP compare this transport with that of
// net/http over what a server may send. They must see the same responses and
// errors, and use the same connections. The options of net/http say that it leaves
// gzip alone, and how long a header may be. These differences are meant:
//
//   - Switching protocols: net/http gives the connection to the caller of a
//     request that gets status 101. http1 asks for no other protocol, and fails.
//   - Short rest: when the caller closes a body before its end, net/http closes
//     the connection. http1 keeps it if the rest is in its buffer. Where http1
//     keeps it, the caller of net/http therefore reads the rest first.
//   - Late look: net/http notices at once that a server closed an idle connection
//     or sent something. http1 looks before the next request, and every 10 seconds.
//     So the number of open connections is compared some time after the last request.
func TestSameAsNetHTTP(t *testing.T) {
	log.SetOutput(io.Discard) // net/http reports unsolicited responses
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	for name, s := range scripts {
		t.Run(name, func(t *testing.T) { compare(t, s) })
	}
	for name, response := range map[string]string{
		"a header of 300 kB":         "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 300_000) + "\r\n\r\n",
		"300 kB of header fields":    "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 50_000) + "\r\n",
		"300 kB of interim response": strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 12_000) + ok("body"),
		"a body of 300 kB":           ok(strings.Repeat("x", 300_000)),
	} {
		t.Run(name, func(t *testing.T) { compare(t, script{responses: [3]string{response}}) })
	}
}

func FuzzSameAsNetHTTP(f *testing.F) {
	log.SetOutput(io.Discard)
	f.Cleanup(func() { log.SetOutput(os.Stderr) })
	for _, s := range scripts {
		f.Add(s.responses[0], s.responses[1], s.responses[2], s.closes, s.unread, s.cuts)
	}
	f.Fuzz(func(t *testing.T, first, second, third string, closes, unread uint8, cuts []byte) {
		compare(t, script{[3]string{first, second, third}, closes, unread, cuts})
	})
}

// script is what a server does, and which bodies its client reads.
type script struct {
	// responses are sent as they are: one for each request that arrives. Requests
	// after them get a plain response.
	responses [3]string
	// closes has a bit for each response. If it is set, the server closes the
	// connection after the response.
	closes uint8
	// unread has a bit for each request. If it is set, the client closes the body
	// of the response without reading it.
	unread uint8
	// cuts are the lengths of the server's writes, in turn. The last write is
	// all that remains.
	cuts []byte
}

// requests is how many are sent, one after the other. The last one shows what
// became of the connection of the one before it.
const requests = 4

// exchange is what can be seen of a request and its response.
type exchange struct {
	Status, Proto   string
	Header, Trailer http.Header
	Length          int64
	Encoding        []string
	Body            string
	Failed          string
	Connections     []int64 // over which the request was sent
}

// transport is what both have in common.
type transport interface {
	http.RoundTripper
	CloseIdleConnections()
}

const headerTimeout, requestTimeout = 10 * time.Second, time.Minute

func newHTTP1(s *serverInMemory) transport {
	return http1.New(http1.Options{DialContext: s.dial, ResponseHeaderTimeout: headerTimeout, MaxIdleConns: 10})
}

func newNetHTTP(s *serverInMemory) transport {
	return &http.Transport{
		DialContext: s.dial, ResponseHeaderTimeout: headerTimeout, MaxIdleConns: 10,
		MaxResponseHeaderBytes: http1.MaxResponseHeaderBytes, DisableCompression: true,
	}
}

// compare fails the test where the transports differ.
func compare(t *testing.T, s script) {
	t.Helper()
	unread := func(i int) bool { return s.unread>>i&1 == 1 }
	var got, want []exchange
	var kept, open []int64
	synctest.Test(t, func(t *testing.T) { got, kept = play(t, s, newHTTP1, unread) })
	synctest.Test(t, func(t *testing.T) {
		want, open = play(t, s, newNetHTTP, func(i int) bool { return unread(i) && kept[i] == 0 }) // "short rest"
	})
	for i := range requests {
		if unread(i) {
			got[i].Body, got[i].Trailer, want[i].Body, want[i].Trailer = "", nil, "", nil
		}
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("request %d of %+q:\n     got %+v,\nnet/http %+v", i, s, got[i], want[i])
		}
	}
	if got, want := kept[requests], open[requests]; got != want {
		t.Errorf("after %+q: %d open connections, net/http has %d", s, got, want)
	}
}

// play runs a script. It returns what can be seen of its requests, and how many
// connections are open: after each request, and some time after the last one.
func play(t *testing.T, s script, newTransport func(*serverInMemory) transport, unread func(i int) bool) ([]exchange, []int64) {
	arrived := make(chan int64, 2*requests)
	next := 0
	server := newServerInMemory(t, func(n int64, c net.Conn, reader *bufio.Reader) {
		for readRequest(reader) {
			arrived <- n
			response, closes := ok("end"), false
			if next < len(s.responses) {
				response, closes = s.responses[next], s.closes>>next&1 == 1
				next++
			}
			if writeInPieces(c, response, s.cuts) != nil || closes {
				return
			}
		}
	})
	client := newTransport(server)
	var exchanges []exchange
	var open []int64
	for i := range requests {
		e := send(t.Context(), client, server.url, unread(i))
		synctest.Wait() // until the transport has seen all that the server did
		for len(arrived) > 0 {
			e.Connections = append(e.Connections, <-arrived)
		}
		exchanges, open = append(exchanges, e), append(open, server.open.Load())
	}
	time.Sleep(time.Minute) // of the bubble: "late look"
	open = append(open, server.open.Load())
	client.CloseIdleConnections()
	if n := server.open.Load(); n > 0 {
		t.Errorf("after %+q: %d connections are open after CloseIdleConnections", s, n)
	}
	return exchanges, open
}

// send sends a request, and closes the body of the response, unread or not.
func send(ctx context.Context, client transport, url string, unread bool) (e exchange) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return exchange{Failed: err.Error()}
	}
	res, err := client.RoundTrip(r)
	if err != nil {
		return exchange{Failed: "header: " + class(err)}
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return exchange{Failed: "header: malformed"} // "switching protocols"
	}
	e = exchange{Status: res.Status, Proto: res.Proto, Header: res.Header, Length: res.ContentLength, Encoding: res.TransferEncoding}
	if unread {
		return e
	}
	body, err := io.ReadAll(res.Body)
	e.Body, e.Trailer = string(body), res.Trailer
	if err != nil {
		e.Failed = "body: " + class(err)
	}
	return e
}

func class(err error) string {
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case ok && timeout.Timeout():
		return "timeout"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "ended early"
	}
	return "malformed"
}

func writeInPieces(w io.Writer, text string, cuts []byte) error {
	for _, cut := range cuts {
		if n := int(cut); n > 0 && n < len(text) {
			if _, err := io.WriteString(w, text[:n]); err != nil {
				return err
			}
			text = text[n:]
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// scripts are where the fuzzer begins.
var scripts = map[string]script{
	"a body with a length":                same(ok("body")),
	"no body":                             same("HTTP/1.1 204 No Content\r\n\r\n"),
	"an empty body":                       same(ok("")),
	"204 with a body":                     same("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody"),
	"304 with a length":                   same("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n"),
	"304 with a body":                     same("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody"),
	"chunks":                              same("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;a=b\r\ndy\r\n0\r\n\r\n"),
	"chunks with a trailer":               same("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n4\r\nbody\r\n0\r\nA: b\r\n\r\n"),
	"a malformed chunk":                   same("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\nbody\r\n0\r\n\r\n"),
	"a chunk without its end":             same("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody"),
	"chunks of gzip":                      same("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
	"a length and chunks":                 same("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
	"chunks in HTTP/1.0":                  same("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
	"one length twice":                    same("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody"),
	"two lengths":                         same("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!"),
	"a negative length":                   same("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody"),
	"gzip":                                same("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody"),
	"interim responses":                   same("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("body")),
	"an interim response only":            same("HTTP/1.1 103 Early Hints\r\n\r\n"),
	"status 101":                          same("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nbody"),
	"status 099":                          same("HTTP/1.1 099 Low\r\nContent-Length: 4\r\n\r\nbody"),
	"status 999":                          same("HTTP/1.1 999 High\r\nContent-Length: 4\r\n\r\nbody"),
	"a status with four digits":           same("HTTP/1.1 2000 OK\r\n\r\n"),
	"another protocol":                    same("SSH-2.0-OpenSSH\r\n"),
	"HTTP/1.0":                            same("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody"),
	"HTTP/1.0 that stays open":            same("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody"),
	"HTTP/2.0":                            same("HTTP/2.0 200 OK\r\nContent-Length: 4\r\n\r\nbody"),
	"Connection: close":                   same("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody"),
	"a folded field":                      same("HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 4\r\n\r\nbody"),
	"a field without a colon":             same("HTTP/1.1 200 OK\r\nA\r\nContent-Length: 4\r\n\r\nbody"),
	"a field with space before the colon": same("HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\nbody"),
	"line feeds alone":                    same("HTTP/1.1 200 OK\nContent-Length: 4\n\nbody"),
	"many fields":                         same("HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 200) + "Content-Length: 4\r\n\r\nbody"),
	"bytes after the body":                same(ok("body") + "x"),
	"a response too many":                 same(ok("body") + ok("of nobody")),
	"a response too many, later":          {responses: [3]string{ok("body") + ok("of nobody")}, cuts: []byte{byte(len(ok("body")))}},
	"a late 408":                          same(ok("body") + "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"),
	"byte by byte":                        {responses: [3]string{ok("body"), ok("body")}, cuts: []byte(strings.Repeat("\x01", 50))},
	"a body until the end":                {responses: [3]string{"HTTP/1.1 200 OK\r\n\r\nbody", ok("body")}, closes: 1},
	"closed after the response":           {responses: [3]string{ok("body"), ok("body")}, closes: 1},
	"closed when used again":              {responses: [3]string{ok("body"), "", ok("body")}, closes: 2},
	"closed when new":                     {responses: [3]string{"", ok("body")}, closes: 1},
	"closed in the header":                {responses: [3]string{ok("body"), "HTTP/1.1 2", ok("body")}, closes: 2},
	"closed in the body":                  {responses: [3]string{ok("body")[:len(ok("body"))-1], ok("body")}, closes: 1},
	"closed in a chunk":                   {responses: [3]string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbody"}, closes: 1},
	"silence":                             {responses: [3]string{ok("body"), "", ok("body")}},
	"silence in the header":               {responses: [3]string{ok("body"), "HTTP/1.1 2", ok("body")}},
	"silence in the body":                 {responses: [3]string{ok("body")[:len(ok("body"))-1], ok("body")}},
	"unread":                              {responses: [3]string{ok("body"), ok("body")}, unread: 7},
	"unread, with the body later":         {responses: [3]string{ok("body"), ok("body")}, unread: 7, cuts: []byte{byte(len(ok("body")) - 1)}},
	"unread chunks":                       {responses: [3]string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"}, unread: 7},
	"unread, with bytes after the body":   {responses: [3]string{ok("body") + ok("of nobody"), ok("body")}, unread: 7},
}

// same sends one response to each request.
func same(response string) script { return script{responses: [3]string{response, response, response}} }
