package wire

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"

	"net/http/httptest"
)

// startKeyed starts a service with access keys, whose file has these lines.
func startKeyed(t *testing.T, lines []string, env ...string) (p *harness.Process, file string) {
	t.Helper()
	texter := httptest.NewServer(sandbox.New(sandbox.Options{}))
	t.Cleanup(texter.Close)
	file = filepath.Join(t.TempDir(), "access-keys")
	writeKeys(t, file, lines...)
	return start(t, append([]string{"TEXTER_API_TOKEN=service", "TEXTER_URL=" + texter.URL + sandbox.BasePath, "ACCESS_KEYS=" + file}, env...)...), file
}

// writeKeys replaces the file of access keys in one step.
func writeKeys(t *testing.T, file string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(file+".new", []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
}

// makeKey makes an access key by the command. It returns the key and its line.
func makeKey(t *testing.T, name string, scope ...string) (key, line string) {
	t.Helper()
	output, code, err := harness.Command{Path: harness.Binary(t), Args: append([]string{"access-key", name}, scope...)}.Run(t.Context())
	if err != nil || code != 0 {
		t.Fatalf("%d %v %s", code, err, output)
	}
	for part := range strings.Lines(output) {
		if strings.HasPrefix(part, name+" ") {
			line = part
		} else if words := strings.Fields(part); key == "" && len(words) > 0 {
			key = words[0]
		}
	}
	return key, line
}

func authorization(key string) string {
	return `{"type":"connection_init","payload":{"Authorization":"Bearer ` + key + `"}}`
}

func TestCredentials(t *testing.T) {
	key, line := makeKey(t, "inbox")
	other, otherLine := makeKey(t, "other")
	p, file := startKeyed(t, []string{line, otherLine})
	for name, init := range map[string]string{
		"no token":                initMessage,
		"a bad token":             authorization("canary"),
		"a token of another kind": `{"type":"connection_init","payload":{"Authorization":"Basic ` + key + `"}}`,
		"a token that is a list":  `{"type":"connection_init","payload":{"Authorization":["Bearer ` + key + `"]}}`,
	} {
		t.Run(name+" closes with 4403", func(t *testing.T) {
			w := connect(t, p)
			w.Send(t, init)
			assertClosed(t, w, 4403)
		})
	}
	for name, init := range map[string]string{
		"in the payload":                  authorization(key),
		"in the payload, in lower case":   `{"type":"connection_init","payload":{"authorization":"bearer ` + key + `"}}`,
		"in the headers of the payload":   `{"type":"connection_init","payload":{"headers":{"Authorization":"Bearer ` + key + `"}}}`,
		"in the payload, over the header": authorization(key),
	} {
		t.Run("a token "+name+" is taken", func(t *testing.T) {
			w := connect(t, p, "Authorization: Bearer wrong")
			w.Send(t, init)
			assertMessage(t, w, ackMessage)
			w.Send(t, subscribe("1", query))
			assertNext(t, w, "1", "next")
		})
	}
	t.Run("a token in the header is taken", func(t *testing.T) {
		w := open(t, p, "Authorization: Bearer "+key)
		w.Send(t, subscribe("1", query))
		assertNext(t, w, "1", "next")
	})
	feeds := map[string]*harness.WebSocket{}
	for name, key := range map[string]string{"revoked": key, "kept": other} {
		feeds[name] = open(t, p, "Authorization: Bearer "+key)
		feeds[name].Send(t, subscribe("1", feed))
		assertNext(t, feeds[name], "1", "next")
	}
	events := subscribeEvents(t, p, "Authorization: Bearer "+key)
	events.next(t)
	changed := time.Now()
	writeKeys(t, file, otherLine)
	t.Run("a revoked key ends its WebSockets with 4403", func(t *testing.T) {
		assertClosed(t, feeds["revoked"], 4403)
		t.Logf("after %s", time.Since(changed))
	})
	t.Run("a revoked key ends its event streams with an error, then complete", func(t *testing.T) {
		if data := events.next(t); !strings.Contains(data, `"code":"UNAUTHENTICATED"`) {
			t.Errorf("got %s", data)
		}
		events.complete(t)
		t.Logf("after %s", time.Since(changed))
	})
	t.Run("another key's go on", func(t *testing.T) { assertSilence(t, feeds["kept"]) })
	t.Run("a key with another scope ends them too", func(t *testing.T) {
		writeKeys(t, file, strings.TrimSuffix(otherLine, "\n")+` {"statuses":["PENDING"]}`+"\n")
		assertClosed(t, feeds["kept"], 4403)
	})
}

func TestRateLimit(t *testing.T) {
	key, line := makeKey(t, "inbox")
	p, _ := startKeyed(t, []string{line}, "RATE_LIMIT=0.001", "RATE_BURST=2")
	w := open(t, p, "Authorization: Bearer "+key)
	for _, document := range []string{query, query} {
		w.Send(t, subscribe("1", document))
		assertNext(t, w, "1", "next")
		assertNext(t, w, "1", "complete")
	}
	t.Run("the third operation gets an error, and the connection stays", func(t *testing.T) {
		w.Send(t, subscribe("1", feed))
		if m := assertNext(t, w, "1", "error"); !strings.Contains(string(m.Payload), `"code":"RATE_LIMITED"`) || !strings.Contains(string(m.Payload), `"retryAfter":`) {
			t.Errorf("got %s", m.Payload)
		}
		assertSilence(t, w)
	})
}

func TestLimits(t *testing.T) {
	key, line := makeKey(t, "inbox")
	other, otherLine := makeKey(t, "other")
	p, _ := startKeyed(t, []string{line, otherLine}, "MAX_SUBSCRIPTIONS=3", "MAX_SUBSCRIPTIONS_PER_CALLER=2")
	first := open(t, p, "Authorization: Bearer "+key)
	for _, id := range []string{"1", "2"} {
		first.Send(t, subscribe(id, feed))
		assertNext(t, first, id, "next")
	}
	t.Run("a caller's subscription too many gets an error", func(t *testing.T) {
		first.Send(t, subscribe("3", feed))
		if m := assertNext(t, first, "3", "error"); !strings.Contains(string(m.Payload), `"code":"RATE_LIMITED"`) {
			t.Errorf("got %s", m.Payload)
		}
	})
	second := open(t, p, "Authorization: Bearer "+other)
	second.Send(t, subscribe("1", feed))
	assertNext(t, second, "1", "next")
	t.Run("one too many in all gets an error", func(t *testing.T) {
		second.Send(t, subscribe("2", feed))
		if m := assertNext(t, second, "2", "error"); !strings.Contains(string(m.Payload), `"code":"OVERLOADED"`) {
			t.Errorf("got %s", m.Payload)
		}
	})
	t.Run("one that has ended makes room", func(t *testing.T) {
		first.Send(t, `{"id":"1","type":"complete"}`)
		assertSilence(t, first)
		second.Send(t, subscribe("3", feed))
		assertNext(t, second, "3", "next")
	})
	t.Run("a caller's connection too many closes with 1013", func(t *testing.T) {
		open(t, p, "Authorization: Bearer "+key)
		w := connect(t, p, "Authorization: Bearer "+key)
		w.Send(t, initMessage)
		assertClosed(t, w, 1013)
	})
}
