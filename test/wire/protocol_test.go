package wire

import (
	"strings"
	"testing"

	"texter-graphql/test/harness"
)

// TestProtocol: graphql-transport-ws, each rule of it.
func TestProtocol(t *testing.T) {
	p := start(t)
	for name, test := range map[string]func(*testing.T, *harness.WebSocket){
		"no init closes with 4408": func(t *testing.T, w *harness.WebSocket) {
			assertClosed(t, w, 4408)
		},
		"subscribe before the ack closes with 4401": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe("1", query))
			assertClosed(t, w, 4401)
		},
		"two inits close with 4429": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, initMessage)
			assertMessage(t, w, ackMessage)
			w.Send(t, initMessage)
			assertClosed(t, w, 4429)
		},
		"an init whose payload is no object closes with 4400": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"type":"connection_init","payload":"canary"}`)
			assertClosed(t, w, 4400)
		},
		"an init whose payload is null is acknowledged": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"type":"connection_init","payload":null}`)
			assertMessage(t, w, ackMessage)
		},
		"bad JSON before the ack closes with 4400": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"type":`)
			assertClosed(t, w, 4400)
		},
		"a message too large before the ack closes with 1009": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"type":"connection_init","payload":{"x":"`+strings.Repeat("x", 20_000)+`"}}`)
			assertClosed(t, w, 1009)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, connect(t, p))
		})
	}
	for name, message := range map[string]string{
		"bad JSON after the ack":            `nonsense`,
		"an array":                          `[]`,
		"an unknown type":                   `{"type":"canary"}`,
		"a type of the server":              `{"type":"connection_ack"}`,
		"no type":                           `{"id":"1"}`,
		"no id":                             `{"type":"subscribe","payload":{"query":"{ __typename }"}}`,
		"an empty id":                       subscribe("", query),
		"an id that is a number":            `{"type":"subscribe","id":1,"payload":{"query":"{ __typename }"}}`,
		"a complete without an id":          `{"type":"complete"}`,
		"a subscribe without a payload":     `{"type":"subscribe","id":"1"}`,
		"a subscribe without a query":       `{"type":"subscribe","id":"1","payload":{}}`,
		"a query that is no string":         `{"type":"subscribe","id":"1","payload":{"query":1}}`,
		"variables that are no object":      `{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","variables":[]}}`,
		"a member that is there twice":      `{"type":"ping","type":"pong"}`,
		"a ping whose payload is no object": `{"type":"ping","payload":1}`,
	} {
		t.Run(name+" closes with 4400", func(t *testing.T) {
			w := open(t, p)
			w.Send(t, message)
			assertClosed(t, w, 4400)
		})
	}
	t.Run("a binary frame closes with 4400", func(t *testing.T) {
		w := open(t, p)
		w.SendFrame(t, harness.BinaryFrame, true, []byte(`{"type":"ping"}`))
		assertClosed(t, w, 4400)
	})
	t.Run("a message that is not UTF-8 closes with 1007", func(t *testing.T) {
		w := open(t, p)
		w.Send(t, "{\"type\":\"\xff\"}")
		assertClosed(t, w, 1007)
	})
	t.Run("a message too large closes with 1009", func(t *testing.T) {
		w := open(t, p)
		w.SendFrame(t, harness.Text, false, []byte(`{"type":"ping","payload":{"x":"`))
		go func() { // the server reads no more of it than it takes
			w.SendFrame(t, 0, true, []byte(strings.Repeat("x", 128<<10)))
		}()
		assertClosed(t, w, 1009)
	})
	t.Run("a message in fragments, with a ping between them, is one message", func(t *testing.T) {
		w := open(t, p)
		w.SendFrame(t, harness.Text, false, []byte(`{"type":"pi`))
		w.SendFrame(t, harness.Ping, true, []byte("between"))
		w.SendFrame(t, 0, true, []byte(`ng"}`))
		kind, _, payload, err := w.ReadFrame()
		if kind != harness.Pong || string(payload) != "between" || err != nil {
			t.Errorf("got %d %s %v", kind, payload, err)
		}
		assertMessage(t, w, `{"type":"pong"}`)
	})
	t.Run("the client's close is answered", func(t *testing.T) {
		w := open(t, p)
		w.SendFrame(t, harness.Close, true, []byte{3, 232})
		assertClosed(t, w, 1000)
	})
}

