package failure_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/texter/upstream/http1"
)

// server accepts connections on the loopback interface, each of which serve
// answers.
func server(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			serve(c)
			_ = c.Close()
		}
	}()
	return listener.Addr().String()
}

// answer reads a request and writes a text.
func answer(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, text)
	}
}

// reset ends a connection by a TCP reset.
func reset(c net.Conn) {
	_, _ = http.ReadRequest(bufio.NewReader(c))
	_ = c.(*net.TCPConn).SetLinger(0)
}

// closedPort returns an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	return listener.Addr().String()
}

// withHTTP2 is a server of HTTP/2 whose streams break.
func withHTTP2(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// TestOf makes each kind of failure happen, for both transports, and classifies
// the error that comes of it.
func TestOf(t *testing.T) {
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.StartTLS()
	t.Cleanup(old.Close)
	silence := make(chan struct{})
	t.Cleanup(func() { close(silence) })
	silent := server(t, func(net.Conn) { <-silence })
	ended, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for name, test := range map[string]struct {
		url  string
		ctx  context.Context
		want failure.Class
	}{
		"a host without an address":    {"http://nobody.invalid/", nil, failure.DNS},
		"a port where nobody listens":  {"http://" + closedPort(t) + "/", nil, failure.Refused},
		"a network without a route":    {"http://255.255.255.255:1/", nil, failure.Unreachable},
		"an untrusted certificate":     {untrusted.URL, nil, failure.Certificate},
		"TLS to a port of plain HTTP":  {"https://" + server(t, answer("HTTP/1.1 400 Bad Request\r\n\r\n")) + "/", nil, failure.TLS},
		"a version of TLS that is old": {old.URL, nil, failure.TLS},
		"a connection that is reset":   {"http://" + server(t, reset) + "/", nil, failure.Reset},
		"a connection that is closed":  {"http://" + server(t, answer("")) + "/", nil, failure.Reset},
		"a header that breaks off":     {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nA: b")) + "/", nil, failure.Reset},
		"a body that breaks off":       {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody")) + "/", nil, failure.Reset},
		"a chunk that breaks off":      {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbody")) + "/", nil, failure.Reset},
		"no HTTP":                      {"http://" + server(t, answer("SSH-2.0-OpenSSH\r\n")) + "/", nil, failure.Protocol},
		"a malformed field":            {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nA\r\n\r\n")) + "/", nil, failure.Protocol},
		"a malformed chunk":            {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n")) + "/", nil, failure.Protocol},
		"two lengths":                  {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")) + "/", nil, failure.Protocol},
		"a header without end":         {"http://" + server(t, answer("HTTP/1.1 200 OK\r\nA: "+strings.Repeat("a", 300_000))) + "/", nil, failure.Protocol},
		"a server that says nothing":   {"http://" + silent + "/", nil, failure.Timeout},
		"a TLS server that is silent":  {"https://" + silent + "/", nil, failure.Timeout},
		"a context that ends at once":  {"http://" + silent + "/", ended, failure.Timeout},
	} {
		timeout := time.Minute
		if test.want == failure.Timeout {
			timeout = 50 * time.Millisecond
		}
		for by, transport := range map[string]http.RoundTripper{
			"http1":    http1.New(http1.Options{ResponseHeaderTimeout: timeout, TLSHandshakeTimeout: timeout}),
			"net/http": &http.Transport{ResponseHeaderTimeout: timeout, TLSHandshakeTimeout: timeout, MaxResponseHeaderBytes: http1.MaxResponseHeaderBytes, DisableKeepAlives: true},
		} {
			t.Run(name+" by "+by, func(t *testing.T) {
				ctx := test.ctx
				if ctx == nil {
					ctx = t.Context()
				}
				if err := get(ctx, transport, test.url); failure.Of(err) != test.want || err == nil {
					t.Errorf("got %q for %v", failure.Of(err), err)
				}
			})
		}
	}
}

// TestOfNetHTTP is about what only the transport of net/http does.
func TestOfNetHTTP(t *testing.T) {
	through := func(proxy string) *http.Transport {
		return &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: proxy}), DisableKeepAlives: true}
	}
	socks := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "socks5", Host: server(t, func(c net.Conn) { _, _ = c.Write([]byte{5, 0xff}) })})}
	streams := withHTTP2(t)
	for name, test := range map[string]struct {
		transport http.RoundTripper
		url       string
		want      failure.Class
	}{
		"a dead proxy":                     {through(closedPort(t)), "https://texter.example/", failure.Proxy},
		"a proxy without an address":       {through("nobody.invalid:1"), "https://texter.example/", failure.Proxy},
		"a SOCKS proxy that refuses":       {socks, "https://texter.example/", failure.Proxy},
		"a stream of HTTP/2 that is reset": {streams.Client().Transport, streams.URL, failure.Reset},
	} {
		t.Run(name, func(t *testing.T) {
			if err := get(t.Context(), test.transport, test.url); failure.Of(err) != test.want || err == nil {
				t.Errorf("got %q for %v", failure.Of(err), err)
			}
		})
	}
}

func TestOfOthers(t *testing.T) {
	known := &failure.Error{Class: failure.Proxy, Err: io.EOF}
	for name, test := range map[string]struct {
		err  error
		want failure.Class
	}{
		"no error has no class":             {nil, ""},
		"a class that is known is kept":     {fmt.Errorf("a: %w", known), failure.Proxy},
		"a joined error has that of a part": {errors.Join(errors.New("a"), io.EOF), failure.Reset},
		"a reset while it is connecting":    {fmt.Errorf("a: %w", &net.OpError{Op: "dial", Err: syscall.ECONNRESET}), failure.Reset},
		"a socket that fails in some way":   {fmt.Errorf("a: %w", &net.OpError{Op: "read", Err: errors.New("b")}), failure.Reset},
		"an alert of TLS":                   {fmt.Errorf("a: %w", &net.OpError{Op: "remote error", Err: tls.AlertError(40)}), failure.TLS},
		"a reset without its socket":        {fmt.Errorf("a: %w", syscall.ECONNRESET), failure.Reset},
		"a connection that was closed here": {fmt.Errorf("a: %w", net.ErrClosed), failure.Reset},
		"the end of the caller's time":      {&url.Error{Err: fmt.Errorf("a: %w", context.DeadlineExceeded)}, failure.Timeout},
		"the end of a socket's time":        {&url.Error{Err: fmt.Errorf("a: %w", os.ErrDeadlineExceeded)}, failure.Timeout},
		"an error that no type explains":    {errors.New("a"), failure.Protocol},
	} {
		t.Run(name, func(t *testing.T) {
			if got := failure.Of(test.err); got != test.want {
				t.Errorf("got %q", got)
			}
		})
	}
	if !errors.Is(known, io.EOF) || known.Error() != "EOF" {
		t.Errorf("got %v", known)
	}
}

// get sends a request and reads the whole response.
func get(ctx context.Context, transport http.RoundTripper, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
