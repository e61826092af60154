package wire

import (
	"strings"
	"testing"

	"texter-graphql/test/harness"
)

func TestHandshake(t *testing.T) {
	p := start(t, "CORS_ORIGINS=https://app.example,https://*.apps.example")
	const protocol = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
	for name, handshake := range map[string]string{
		"no subprotocol":      strings.Replace(harness.Handshake, protocol, "", 1),
		"another subprotocol": strings.Replace(harness.Handshake, protocol, "Sec-WebSocket-Protocol: graphql-ws\r\n", 1),
	} {
		t.Run(name+" closes with 4406", func(t *testing.T) {
			w := harness.OpenWebSocket(t, p.Addr("GraphQL"), handshake)
			if w.Response.StatusCode != 101 || w.Response.Header.Get("Sec-WebSocket-Protocol") != "" {
				t.Fatalf("%s %v", w.Response.Status, w.Response.Header)
			}
			assertClosed(t, w, 4406)
		})
	}
	t.Run("the subprotocol is found among others", func(t *testing.T) {
		w := harness.OpenWebSocket(t, p.Addr("GraphQL"), strings.Replace(harness.Handshake, protocol, "Sec-WebSocket-Protocol: graphql-ws, graphql-transport-ws\r\n", 1))
		if got := w.Response.Header.Get("Sec-WebSocket-Protocol"); got != "graphql-transport-ws" {
			t.Errorf("got %q", got)
		}
		if got := w.Response.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" { // RFC 6455, section 1.3
			t.Errorf("the key is answered by %q", got)
		}
		if w.Response.Header.Get("X-Request-Id") == "" {
			t.Error("the response has no id")
		}
	})
	for name, test := range map[string]struct {
		origin string
		status int
	}{
		"a foreign origin is refused":             {"https://evil.example", 403},
		"no origin of a page is refused":          {"null", 403},
		"an origin that looks alike is refused":   {"https://app.example.evil.example", 403},
		"a listed origin is taken":                {"https://app.example", 101},
		"an origin below a listed one is taken":   {"https://a.apps.example", 101},
		"the service's own origin is taken":       {"http://service.example", 101},
		"its own host at another port is refused": {"http://service.example:8080", 403},
	} {
		t.Run(name, func(t *testing.T) {
			w := harness.OpenWebSocket(t, p.Addr("GraphQL"), harness.Handshake, "Origin: "+test.origin, "Cookie: a=b")
			if w.Response.StatusCode != test.status {
				t.Errorf("got %s", w.Response.Status)
			}
		})
	}
	for name, test := range map[string]struct {
		from, to string
		status   int
	}{
		"another version":      {"Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426},
		"a key that is no key": {"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: x", 400},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			w := harness.OpenWebSocket(t, p.Addr("GraphQL"), strings.Replace(harness.Handshake, test.from, test.to, 1))
			if w.Response.StatusCode != test.status {
				t.Errorf("got %s", w.Response.Status)
			}
		})
	}
}
