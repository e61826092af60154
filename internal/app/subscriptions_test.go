package app

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"texter-graphql/test/harness"
)

const feedMessage = `{"id":"1","type":"subscribe","payload":{"query":"subscription Inbox { chatsChanged { cursor } }"}}`

// follow subscribes to the feed over a WebSocket, and waits for the first batch.
func (s *instance) follow(t *testing.T, token string) *harness.WebSocket {
	t.Helper()
	w := harness.OpenWebSocket(t, strings.TrimPrefix(s.url, "http://"), harness.Handshake)
	w.Send(t, `{"type":"connection_init","payload":{"Authorization":"Bearer `+token+`"}}`)
	w.Receive(t)
	w.Send(t, feedMessage)
	if got := w.Receive(t); !strings.HasPrefix(got, `{"id":"1","type":"next","payload":{"data":{"chatsChanged":`) {
		t.Fatalf("got %s", got)
	}
	return w
}

// followEvents subscribes to the feed over SSE, and waits for the first batch.
func (s *instance) followEvents(t *testing.T, token string) *bufio.Reader {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(`{"query":"subscription Inbox { chatsChanged { cursor } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	lines := bufio.NewReader(res.Body)
	for _, prefix := range []string{"event: next\n", `data: {"data":`, "\n"} {
		if line, err := lines.ReadString('\n'); err != nil || !strings.HasPrefix(line, prefix) {
			t.Fatalf("got %q, %v", line, err)
		}
	}
	return lines
}

// TestTokensThatExpire: a subscription ends with its token.
func TestTokensThatExpire(t *testing.T) {
	keysURL, sign := newIssuer(t)
	url, _ := startTexter(t)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url,
		"-jwt-issuer", "https://issuer.example", "-jwt-audience", "inbox", "-jwt-jwks-url", keysURL, "-jwt-leeway", "1s")
	expires := time.Now().Add(2 * time.Second).Truncate(time.Second)
	short, long := sign(map[string]any{"exp": expires.Unix()}), sign(nil)
	w, events, kept := s.follow(t, short), s.followEvents(t, short), s.follow(t, long)
	t.Run("a WebSocket closes with 4403, after the leeway", func(t *testing.T) {
		if code := w.ReceiveClose(t); code != 4403 || time.Since(expires) < time.Second {
			t.Errorf("%d after %s", code, time.Since(expires))
		}
		t.Logf("%s after the end of the token", time.Since(expires))
	})
	t.Run("an event stream ends with an error, then complete", func(t *testing.T) {
		rest, err := io.ReadAll(events)
		if text := string(rest); err != nil || !strings.Contains(text, `"code":"UNAUTHENTICATED"`) || !strings.HasSuffix(text, "\n\nevent: complete\ndata:\n\n") {
			t.Errorf("got %s, %v", text, err)
		}
	})
	t.Run("the subscription of another token goes on", func(t *testing.T) {
		kept.Send(t, `{"type":"ping"}`)
		if got := kept.Receive(t); got != `{"type":"pong"}` {
			t.Errorf("got %s", got)
		}
	})
}

// TestSubscriptionsAreObserved: a stop ends subscriptions, and the log and the metrics
// tell of each.
func TestSubscriptionsAreObserved(t *testing.T) {
	url, _ := startTexter(t)
	key, line := makeKey(t, "inbox")
	s := start(t, environment{"TEXTER_API_TOKEN": "canary-service"}, "-texter-url", url, "-access-keys", keyFile(t, line), "-metrics-addr", "127.0.0.1:0")
	w, events := s.follow(t, key), s.followEvents(t, key)
	left := s.follow(t, key)
	left.Send(t, `{"id":"1","type":"complete"}`)
	left.Send(t, `{"id":"2","type":"subscribe","payload":{"query":"query Count { searchChats { totalCount } }"}}`)
	if got := left.Receive(t); got[:31] != `{"id":"2","type":"next","payloa` {
		t.Errorf("got %s", got)
	}
	for _, want := range []string{"texter_graphql_websockets 2\n", `texter_graphql_subscriptions{protocol="websocket"} 1` + "\n", `texter_graphql_subscriptions{protocol="sse"} 1` + "\n"} {
		if text := s.metrics(t); !strings.Contains(text, want) {
			t.Errorf("the metrics lack %q", want)
		}
	}
	s.stop()
	t.Run("a stop closes WebSockets with 1012", func(t *testing.T) {
		if code := w.ReceiveClose(t); code != 1012 {
			t.Errorf("got %d", code)
		}
	})
	t.Run("a stop ends event streams without complete", func(t *testing.T) {
		if rest, err := io.ReadAll(events); len(rest) > 0 || err != nil {
			t.Errorf("got %q, %v", rest, err)
		}
	})
	left.Receive(t) // the complete of the query
	if code := left.ReceiveClose(t); code != 1012 {
		t.Errorf("a WebSocket without subscriptions closes with %d", code)
	}
	log, metrics := s.end(t), s.metrics(t)
	for _, want := range []string{
		"texter_graphql_websockets 0\n", `texter_graphql_subscriptions{protocol="websocket"} 0` + "\n", `texter_graphql_subscriptions{protocol="sse"} 0` + "\n",
		`texter_graphql_subscriptions_ended_total{protocol="sse",reason="stopped"} 1` + "\n",
		`texter_graphql_subscriptions_ended_total{protocol="websocket",reason="stopped"} 1` + "\n",
		`texter_graphql_subscriptions_ended_total{protocol="websocket",reason="left"} 1` + "\n",
		`texter_graphql_subscription_deliveries_total{protocol="websocket"} 2` + "\n",
		`texter_graphql_websockets_closed_total{reason="stopped"} 2` + "\n",
		`texter_graphql_requests_total{code="OK",operation="searchChats"} 1` + "\n",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %q", want)
		}
	}
	for _, want := range []string{
		`"msg":"subscription started","requestId":"`, `"caller":"key:inbox","protocol":"websocket","operation":"Inbox","rootFields":"chatsChanged"`,
		`"protocol":"sse","operation":"Inbox"`, `"reason":"stopped","deliveries":1`, `"reason":"left","deliveries":1`,
		`"caller":"key:inbox","operation":"Count","rootFields":"searchChats"`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	for part, count := range map[string]int{`"msg":"subscription started"`: 3, `"msg":"subscription ended"`: 3, "canary": 0, key: 0} {
		if got := strings.Count(log, part); got != count {
			t.Errorf("the log has %q %d times", part, got)
		}
	}
	if t.Failed() {
		t.Log(log)
	}
}
