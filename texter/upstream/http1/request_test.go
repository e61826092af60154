package http1_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/texter/upstream/http1"
)

// TestUnsupported: the transport refuses requests that it cannot send.
func TestUnsupported(t *testing.T) {
	const url = "http://upstream.example/"
	for name, r := range map[string]*http.Request{
		"POST":                httptest.NewRequest(http.MethodPost, url, http.NoBody),
		"HEAD":                httptest.NewRequest(http.MethodHead, url, http.NoBody),
		"GET with a body":     httptest.NewRequest(http.MethodGet, url, strings.NewReader("body")),
		"FTP":                 httptest.NewRequest(http.MethodGet, "ftp://upstream.example/", http.NoBody),
		"a host not in ASCII": httptest.NewRequest(http.MethodGet, "http://מעלה.example/", http.NoBody),
	} {
		t.Run(name, func(t *testing.T) {
			res, err := newTransport(t).RoundTrip(r)
			if err == nil {
				_ = res.Body.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "only GET") || http1.Supports(r) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestRequest: the server gets what the request says.
func TestRequest(t *testing.T) {
	got := make(chan *http.Request, 1)
	s := newServer(t, func(_ int64, c net.Conn, requests *bufio.Reader) {
		for {
			r, err := http.ReadRequest(requests)
			if err != nil {
				return
			}
			got <- r
			_, _ = io.WriteString(c, ok("body"))
		}
	})
	transport := newTransport(t)
	for name, test := range map[string]struct {
		change               func(*http.Request)
		target, host, header string
	}{
		"the URL":       {func(*http.Request) {}, "/a%20b?c=d!~", strings.TrimPrefix(s.url, "http://"), "map[]"},
		"another host":  {func(r *http.Request) { r.Host = "texter.example" }, "/a%20b?c=d!~", "texter.example", "map[]"},
		"an opaque URL": {func(r *http.Request) { r.URL.Opaque = "/!%2F" }, "/!%2F?c=d!~", strings.TrimPrefix(s.url, "http://"), "map[]"},
		"header fields": {func(r *http.Request) { r.Header = http.Header{"!": {"a b é ~", ""}, "B": {"c"}} }, "/a%20b?c=d!~", strings.TrimPrefix(s.url, "http://"), "map[!:[a b é ~ ] B:[c]]"},
		"a nil body":    {func(r *http.Request) { r.Body = nil }, "/a%20b?c=d!~", strings.TrimPrefix(s.url, "http://"), "map[]"},
		"no header":     {func(r *http.Request) { r.Header = nil }, "/a%20b?c=d!~", strings.TrimPrefix(s.url, "http://"), "map[]"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/a%20b?c=d!~", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			test.change(r)
			res, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			sent := <-got
			if sent.Method != http.MethodGet || sent.Proto != "HTTP/1.1" || sent.RequestURI != test.target || sent.Host != test.host || fmt.Sprint(sent.Header) != test.header {
				t.Errorf("the server got %s %s %s of %s, %v", sent.Method, sent.RequestURI, sent.Proto, sent.Host, sent.Header)
			}
		})
	}
}

// TestInvalidCharacters: no part of a request can end its line or add another
// one. Such a request is not sent, and costs no connection.
func TestInvalidCharacters(t *testing.T) {
	s, transport := newServer(t, respond(ok("body"))), newTransport(t)
	expect(t, transport, s.url, "body")
	for name, change := range map[string]func(*http.Request){
		"a request in the query":         func(r *http.Request) { r.URL.RawQuery = "a=b HTTP/1.1\r\nHost: other\r\n\r\nGET /" },
		"DEL in the query":               func(r *http.Request) { r.URL.RawQuery = "a\x7f" },
		"a tab in the query":             func(r *http.Request) { r.URL.RawQuery = "a\tb" },
		"a space in an opaque URL":       func(r *http.Request) { r.URL.Opaque = "//host/a b" },
		"a line feed in the host":        func(r *http.Request) { r.Host = "host\nX: y" },
		"a space in the host":            func(r *http.Request) { r.Host = "host name" },
		"a space in the host of the URL": func(r *http.Request) { r.URL.Host = "host name" },
		"DEL in the host of the URL":     func(r *http.Request) { r.URL.Host = "host\x7f" },
		"a line feed in a value":         func(r *http.Request) { r.Header["X"] = []string{"fine", "a\r\nY: b"} },
		"a line feed in a name":          func(r *http.Request) { r.Header["X\n"] = []string{"a"} },
		"a field in a name":              func(r *http.Request) { r.Header["X: Y"] = []string{"a"} },
		"a colon in a name":              func(r *http.Request) { r.Header["X:Y"] = []string{"a"} },
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, s.url+"/path", http.NoBody)
			change(r)
			res, err := transport.RoundTrip(r)
			if err == nil {
				_ = res.Body.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "not allowed") {
				t.Errorf("got %v", err)
			}
		})
	}
	expect(t, transport, s.url, "body")
	s.expectConnections(t, 1)
}
