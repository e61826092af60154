package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter"
)

// canary is in every body that the upstreams below send. No response and no log may
// have it.
const canary = "canary-body-77b1"

// misbehavior is an upstream that breaks its contract, and the code of the error
// that a client gets.
type misbehavior struct {
	serve http.HandlerFunc
	code  string
}

// misbehaviors returns upstreams that each break their contract in another way.
func misbehaviors() map[string]misbehavior {
	all := map[string]misbehavior{}
	for status, code := range map[int]string{
		301: "UPSTREAM_INVALID_RESPONSE", 400: "BAD_USER_INPUT", 401: "UNAUTHENTICATED", 403: "FORBIDDEN",
		404: "UPSTREAM_INVALID_RESPONSE", 429: "RATE_LIMITED", 500: "UPSTREAM_UNAVAILABLE", 503: "UPSTREAM_UNAVAILABLE",
		204: "UPSTREAM_INVALID_RESPONSE",
	} {
		all[fmt.Sprint("status ", status)] = misbehavior{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			if status != 204 {
				fmt.Fprintf(w, `{"error":%q}`, canary)
			}
		}, code}
	}
	for name, body := range map[string]string{
		"an HTML page":     "<html>" + canary + "</html>",
		"an empty body":    "",
		"truncated JSON":   `{"data":[{"_id":"` + canary,
		"an array":         `["` + canary + `"]`,
		"trailing text":    `{"data":[],"total":0}` + canary,
		"no data":          `{"total":0,"x":"` + canary + `"}`,
		"no total":         `{"data":[],"x":"` + canary + `"}`,
		"a missing _id":    `{"data":[{"title":"` + canary + `"}],"total":1}`,
		"a null _id":       `{"data":[{"_id":null,"title":"` + canary + `"}],"total":1}`,
		"a numeric title":  `{"data":[{"_id":"1","title":5}],"total":1}`,
		"a text status":    `{"data":[{"_id":"1","status":"` + canary + `"}],"total":1}`,
		"a huge count":     `{"data":[{"_id":"1","unreadCount":3000000000}],"total":1}`,
		"a broken time":    `{"data":[{"_id":"1","created":"` + canary + `"}],"total":1}`,
		"a far time":       `{"data":[{"_id":"1","last_message_timestamp":1e18}],"total":1}`,
		"a row of text":    `{"data":["` + canary + `"],"total":1}`,
		"labels of number": `{"data":[{"_id":"1","labels":[1]}],"total":1}`,
		"too deep":         `{"data":[{"_id":"1","x":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}],"total":1}`,
		"64 MB":            `{"data":[],"total":0,"x":"` + strings.Repeat("x", 64<<20) + `"}`,
	} {
		all[name] = misbehavior{func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }, "UPSTREAM_INVALID_RESPONSE"}
	}
	all["silence"] = misbehavior{func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "UPSTREAM_TIMEOUT"}
	all["a reset"] = misbehavior{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "UPSTREAM_UNAVAILABLE"}
	all["a short body"] = misbehavior{func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"data":[],"total":0}`)
	}, "UPSTREAM_UNAVAILABLE"}
	return all
}

func TestMisbehavingUpstream(t *testing.T) {
	for name, m := range misbehaviors() {
		t.Run(name+" is "+m.code, func(t *testing.T) {
			upstream := httptest.NewServer(m.serve)
			t.Cleanup(upstream.Close)
			s := newService(t, upstream.URL+"/base", func(o *texter.Options) {
				if name == "silence" {
					o.Timeout = 300 * time.Millisecond
				}
			})
			e := s.fail(t, `{ searchChats(filter: {search: "canary-search-19"}) { nodes { id } } }`, nil)
			if e.Extensions["code"] != m.code {
				t.Errorf("got %v (%s), want %s", e.Extensions, e.Message, m.code)
			}
			wait := e.Extensions["retryAfter"]
			if hasWait := name == "status 429" || name == "status 503"; hasWait != (wait == 7.0) {
				t.Errorf("retryAfter is %v", wait)
			}
			assertClean(t, fmt.Sprint(e), s.log.String())
			if logged := strings.Contains(s.log.String(), `"reason":"texter: `); logged != (m.code == "UPSTREAM_INVALID_RESPONSE") {
				t.Errorf("the log is %s", s.log)
			}
		})
	}
}

// assertClean fails if an output has a canary.
func assertClean(t *testing.T, outputs ...string) {
	t.Helper()
	for _, output := range outputs {
		if i := strings.Index(output, "canary"); i >= 0 {
			t.Errorf("an output has %.40s", output[i:])
		}
	}
}

func TestUpstreamThatDoesNotListen(t *testing.T) {
	upstream := httptest.NewServer(nil)
	upstream.Close()
	s := newService(t, upstream.URL)
	if e := s.fail(t, `{ searchChats { totalCount } }`, nil); e.Extensions["code"] != "UPSTREAM_UNAVAILABLE" {
		t.Errorf("got %v", e)
	}
}

// TestUnsendableToken has tokens that cannot be in a header.
func TestUnsendableToken(t *testing.T) {
	requests := 0
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests++ }))
	t.Cleanup(upstream.Close)
	for name, bad := range map[string]string{
		"an empty token": "", "a token with a space": "two words", "a token with another header": "canary\r\nX-Evil: 1",
		"a token with a line feed": "canary\n", "a token in Hebrew": "קנרית",
	} {
		t.Run(name+" is not sent", func(t *testing.T) {
			s := newService(t, upstream.URL, func(o *texter.Options) {
				o.Token = func(context.Context) (string, error) { return bad, nil }
			})
			e := s.fail(t, `{ searchChats { totalCount } }`, nil)
			if e.Extensions["code"] != "UNAUTHENTICATED" || requests != 0 {
				t.Errorf("%d requests, got %v", requests, e)
			}
			assertClean(t, fmt.Sprint(e), s.log.String())
		})
	}
}
