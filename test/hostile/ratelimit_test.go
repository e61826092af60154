package hostile

import (
	"fmt"
	"testing"
)

// TestTooManyRequests sends more requests than are allowed. The limit is so low
// that none is added to it during the test.
func TestTooManyRequests(t *testing.T) {
	t.Run("of a caller", func(t *testing.T) {
		x := newTexter(t)
		p := start(t, nil, "-texter-url", x.url, "-rate-limit", "0.0001", "-rate-burst", "2")
		as := func(headers ...string) string {
			return postAs("application/json", operation(count, nil), headers...)
		}
		run(t, p, x, []attack{
			{name: "first", send: as("Authorization: Bearer canary-a"), status: 200, asked: counted},
			{name: "second, which is bad", send: postAs("application/json", "{", "Authorization: Bearer canary-a"), status: 400, code: "BAD_REQUEST"},
			limited("third", as("Authorization: Bearer canary-a")),
			limited("by another spelling", as("authorization: BEARER  canary-a")),
			limited("by another address, it says", as("Authorization: Bearer canary-a", "X-Forwarded-For: 10.1.2.3", "X-Real-IP: 10.1.2.3", "Forwarded: for=10.1.2.3")),
			limited("by another name, it says", as("Authorization: Bearer canary-a", "X-Request-Id: other", "User-Agent: other", "Cookie: a=b")),
			limited("by GET", request("GET /graphql?query=%7B__typename%7D HTTP/1.1", "", "Host: localhost", "Authorization: Bearer canary-a")),
			limited("by another path to it", request("GET /graphql?a=b&query=%7B__typename%7D HTTP/1.1", "", "Host: localhost", "Authorization: Bearer canary-a")),
			limited("with a huge body", postAs("application/json", fmt.Sprintf("%1048576d", 1), "Authorization: Bearer canary-a")),
			limited("with what is no JSON", postAs("application/json", "canary", "Authorization: Bearer canary-a")),
			{name: "another caller", send: as("Authorization: Bearer canary-b"), status: 200, asked: counted},
		})
	})
	t.Run("of those who are not let in", func(t *testing.T) {
		x := newTexter(t)
		p := start(t, nil, "-texter-url", x.url, "-rate-limit", "0.0001", "-rate-burst", "2")
		nobody := func(headers ...string) string {
			return postAs("application/json", operation(count, nil), headers...)
		}
		run(t, p, x, []attack{
			refusedAs("first"),
			refusedAs("second", "Authorization: Basic canary"),
			limited("third", nobody()),
			limited("by another address, it says", nobody("X-Forwarded-For: 10.1.2.3")),
			{name: "somebody", send: nobody(caller), status: 200, asked: counted},
		})
	})
}

// limited is a request above the limit.
func limited(name, send string) attack {
	return attack{name: name, send: send, status: 429, code: "RATE_LIMITED"}
}
