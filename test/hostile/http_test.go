package hostile

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestBrokenHTTP sends what is not GraphQL over HTTP, or is it only just.
func TestBrokenHTTP(t *testing.T) {
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url)
	for group, attacks := range map[string][]attack{
		"framing": framings(), "headers": headers(), "bodies": bodies(), "media types": mediaTypes(), "GET": queryStrings(), "methods": methods(), "paths": paths(),
	} {
		t.Run(group, func(t *testing.T) { run(t, p, x, attacks) })
	}
	t.Run("hidden requests to other paths", func(t *testing.T) {
		run(t, p, x, hidden("/graphql", "/", "/healthz", "/readyz", "/schema.graphqls", "/nowhere"))
	})
	metrics := *p
	metrics.addr = p.Addr("Metrics")
	t.Run("hidden requests to the metrics", func(t *testing.T) { run(t, &metrics, x, hidden("/metrics", "/nowhere")) })
}

// hidden are requests of every method that hide another one from a proxy that
// believes the Content-Length.
func hidden(paths ...string) (attacks []attack) {
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE"} {
			attacks = append(attacks, attack{
				name: method + " " + path, closes: true, status: anyStatus, code: anyCode,
				send: request(method+" "+path+" HTTP/1.1", "0\r\n\r\n"+second, "Host: localhost", "Content-Type: application/json", caller, "Content-Length: 5", "Transfer-Encoding: chunked"),
			})
		}
	}
	return attacks
}

// second is a request that is hidden in the body of another.
const second = "GET /graphql?query=%7BsearchChats%7BtotalCount%7D%7D HTTP/1.1\r\nHost: localhost\r\n" + caller + "\r\n\r\n"

// framings are requests whose end is in doubt (RFC 9112, section 11.2).
func framings() []attack {
	body := operation(count, nil)
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(body), body)
	length := fmt.Sprint("Content-Length: ", len(body))
	framed := func(body string, headers ...string) string {
		return request("POST /graphql HTTP/1.1", body, append([]string{"Host: localhost", "Content-Type: application/json", caller}, headers...)...)
	}
	const chunked = "Transfer-Encoding: chunked"
	return []attack{
		{name: "Content-Length and chunks", send: framed(chunk+"0\r\n\r\n"+second, length, chunked), status: 200, asked: counted, closes: true},
		{name: "chunks and Content-Length", send: framed(chunk+"0\r\n\r\n"+second, chunked, "Content-Length: 4"), status: 200, asked: counted, closes: true},
		{name: "two lengths", send: framed(body+second, length, "Content-Length: 5"), status: 400, code: plain, closes: true},
		{name: "two lengths in one", send: framed(body, length+", 5"), status: 400, code: plain, closes: true},
		{name: "negative length", send: framed(body, "Content-Length: -1"), status: 400, code: plain, closes: true},
		{name: "length with a sign", send: framed(body, fmt.Sprint("Content-Length: +", len(body))), status: 400, code: plain, closes: true},
		{name: "length in hex", send: framed(body, "Content-Length: 0x10"), status: 400, code: plain, closes: true},
		{name: "length beyond 64 bits", send: framed(body, "Content-Length: 99999999999999999999"), status: 400, code: plain, closes: true},
		{name: "length of a terabyte", send: framed(body, "Content-Length: 1099511627776"), status: 413, code: "BAD_REQUEST", closes: true},
		{name: "identity", send: framed(body+second, "Transfer-Encoding: identity"), status: 501, code: plain, closes: true},
		{name: "gzip, chunked", send: framed(chunk+"0\r\n\r\n", "Transfer-Encoding: gzip, chunked"), status: 501, code: plain, closes: true},
		{name: "chunked twice", send: framed(chunk+"0\r\n\r\n", chunked, chunked), status: 501, code: plain, closes: true},
		{name: "xchunked", send: framed(chunk+"0\r\n\r\n", "Transfer-Encoding: xchunked"), status: 501, code: plain, closes: true},
		{name: "chunked after a vertical tab", send: framed(chunk+"0\r\n\r\n", "Transfer-Encoding: \vchunked"), status: 400, code: plain, closes: true},
		{name: "space before the colon", send: framed(chunk+"0\r\n\r\n", "Transfer-Encoding : chunked"), status: 400, code: plain, closes: true},
		{name: "bad chunk size", send: framed("zz\r\n"+body, chunked), status: 400, code: "BAD_REQUEST", closes: true},
		{name: "negative chunk size", send: framed("-1\r\n"+body, chunked), status: 400, code: "BAD_REQUEST", closes: true},
		{name: "endless chunk size", send: framed(strings.Repeat("0", 1<<20)+body, chunked), status: 400, code: "BAD_REQUEST", closes: true},
		{name: "endless chunk extension", send: framed("1;"+strings.Repeat("x", 1<<20)+"\r\n{\r\n", chunked), status: 400, code: "BAD_REQUEST", closes: true},
		{name: "chunk without its end", send: framed(fmt.Sprintf("%x\r\n%sxx0\r\n\r\n", len(body), body), chunked), status: 400, code: "BAD_REQUEST", closes: true},
		{name: "chunks of one byte beyond the limit", send: framed(strings.Repeat("1\r\n \r\n", 200<<10)+"0\r\n\r\n", chunked), status: 413, code: "BAD_REQUEST", closes: true},
		{name: "chunks that are cut", send: framed(chunk, chunked), cut: true, status: 400, code: "BAD_REQUEST", closes: true},
		{name: "token in a trailer", send: request("POST /graphql HTTP/1.1", chunk+"0\r\nAuthorization: Bearer canary\r\n\r\n", "Host: localhost", "Content-Type: application/json", chunked, "Trailer: Authorization"), status: 401, code: "UNAUTHENTICATED", closes: true},
		{name: "body that is cut", send: framed(body[:10], length), cut: true, status: 400, code: "BAD_REQUEST", closes: true},
		{name: "body that is missing", send: framed("", length), cut: true, status: 400, code: "BAD_REQUEST", closes: true},
		{name: "body without a length", send: framed(body), status: 400, code: "BAD_REQUEST"},
		{name: "chunks of HTTP/1.0", send: strings.Replace(framed(chunk+"0\r\n\r\n", chunked), "HTTP/1.1", "HTTP/1.0", 1), status: 400, code: "BAD_REQUEST", closes: true},
	}
}

