package hostile

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// refusedAs is a request for a count with these headers, which gets 401.
func refusedAs(name string, headers ...string) attack {
	return attack{name: name, send: postAs("application/json", operation(count, nil), headers...), status: 401, code: "UNAUTHENTICATED"}
}

// admittedAs is a request for a count with these headers, which is served.
func admittedAs(name string, headers ...string) attack {
	return attack{name: name, send: postAs("application/json", operation(count, nil), headers...), status: 200, asked: counted}
}

// TestBadTexterTokens sends what is not a token where tokens are passed on to
// Texter.
func TestBadTexterTokens(t *testing.T) {
	x := newTexter(t)
	run(t, start(t, nil, "-texter-url", x.url), x, []attack{
		refusedAs("nothing"),
		refusedAs("empty", "Authorization: "),
		refusedAs("only the scheme", "Authorization: Bearer"),
		refusedAs("an empty token", "Authorization: Bearer    "),
		refusedAs("another scheme", "Authorization: Basic Y2FuYXJ5OmNhbmFyeQ=="),
		refusedAs("Digest", `Authorization: Digest username="canary"`),
		refusedAs("the token alone", "Authorization: canary"),
		refusedAs("a colon", "Authorization: Bearer: canary"),
		refusedAs("a tab", "Authorization: Bearer\tcanary"),
		refusedAs("two tokens", "Authorization: Bearer canary canary"),
		refusedAs("two headers", "Authorization: Bearer canary", "Authorization: Bearer canary"),
		refusedAs("two headers, the first one empty", "Authorization: ", "Authorization: Bearer canary"),
		refusedAs("another charset", "Authorization: Bearer can\xe4ry"),
		refusedAs("UTF-8", "Authorization: Bearer קנרית"),
		{name: "DEL", send: postAs("application/json", "{}", "Authorization: Bearer canary\x7f"), status: 400, code: plain, closes: true},
		refusedAs("a cookie", "Cookie: token=canary; Authorization=Bearer canary"),
		refusedAs("a proxy's credentials", "Proxy-Authorization: Bearer canary"),
		refusedAs("a header of its own", "X-Api-Key: canary", "X-Forwarded-User: admin", "X-Authorization: Bearer canary"),
		refusedAs("a proxy's word for this machine", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"),
		{name: "in the query string", send: request("GET /graphql?query=%7BsearchChats%7BtotalCount%7D%7D&access_token=canary&authorization=Bearer%20canary HTTP/1.1", "", "Host: localhost"), status: 401, code: "UNAUTHENTICATED"},
		{name: "in the URL", send: request("GET http://canary:canary@localhost/graphql?query=%7B__typename%7D HTTP/1.1", "", "Host: localhost"), status: 401, code: "UNAUTHENTICATED"},
		{name: "in the body", send: postAs("application/json", `{"query":"{ __typename }","extensions":{"authorization":"Bearer canary"}}`), status: 401, code: "UNAUTHENTICATED"},
		{name: "1 MB", send: postAs("application/json", "{}", "Authorization: Bearer "+strings.Repeat("canary", 170<<10)), status: 431, code: plain, closes: true},
		{name: "NUL", send: postAs("application/json", "{}", "Authorization: Bearer can\x00ary"), status: 400, code: plain, closes: true},
		{name: "a huge body without a token", send: postAs("application/json", strings.Repeat("x", 1<<20)), status: 401, code: "UNAUTHENTICATED", closes: true},
		admittedAs("a JWT of alg none, which is Texter's to judge", "Authorization: Bearer eyJhbGciOiJub25lIn0.e30."),
		admittedAs("20 KB", "Authorization: Bearer "+strings.Repeat("canary", 3400)),
		admittedAs("a scheme in capitals", "Authorization: BEARER canary"),
	})
}

// TestBadAccessKeys sends what is not an access key, and a key with a scope that
// it asks to go beyond.
func TestBadAccessKeys(t *testing.T) {
	const key, pinned = "texter_graphql_canary1", "texter_graphql_canary2"
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(key)))
	file := filepath.Join(t.TempDir(), "keys")
	lines := fmt.Sprintf("inbox sha256:%s\nshop sha256:%x %s\n", hash, sha256.Sum256([]byte(pinned)),
		`{"channel":{"name":"EMAIL","accountId":"1"},"labels":["a","b"],"statuses":["BOT","PENDING"]}`)
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	x := newTexter(t)
	p := start(t, settings{"TEXTER_API_TOKEN=canary-service"}, "-texter-url", x.url, "-access-keys", file)
	bearer := func(token string) string { return "Authorization: Bearer " + token }
	t.Run("keys", func(t *testing.T) {
		run(t, p, x, []attack{
			admittedAs("the key", bearer(key)),
			refusedAs("nothing"),
			refusedAs("the service's token", bearer("canary-service")),
			refusedAs("the hash", bearer(hash)),
			refusedAs("the line", bearer("sha256:"+hash)),
			refusedAs("the name", bearer("inbox")),
			refusedAs("one letter less", bearer(key[:len(key)-1])),
			refusedAs("one letter more", bearer(key+"1")),
			refusedAs("capitals", bearer(strings.ToUpper(key))),
			refusedAs("twice", bearer(key+key)),
			refusedAs("two keys", bearer(key+","+pinned)),
			refusedAs("two headers", bearer(key), bearer(key)),
			refusedAs("as Basic", "Authorization: Basic aW5ib3g6dGV4dGVyX2dyYXBocWxfY2FuYXJ5MQ=="),
			refusedAs("escaped", bearer("texter%5fgraphql%5fcanary1")),
			refusedAs("a pattern", bearer("texter_graphql_*")),
			refusedAs("true", bearer("true")),
			refusedAs("10 KB", bearer(strings.Repeat("canary", 1700))),
		})
	})
	t.Run("scope", func(t *testing.T) { run(t, p, x, widenings(bearer(pinned))) })
}