// TestOperations: what an acknowledged connection can do.
func TestOperations(t *testing.T) {
	p := start(t)
	for name, test := range map[string]func(*testing.T, *harness.WebSocket){
		"a duplicate id closes with 4409": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe("1", feed))
			assertNext(t, w, "1", "next")
			w.Send(t, subscribe("1", feed))
			assertClosed(t, w, 4409)
		},
		"an id is used again after its end": func(t *testing.T, w *harness.WebSocket) {
			for range 2 {
				w.Send(t, subscribe("1", query))
				assertNext(t, w, "1", "next")
				assertNext(t, w, "1", "complete")
			}
		},
		"an id is used again after the client's complete": func(t *testing.T, w *harness.WebSocket) {
			for range 2 {
				w.Send(t, subscribe("1", feed))
				assertNext(t, w, "1", "next")
				w.Send(t, `{"id":"1","type":"complete"}`)
			}
			assertSilence(t, w)
		},
		"complete of an unknown id is ignored": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"id":"unknown","type":"complete"}`)
			assertSilence(t, w)
		},
		"a ping is answered, with its payload": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"type":"ping"}`)
			assertMessage(t, w, `{"type":"pong"}`)
			w.Send(t, `{"type":"ping","payload":{"a":[1,"\u00e9"]}}`)
			assertMessage(t, w, `{"type":"pong","payload":{"a":[1,"\u00e9"]}}`)
		},
		"an unasked pong is ignored": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, `{"type":"pong","payload":{}}`)
			w.SendFrame(t, harness.Pong, true, []byte("unasked"))
			assertSilence(t, w)
		},
		"an invalid document gets an error, and no complete": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe("1", `subscription { nothing }`))
			if m := assertNext(t, w, "1", "error"); !strings.HasPrefix(string(m.Payload), `[{"message":`) || !strings.Contains(string(m.Payload), `"code":"GRAPHQL_VALIDATION_FAILED"`) {
				t.Errorf("got %s", m.Payload)
			}
			assertSilence(t, w)
		},
		"a syntax error gets an error, and no complete": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe("1", `subscription {`))
			if m := assertNext(t, w, "1", "error"); !strings.Contains(string(m.Payload), `"code":"GRAPHQL_PARSE_FAILED"`) {
				t.Errorf("got %s", m.Payload)
			}
			assertSilence(t, w)
		},
		"a query gets its response, and complete": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe(`"\`, query))
			if m := assertNext(t, w, `"\`, "next"); !strings.HasPrefix(string(m.Payload), `{"data":{"searchChats":{"totalCount":`) {
				t.Errorf("got %s", m.Payload)
			}
			assertNext(t, w, `"\`, "complete")
		},
		"operations run beside each other": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe("feed", feed))
			assertNext(t, w, "feed", "next")
			w.Send(t, subscribe("query", query))
			assertNext(t, w, "query", "next")
			assertNext(t, w, "query", "complete")
		},
		"a large response comes whole": func(t *testing.T, w *harness.WebSocket) {
			w.Send(t, subscribe("1", `{ searchChats(first: 10000) { nodes { id raw } } }`))
			if m := assertNext(t, w, "1", "next"); len(m.Payload) < 50_000 {
				t.Errorf("got %d bytes", len(m.Payload))
			}
			assertNext(t, w, "1", "complete")
		},
		"one operation too many gets an error": func(t *testing.T, w *harness.WebSocket) {
			for i := range 101 {
				w.Send(t, subscribe(strings.Repeat("i", i+1), feed))
			}
			codes := map[string]int{}
			for range 101 {
				codes[receive(t, w).Type]++
			}
			if codes["error"] != 1 || codes["next"] != 100 {
				t.Errorf("got %v", codes)
			}
		},
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t, p)) })
	}
}