// headers are requests with headers that no HTTP client sends.
func headers() []attack {
	body := operation(count, nil)
	with := func(headers ...string) string { return postAs("application/json", body, append(headers, caller)...) }
	return []attack{
		{name: "two Hosts", send: with("Host: evil.example"), status: 400, code: plain, closes: true},
		{name: "no Host", send: request("POST /graphql HTTP/1.1", body, caller), status: 400, code: plain, closes: true},
		{name: "Host with a path", send: request("GET /graphql HTTP/1.1", "", "Host: localhost/canary", caller), status: 400, code: plain, closes: true},
		{name: "Host with a user", send: request("GET /graphql HTTP/1.1", "", "Host: localhost@evil.example", caller), status: 400, code: plain, closes: true},
		{name: "folded line", send: with("X-A: 1\r\n canary"), status: 200, asked: counted},
		{name: "line folded into Authorization", send: postAs("application/json", body, "Authorization: Bearer canary\r\n\tcanary"), status: 401, code: "UNAUTHENTICATED"},
		{name: "NUL in a value", send: with("X-A: 1\x00canary"), status: 400, code: plain, closes: true},
		{name: "NUL in a name", send: with("X\x00A: canary"), status: 400, code: plain, closes: true},
		{name: "bare CR in a value", send: with("X-A: 1\rX-B: canary"), status: 400, code: plain, closes: true},
		{name: "space in a name", send: with("X A: canary"), status: 400, code: plain, closes: true},
		{name: "no name", send: with(": canary"), status: 400, code: plain, closes: true},
		{name: "no colon", send: with("canary"), status: 400, code: plain, closes: true},
		{name: "1 MB in one header", send: with("X-A: " + strings.Repeat("canary", 170<<10)), status: 431, code: plain, closes: true},
		{name: "10,000 headers", send: with(strings.Repeat("X-A: canary\r\n", 10_000) + "X-B: 1"), status: 431, code: plain, closes: true},
		{name: "1 MB of request line", send: "GET /graphql?query=" + strings.Repeat("canary", 170<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", status: 431, code: plain, closes: true},
		{name: "Expect of something else", send: with("Expect: canary"), status: 417, code: plain, closes: true},
		{name: "two media types", send: with("Content-Type: text/plain"), status: 415, code: "BAD_REQUEST"},
		{name: "the same media type twice", send: with("Content-Type: application/json"), status: 415, code: "BAD_REQUEST"},
		{name: "two Accepts, neither", send: with("Accept: text/html", "Accept: image/png"), status: 406, code: "BAD_REQUEST"},
		{name: "30 KB of Accept", send: with("Accept: " + strings.Repeat("a/canary;q=0.1,", 2000) + "application/json"), status: 200, asked: counted},
		{name: "Accept with q of NaN", send: with("Accept: application/json;q=NaN"), status: 200, asked: counted},
		{name: "Accept with q below zero", send: with("Accept: application/json;q=-1"), status: 406, code: "BAD_REQUEST"},
		{name: "method override", send: with("X-HTTP-Method-Override: DELETE", "X-Method: PUT"), status: 200, asked: counted},
		{name: "hop-by-hop Authorization", send: with("Connection: Authorization"), status: 200, asked: counted},
		{name: "upgrade to h2c", send: with("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), status: 200, asked: counted},
		{name: "upgrade to WebSocket", send: get("query="+url.QueryEscape(count), "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), status: 101, code: plain},
		{name: "request id with a line break", send: with("X-Request-Id: canary%0d%0aX-Evil: 1"), status: 200, asked: counted, header: "X-Evil: "},
		{name: "request id of 1 KB", send: with("X-Request-Id: " + strings.Repeat("canary", 170)), status: 200, asked: counted},
		{name: "request id in another charset", send: with("X-Request-Id: canary\xe9\xff"), status: 200, asked: counted},
		{name: "request id with HTML", send: with("X-Request-Id: <b>canary</b>"), status: 200, asked: counted},
	}
}

// bodies are bodies of JSON that are not GraphQL requests.
func bodies() []attack {
	refused := func(name, body string) attack {
		return attack{name: name, send: post(body), status: 400, code: "BAD_REQUEST"}
	}
	return []attack{
		refused("empty", ""),
		refused("12,000 members", `{"query":"{ __typename }"`+repeated(12_000, `,"%":1`)+"}"),
		refused("33 members", `{"query":"{ __typename }"`+repeated(32, `,"%":1`)+"}"),
		{name: "32 members", send: post(`{"query":"{ __typename }"` + repeated(31, `,"%":1`) + "}"), status: 200},
		refused("only a brace", "{"),
		refused("an array", "[]"),
		refused("a batch", `[{"query":"{ __typename }"},{"query":"{ __typename }"}]`),
		refused("a string", `"canary"`),
		refused("null", "null"),
		refused("no query", `{"variables":{}}`),
		refused("a null query", `{"query":null}`),
		refused("an object for a query", `{"query":{"canary":1}}`),
		refused("a number for an operationName", `{"query":"{ __typename }","operationName":1}`),
		refused("a string for variables", `{"query":"{ __typename }","variables":"{}"}`),
		refused("an array for variables", `{"query":"{ __typename }","variables":[]}`),
		refused("an array for extensions", `{"query":"{ __typename }","extensions":[]}`),
		refused("query twice", `{"query":"{ __typename }","query":"{ searchChats { totalCount } }"}`),
		refused("variables twice", `{"query":"{ __typename }","variables":{},"variables":{"canary":1}}`),
		refused("operationName twice", `{"query":"query A { __typename }","operationName":"A","operationName":"B"}`),
		refused("query twice, escaped", `{"query":"{ __typename }","\u0071uery":"{ searchChats { totalCount } }"}`),
		refused("query in capitals", `{"QUERY":"{ __typename }"}`),
		refused("query with a long s", `{"querieſ":"{ __typename }"}`),
		refused("two texts", `{"query":"{ __typename }"}{"query":"{ __typename }"}`),
		refused("text behind", `{"query":"{ __typename }"}canary`),
		refused("NUL behind", "{\"query\":\"{ __typename }\"}\x00"),
		refused("NUL in a string", "{\"query\":\"{ __typename }\x00\"}"),
		refused("a comment", `{/* canary */"query":"{ __typename }"}`),
		refused("single quotes", `{'query':'{ __typename }'}`),
		refused("a trailing comma", `{"query":"{ __typename }",}`),
		refused("a byte order mark", "\ufeff"+operation(count, nil)),
		refused("UTF-16", "{\x00\"\x00q\x00u\x00e\x00r\x00y\x00\"\x00"),
		refused("Latin-1", "{\"query\":\"{ searchChats(filter: {search: \\\"caf\xe9\\\"}) { totalCount } }\"}"),
		refused("overlong UTF-8", "{\"query\":\"{ __typename } # \xc0\xaf\"}"),
		refused("surrogates in UTF-8", "{\"query\":\"{ __typename } # \xed\xa0\x80\"}"),
		refused("gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03canary"),
		refused("10,000 arrays deep", `{"query":"{ __typename }","variables":{"a":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+`}}`),
		refused("60,000 arrays deep, open", `{"variables":{"a":`+strings.Repeat("[", 60_000)),
		refused("form data", "query=%7B__typename%7D"),
		refused("prototype", `{"__proto__":{"query":"{ __typename }"}}`),
		{name: "129 KiB", send: post(operation(count+strings.Repeat(" ", 129<<10), nil)), status: 413, code: "BAD_REQUEST"},
		{name: "10 MB", send: post(strings.Repeat("canary ", 10<<17)), status: 413, code: "BAD_REQUEST", closes: true},
		{name: "100,000 variables nobody asked for", send: post(`{"query":"` + count + `","variables":{` + strings.TrimSuffix(strings.Repeat(`"canary":1,`, 10_000), ",") + `}}`), status: 200, asked: counted},
		{name: "a number of 100,000 digits", send: post(`{"query":"query($n: Int) { searchChats(first: $n) { totalCount } }","variables":{"n":` + strings.Repeat("9", 100_000) + `}}`), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "a number of a huge exponent", send: post(`{"query":"query($n: Int) { searchChats(first: $n) { totalCount } }","variables":{"n":1e999999999}}`), status: 200, code: "GRAPHQL_VALIDATION_FAILED"},
	}
}

// mediaTypes are bodies of a media type that is not JSON. A page of any origin may
// send some of them without a preflight.
func mediaTypes() (attacks []attack) {
	for _, mediaType := range []string{
		"text/plain", "text/plain; application/json", "text/plain;charset=application/json", "application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x", "", "application/json, text/plain", "application/json; charset=utf-16", "application/json; charset=iso-8859-1",
		"application/json; charset=utf-7", "application/json; charset=\"utf-8", "application/graphql", "application/csp-report", "*/*",
		"application/jsonp",
	} {
		attacks = append(attacks, attack{name: fmt.Sprintf("%q", mediaType), send: postAs(mediaType, operation(count, nil), caller), status: 415, code: "BAD_REQUEST"})
	}
	return append(attacks,
		attack{name: "multipart upload", send: postAs("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n"+operation(count, nil)+"\r\n--x--\r\n", caller), status: 415, code: "BAD_REQUEST"},
		attack{name: "compressed", send: postAs("application/json", "\x1f\x8bcanary", caller, "Content-Encoding: gzip"), status: 415, code: "BAD_REQUEST"},
	)
}

// queryStrings are GET requests.
func queryStrings() []attack {
	document := "query=" + url.QueryEscape(count)
	refused := func(name, query string) attack {
		return attack{name: name, send: get(query), status: 400, code: "BAD_REQUEST"}
	}
	return []attack{
		refused("no query", ""),
		refused("empty query", "query="),
		refused("query twice", "query=%7B__typename%7D&"+document),
		refused("operationName twice", document+"&operationName=A&operationName=B"),
		refused("variables twice", document+"&variables=%7B%7D&variables=%7B%22canary%22:1%7D"),
		refused("a broken escape", "query=%7B__typename%zz"),
		refused("a cut escape", document+"%2"),
		refused("a semicolon", document+";variables=canary"),
		refused("Latin-1", "query=%7B__typename%7D%23%e9"),
		refused("overlong UTF-8", "query=%7B__typename%7D%23%c0%af"),
		refused("an array for variables", document+"&variables=%5B%5D"),
		refused("text for variables", document+"&variables=canary"),
		refused("two texts for variables", document+"&variables=%7B%7D%7B%7D"),
		{name: "NUL", send: get("query=%7B__typename%7D%00"), status: 200, code: "GRAPHQL_PARSE_FAILED"},
		{name: "query of another case", send: get("Query=" + url.QueryEscape(count)), status: 400, code: "BAD_REQUEST"},
		{name: "20 KB", send: get(document + "%20%23" + strings.Repeat("canary", 3000)), status: 200, asked: counted},
	}
}

func methods() (attacks []attack) {
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "canary", "GETS", "post"} {
		body := operation(count, nil)
		attacks = append(attacks, attack{
			name: method, send: strings.Replace(post(body), "POST", method, 1), status: 405, code: "BAD_REQUEST", header: "Allow: GET, POST, OPTIONS",
		})
	}
	return append(attacks,
		attack{name: "HEAD", send: strings.Replace(get("query="+url.QueryEscape(count)), "GET", "HEAD", 1), status: 405, code: plain, header: "Allow: GET, POST, OPTIONS"},
		attack{name: "CONNECT", send: "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", status: 404, code: plain},
		attack{name: "no method", send: " /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n", status: 400, code: plain, closes: true},
		attack{name: "HTTP/0.9", send: "GET /graphql\r\n\r\n", status: 400, code: plain, closes: true},
		attack{name: "HTTP/2 without TLS", send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 400, code: plain, closes: true},
		attack{name: "HTTP/3.0", send: "GET /graphql HTTP/3.0\r\nHost: localhost\r\n\r\n", status: 505, code: plain, closes: true},
		attack{name: "TLS", send: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", status: 400, code: plain, closes: true},
		attack{name: "only line breaks", send: "\r\n\r\n\r\n\r\n", cut: true, status: 400, code: plain, closes: true},
		attack{name: "SSH", send: "SSH-2.0-OpenSSH_9.6\r\n\r\n", status: 400, code: plain, closes: true},
		attack{name: "NUL bytes", send: strings.Repeat("\x00", 4096) + "\r\n\r\n", status: 400, code: plain, closes: true},
	)
}

// paths are requests for what the service does not serve.
func paths() (attacks []attack) {
	for path, status := range map[string]int{
		"/../../etc/passwd": 307, "/..%2f..%2fetc%2fpasswd": 404, "/%2e%2e/%2e%2e/etc/passwd": 404, "/assets/../../server.go": 307,
		"//evil.example/%2f..": 307, "/graphql/../debug/pprof": 307, "/%00": 404, "/graphql%00": 404, "/graphql/": 404, "/GRAPHQL": 404,
		"/debug/pprof/": 404, "/debug/vars": 404, "/metrics": 404, "/.git/config": 404, "/.env": 404, "/server/api/v2/chats/search": 404,
		"/graphql%0d%0aX-Evil:%201": 404, `/\evil.example`: 404, "/index.html%00.js": 404, "/" + strings.Repeat("a/", 5000): 404,
	} {
		name := path[:min(len(path), 40)]
		attacks = append(attacks, attack{name: name, send: request("GET "+path+" HTTP/1.1", "", "Host: localhost"), status: status, code: plain, header: "X-Evil: "})
	}
	return append(attacks,
		attack{name: "a space in the path", send: request("GET /gra phql HTTP/1.1", "", "Host: localhost"), status: 400, code: plain, closes: true},
		attack{name: "asterisk", send: request("OPTIONS * HTTP/1.1", "", "Host: localhost"), status: 200, code: plain},
	)
}