// widenings are requests that go beyond the scope of their key.
func widenings(credential string) []attack {
	scope := url.Values{"channel[name]": {"email"}, "channel[accountId]": {"1"}, "labels[]": {"a", "b"}, "statuses[]": {"BOT", "PENDING"}, "limit": {"1"}}
	narrowed := func(name, filter string, changes url.Values) attack {
		asked := url.Values{}
		for parameter, values := range scope {
			asked[parameter] = values
		}
		for parameter, values := range changes {
			asked[parameter] = values
		}
		return attack{name: name, send: postAs("application/json", operation("{ searchChats"+filter+" { totalCount } }", nil), credential), status: 200, asked: asked}
	}
	refused := func(name, filter string) attack {
		return attack{name: name, send: postAs("application/json", operation("{ searchChats(filter: {"+filter+"}) { totalCount } }", nil), credential), status: 200, code: "FORBIDDEN"}
	}
	return []attack{
		narrowed("no filter", "", nil),
		narrowed("filter of nothing", "(filter: {})", nil),
		narrowed("filter of nulls", "(filter: {channel: null, labels: null, statuses: null})", nil),
		narrowed("filter of empty lists", "(filter: {labels: [], statuses: []})", nil),
		narrowed("the same account", `(filter: {channel: {name: EMAIL, accountId: "1"}})`, nil),
		narrowed("one label", `(filter: {labels: ["a"]})`, url.Values{"labels[]": {"a"}}),
		narrowed("more labels", `(filter: {labels: ["a", "b", "canary"]})`, nil),
		narrowed("more statuses", "(filter: {statuses: [BOT, RESOLVED, BULK]})", url.Values{"statuses[]": {"BOT"}}),
		narrowed("chats without messages", "(filter: {showNoMessages: true})", url.Values{"showNoMessages": {"true"}}),
		narrowed("parameters in a search", `(filter: {search: "x&labels[]=canary&channel[accountId]=2"})`, url.Values{"search": {"x&labels[]=canary&channel[accountId]=2"}}),
		refused("another account", `channel: {name: EMAIL, accountId: "2"}`),
		refused("another network", `channel: {name: WHATSAPP, accountId: "1"}`),
		refused("an account with a NUL", `channel: {name: EMAIL, accountId: "1\u0000"}`),
		refused("another label", `labels: ["canary"]`),
		refused("a label and another", `labels: ["a", "canary"]`),
		refused("a label in capitals", `labels: ["A"]`),
		refused("a label with a parameter", `labels: ["a&labels[]=canary"]`),
		refused("another status", "statuses: [RESOLVED]"),
	}
}

