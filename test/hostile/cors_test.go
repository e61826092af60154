package hostile

import (
	"strings"
	"testing"
)

// app is the list of origins that the service allows.
const app = "https://app.example.com,https://*.apps.example.com"

// TestPagesOfOtherOrigins sends the requests of pages whose origin is not
// allowed, or that ask for more than is allowed.
func TestPagesOfOtherOrigins(t *testing.T) {
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url, "-cors-origins", app, "-cors-headers", "X-Tenant")
	t.Run("strangers", func(t *testing.T) { run(t, p, x, strangers()) })
	t.Run("preflights", func(t *testing.T) { run(t, p, x, preflights()) })
	t.Run("by default in service mode", func(t *testing.T) {
		run(t, start(t, settings{"TEXTER_API_TOKEN=canary"}, "-texter-url", x.url), x, []attack{
			{name: "any origin", send: preflight("https://app.example.com", "POST", "content-type"), status: 204, code: plain, header: allowOrigin},
			{name: "null", send: preflight("null", "POST", "content-type"), status: 204, code: plain, header: allowOrigin},
		})
	})
}

// allowOrigin is the header that allows an origin, without its value.
const allowOrigin = "Access-Control-Allow-Origin: "

func preflight(origin, method, headers string) string {
	return request("OPTIONS /graphql HTTP/1.1", "", "Host: localhost", "Origin: "+origin,
		"Access-Control-Request-Method: "+method, "Access-Control-Request-Headers: "+headers)
}

// strangers are requests of origins that look like allowed ones.
func strangers() (attacks []attack) {
	for _, origin := range []string{
		"https://app.example.com.evil.io", "https://evil.io/https://app.example.com", "https://evil-app.example.com", "https://appXexample.com",
		"https://app.example.com@evil.io", "https://app.example.com:8443", "http://app.example.com", "https://app.example.com/", "https://app.example.com.",
		"https://app.example.com%00.evil.io", "https://app.example.com\t.evil.io", "https://app.example.com https://evil.io", "https://evil.io,https://app.example.com",
		"https://apps.example.com", "https://x.apps.example.com.evil.io", "https://x.apps.example.com:8443", "https://evilapps.example.com", "http://x.apps.example.com",
		"https://evil.io/.apps.example.com", "https://.apps.example.com", "https://evil.io?.apps.example.com", "https://evil.io#.apps.example.com", "https://user@x.apps.example.com",
		`https://evil.io\.apps.example.com`, "https://*.apps.example.com", "null", "NULL", "*", "", "file://", "chrome-extension://app.example.com", "https://аpp.example.com", "//app.example.com", "app.example.com",
	} {
		attacks = append(attacks,
			attack{name: "preflight of " + origin, send: preflight(origin, "POST", "content-type"), status: 204, code: plain, header: allowOrigin},
			attack{name: "request of " + origin, send: postAs("application/json", operation("{ __typename }", nil), caller, "Origin: "+origin), status: 200, header: allowOrigin})
	}
	return attacks
}

// preflights are preflights of an allowed origin. Most ask for more than is
// allowed.
func preflights() []attack {
	const origin = "https://app.example.com"
	return []attack{
		{name: "allowed", send: preflight(origin, "POST", "authorization,content-type"), status: 204, code: plain, header: allowOrigin + origin},
		{name: "allowed by its pattern", send: preflight("https://x.apps.example.com", "POST", "content-type"), status: 204, code: plain, header: allowOrigin + "https://x.apps.example.com"},
		{name: "with Sentry's headers", send: preflight(origin, "POST", "authorization,baggage,content-type,sentry-trace"), status: 204, code: plain, header: allowOrigin + origin},
		{name: "with Datadog's headers", send: preflight(origin, "POST", "authorization,content-type,traceparent,tracestate,x-datadog-origin,x-datadog-parent-id,x-datadog-sampling-priority,x-datadog-trace-id"), status: 204, code: plain, header: allowOrigin + origin},
		{name: "with a header of the settings", send: preflight(origin, "POST", "content-type,x-tenant"), status: 204, code: plain, header: allowOrigin + origin},
		{name: "never with cookies", send: preflight(origin, "POST", "content-type"), status: 204, code: plain, header: "Access-Control-Allow-Credentials: "},
		{name: "nor a request", send: postAs("application/json", operation("{ __typename }", nil), caller, "Origin: "+origin), status: 200, header: "Access-Control-Allow-Credentials: "},
		{name: "another method", send: preflight(origin, "DELETE", "content-type"), status: 204, code: plain, header: allowOrigin},
		{name: "another header", send: preflight(origin, "POST", "x-canary"), status: 204, code: plain, header: allowOrigin},
		{name: "cookies", send: preflight(origin, "POST", "cookie"), status: 204, code: plain, header: allowOrigin},
		{name: "a line break in a method", send: preflight(origin, "POST%0d%0aX-Evil: 1", "content-type"), status: 204, code: plain, header: allowOrigin},
		{name: "20 KB of headers", send: preflight(origin, "POST", longList()), status: 204, code: plain, header: allowOrigin},
		{name: "the private network", send: request("OPTIONS /graphql HTTP/1.1", "", "Host: localhost", "Origin: "+origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Private-Network: true"), status: 204, code: plain, header: "Access-Control-Allow-Private-Network: "},
		{name: "no method", send: request("OPTIONS /graphql HTTP/1.1", "", "Host: localhost", "Origin: "+origin), status: 204, code: plain, header: "Access-Control-Allow-Methods: "},
	}
}

func longList() string { return strings.TrimSuffix(strings.Repeat("x-canary,", 2200), ",") }
