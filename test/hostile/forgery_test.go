package hostile

import (
	"net/url"
	"testing"
)

// TestRequestsForgedByPages sends the requests that a page of another site can
// make without its user's knowledge, to a service that serves everybody on this
// machine.
func TestRequestsForgedByPages(t *testing.T) {
	x := newTexter(t)
	p := start(t, settings{"TEXTER_API_TOKEN=canary-service"}, "-texter-url", x.url, "-cors-origins", app)
	run(t, p, x, forgeries())
}

func forgeries() []attack {
	body := operation(count, nil)
	get := func(headers ...string) string {
		return request("GET /graphql?query="+url.QueryEscape(count)+" HTTP/1.1", "", append([]string{"Host: localhost"}, headers...)...)
	}
	refused := func(name string, headers ...string) attack {
		return attack{name: name, send: get(headers...), status: 400, code: "BAD_REQUEST"}
	}
	posted := func(name, mediaType string, headers ...string) attack {
		return attack{name: name, send: postAs(mediaType, body, headers...), status: 415, code: "BAD_REQUEST"}
	}
	const crossSite, evil = "Sec-Fetch-Site: cross-site", "Origin: https://evil.example"
	return []attack{
		refused("an image", crossSite, "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"),
		refused("a script", crossSite, "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"),
		refused("a frame", crossSite, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"),
		refused("a link", crossSite, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-User: ?1"),
		refused("fetch", crossSite, "Sec-Fetch-Mode: cors", evil),
		refused("fetch of a neighbour", "Sec-Fetch-Site: same-site", "Origin: http://localhost:3000"),
		refused("an unknown relation", "Sec-Fetch-Site: canary"),
		refused("an old browser", evil),
		refused("an old browser, null", "Origin: null"),
		refused("an old browser, of another port", "Origin: http://localhost:3000"),
		refused("an old browser, of a longer name", "Origin: http://localhost.evil.example"),
		refused("Basic credentials", crossSite, "Authorization: Basic Y2FuYXJ5OmNhbmFyeQ=="),
		refused("cookies", crossSite, "Cookie: session=canary"),
		refused("text for a media type", crossSite, "Content-Type: text/plain"),
		refused("text with parameters", crossSite, "Content-Type: text/plain; x=application/json"),
		refused("a form for a media type", crossSite, "Content-Type: application/x-www-form-urlencoded"),
		refused("a media type that is none", crossSite, "Content-Type: application/json; charset=\""),
		refused("an empty Apollo-Require-Preflight", crossSite, "Apollo-Require-Preflight: "),
		posted("a form of text", "text/plain", crossSite, evil),
		posted("a form", "application/x-www-form-urlencoded", crossSite, evil),
		posted("a form with files", "multipart/form-data; boundary=x", crossSite, evil),
		posted("sendBeacon of nothing", "", crossSite, evil),
		{name: "sendBeacon of JSON", send: postAs("text/plain;charset=UTF-8", body, crossSite, evil, "Apollo-Require-Preflight: 1"), status: 415, code: "BAD_REQUEST"},
		refused("fetch of an origin like a listed one", crossSite, "Origin: https://app.example.com.evil.example"),
		refused("an image on a listed page", crossSite, "Referer: https://app.example.com/"),
		{name: "fetch of a listed origin", send: get(crossSite, "Sec-Fetch-Mode: cors", "Origin: https://app.example.com"), status: 200, asked: counted},
		{name: "the page itself", send: get("Sec-Fetch-Site: same-origin"), status: 200, asked: counted},
		{name: "a program", send: get(), status: 200, asked: counted},
		{name: "a mutation", send: request("GET /graphql?query=mutation%7BsearchChats%7BtotalCount%7D%7D HTTP/1.1", "", "Host: localhost"), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
	}
}