// TestBadJWTs sends tokens that the issuer did not make, or not for this service.
func TestBadJWTs(t *testing.T) {
	i, x := newIssuer(t), newTexter(t)
	p := start(t, settings{"TEXTER_API_TOKEN=canary-service"}, "-texter-url", x.url, "-jwt-issuer", i.url, "-jwt-jwks-url", i.url, "-jwt-audience", audience)
	bearer := func(token string) string { return "Authorization: Bearer " + token }
	rs, es := map[string]any{"alg": "RS256", "kid": "r"}, map[string]any{"alg": "ES256", "kid": "e"}
	attacks := []attack{
		admittedAs("good, by RSA", bearer(token(rs, i.claims(nil), i.byRSA))),
		admittedAs("good, by EC", bearer(token(es, i.claims(nil), i.byEC))),
		admittedAs("among audiences", bearer(token(es, i.claims(map[string]any{"aud": []string{"canary", audience}}), i.byEC))),
		admittedAs("within the leeway", bearer(token(es, i.claims(map[string]any{"exp": i.claims(nil)["iat"]}), i.byEC))),
		admittedAs("20 KB of claims", bearer(token(es, i.claims(map[string]any{"more": strings.Repeat("canary", 2400)}), i.byEC))),
		refusedAs("nothing"),
		refusedAs("two tokens", bearer(token(rs, i.claims(nil), i.byRSA)), bearer(token(es, i.claims(nil), i.byEC))),
		{name: "1 MB", send: postAs("application/json", "{}", bearer(strings.Repeat("canary", 170<<10))), status: 431, code: plain, closes: true},
	}
	for name, token := range i.bad() {
		attacks = append(attacks, refusedAs(name, bearer(token)))
	}
	run(t, p, x, attacks)
	if asks := i.asks.Load(); asks > 10 {
		t.Errorf("the issuer was asked for its keys %d times, want 10 at most", asks)
	}
}

// TestOtherHosts sends requests for other hosts to a service that serves everybody
// on this machine.
func TestOtherHosts(t *testing.T) {
	x := newTexter(t)
	p := start(t, settings{"TEXTER_API_TOKEN=canary-service"}, "-texter-url", x.url)
	body := operation(count, nil)
	by := func(host string) string {
		return request("POST /graphql HTTP/1.1", body, "Host: "+host, "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body)))
	}
	var attacks []attack
	for _, host := range []string{
		"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example.localhost.", "0.0.0.0", "[::]", "10.0.0.1", "169.254.169.254",
		"localhost,evil.example", "127.1", "2130706433", "0x7f.0.0.1", "[::ffff:10.0.0.1]", "localhost..",
	} {
		attacks = append(attacks, attack{name: host, send: by(host), status: 421, code: "BAD_REQUEST"})
	}
	for _, host := range []string{"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080"} {
		attacks = append(attacks, attack{name: host, send: by(host), status: 200, asked: counted})
	}
	attacks = append(attacks,
		attack{name: "another host in the request line", send: request("POST http://evil.example/graphql HTTP/1.1", body, "Host: localhost", "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body))), status: 421, code: "BAD_REQUEST"},
		attack{name: "another host behind a proxy", send: postAs("application/json", body, "X-Forwarded-Host: evil.example"), status: 200, asked: counted})
	run(t, p, x, attacks)
}
