package websocket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/internal/refusal"
)

// TestWhoCalls: the credential of a connection is what connection_init has, or else the
// header of the handshake, if there is only one.
func TestWhoCalls(t *testing.T) {
	var got atomic.Value
	identify := func(r *http.Request) (context.Context, error) {
		got.Store(fmt.Sprintf("%q of %s", r.Header.Values("Authorization"), r.Host))
		return r.Context(), nil
	}
	g := newGate(t, transport.Callers{Identify: identify}, transport.Limits{}, websocket.Options{})
	for name, test := range map[string]struct {
		headers       []string
		payload, want string
	}{
		"none":                            {nil, `{}`, ""},
		"a header":                        {[]string{"Authorization: header"}, `{}`, "header"},
		"two headers":                     {[]string{"Authorization: a", "Authorization: b"}, `{}`, ""},
		"the payload":                     {nil, `{"Authorization":"payload"}`, "payload"},
		"the payload, by another name":    {nil, `{"authorization":"payload"}`, "payload"},
		"the payload, over the header":    {[]string{"Authorization: header"}, `{"Authorization":"payload"}`, "payload"},
		"headers in the payload":          {nil, `{"other":[],"headers":{"Authorization":"inner"}}`, "inner"},
		"the payload, over headers in it": {nil, `{"Authorization":"payload","headers":{"Authorization":"inner"}}`, "payload"},
		"a member of another type":        {[]string{"Authorization: header"}, `{"Authorization":["payload"],"headers":[]}`, "header"},
		"another member with such a name": {[]string{"Authorization: header"}, `{"other":{"Authorization":"inner"}}`, "header"},
	} {
		t.Run(name, func(t *testing.T) {
			w := g.connect(t, test.headers...)
			w.Send(t, `{"type":"connection_init","payload":`+test.payload+`}`)
			assertReceived(t, w, ackMessage)
			want := fmt.Sprintf("%q of service.example", strings.Fields(test.want))
			if got.Load() != want {
				t.Errorf("got %v, want %s", got.Load(), want)
			}
		})
	}
}

// TestCallersWhoAreNotLetIn, at connection_init, at an operation, or any more.
func TestCallersWhoAreNotLetIn(t *testing.T) {
	t.Parallel()
	limited := &refusal.Error{Status: http.StatusTooManyRequests, Message: "slower"}
	for name, test := range map[string]struct {
		err    error
		code   int // at connection_init
		reason transport.Reason
		stays  bool // after an operation
	}{
		"unknown":      {errors.New("who?"), 4403, transport.Unauthorized, false},
		"unauthorized": {&refusal.Error{Status: http.StatusUnauthorized, Message: "no"}, 4403, transport.Unauthorized, false},
		"too fast":     {limited, 1013, transport.Crowded, true},
	} {
		t.Run(name, func(t *testing.T) {
			refuse := func(*http.Request) (context.Context, error) { return nil, test.err }
			let := func(r *http.Request) (context.Context, error) { return r.Context(), nil }
			g := newGate(t, transport.Callers{Identify: refuse, Authenticate: refuse}, transport.Limits{}, websocket.Options{})
			w := g.connect(t)
			w.Send(t, initMessage)
			g.assertClosed(t, w, test.code, test.reason)
			g = newGate(t, transport.Callers{Identify: let, Authenticate: refuse}, transport.Limits{}, websocket.Options{})
			w = g.open(t)
			w.Send(t, subscribeMessage)
			if !test.stays {
				g.assertClosed(t, w, test.code, test.reason)
				return
			}
			if got := w.Receive(t); !strings.HasPrefix(got, `{"id":"1","type":"error","payload":[{"message":"slower"`) || !strings.Contains(got, `"code":"RATE_LIMITED"`) {
				t.Errorf("got %s", got)
			}
			w.Send(t, pingMessage)
			assertReceived(t, w, pongMessage)
		})
	}
	t.Run("any more", func(t *testing.T) {
		var valid atomic.Bool
		valid.Store(true)
		checks := make(chan bool, 1000)
		g := newGate(t, transport.Callers{Validity: func(context.Context) func() bool {
			return func() bool { checks <- true; return valid.Load() }
		}}, transport.Limits{}, websocket.Options{})
		w := g.open(t)
		<-checks
		w.Send(t, pingMessage)
		assertReceived(t, w, pongMessage)
		valid.Store(false)
		g.assertClosed(t, w, 4403, transport.Unauthorized)
	})
}

// TestOriginsOfPages: pages of other origins may not connect, unless they are allowed.
func TestOriginsOfPages(t *testing.T) {
	for name, test := range map[string]struct {
		headers []string
		others  int // status, where no other origins are allowed
		allowed int // where https://app.example is
	}{
		"no page":        {nil, 101, 101},
		"the same host":  {[]string{"Origin: http://SERVICE.example"}, 101, 101},
		"another page":   {[]string{"Origin: https://evil.example"}, 403, 403},
		"a page allowed": {[]string{"Origin: https://app.example"}, 403, 101},
		"two origins":    {[]string{"Origin: https://app.example", "Origin: https://app.example"}, 403, 403},
		"no URL":         {[]string{"Origin: %zz"}, 403, 403},
		"null":           {[]string{"Origin: null"}, 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			for allow, want := range map[bool]int{false: test.others, true: test.allowed} {
				var o websocket.Options
				if allow {
					o.AllowOrigin = func(origin string) bool { return origin == "https://app.example" }
				}
				g := newGate(t, transport.Callers{}, transport.Limits{}, o)
				if got := g.connect(t, test.headers...).Response.StatusCode; got != want {
					t.Errorf("got %d, want %d", got, want)
				}
			}
		})
	}
	for header, want := range map[string]bool{"WebSocket": true, "h2c": false, "": false} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Upgrade", header)
		if got := websocket.IsUpgrade(r); got != want {
			t.Errorf("Upgrade: %s asks for a WebSocket: %t", header, got)
		}
		if r.Method = http.MethodPost; websocket.IsUpgrade(r) {
			t.Error("a POST asks for a WebSocket")
		}
	}
}
