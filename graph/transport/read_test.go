package transport_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/transport"
)

// members are the entries of a response.
func members(t *testing.T, w *httptest.ResponseRecorder) (all map[string]json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return all
}

// assertNoData fails if the response has data, be it null.
func assertNoData(t *testing.T, name string, w *httptest.ResponseRecorder) {
	t.Helper()
	if _, ok := members(t, w)["data"]; ok {
		t.Errorf("%s: there is data: %s", name, w.Body)
	}
}

// refused sends a request that must get this status, whatever it accepts, and
// no search; nothing of it may be in the answer.
func refused(t *testing.T, name string, newRequest func() *http.Request, status int) {
	t.Helper()
	for _, mediaType := range []string{graphQLType, jsonType} {
		r := newRequest()
		r.Header.Set("Accept", mediaType)
		w, done := serve(r)
		assertAnswer(t, name, w, status, mediaType)
		if got := codes(t, w); len(got) != 1 || got[0] != "BAD_REQUEST" || done != 0 {
			t.Errorf("%s: got %v after %d searches", name, got, done)
		}
		if strings.Contains(w.Body.String(), "canary") {
			t.Errorf("%s: the answer repeats it: %s", name, w.Body)
		}
	}
}

// TestMediaTypes looks at what a body may say of itself.
func TestMediaTypes(t *testing.T) {
	body := operation("{ searchChats { totalCount } } # canary")
	for _, good := range []string{"application/json", "application/json; charset=utf-8", `Application/JSON; charset="UTF-8"`, "application/json;profile=x"} {
		w, done := serve(newRequest("POST", "/graphql", body, "Content-Type: "+good))
		if assertAnswer(t, good, w, 200, jsonType); done != 1 {
			t.Errorf("%s: %d searches", good, done)
		}
	}
	for _, bad := range []string{
		"", "text/plain", "application/json; charset=utf-16", "application/json; charset=", "application/graphql", graphQLType,
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=canary", "application/*", "*/*", "application/json, text/plain", "canary",
	} {
		refused(t, bad, func() *http.Request { return newRequest("POST", "/graphql", body, "Content-Type: "+bad) }, 415)
	}
	refused(t, "two types", func() *http.Request {
		return newRequest("POST", "/graphql", body, "Content-Type: application/json", "Content-Type: canary")
	}, 415)
	refused(t, "no type", func() *http.Request { return newRequest("POST", "/graphql", body) }, 415)
	for _, coding := range []string{"gzip", "br", "canary"} {
		refused(t, coding, func() *http.Request { return post(body, "Content-Encoding: "+coding) }, 415)
	}
}

// TestBodySize has bodies of the largest size and one byte more.
func TestBodySize(t *testing.T) {
	body := operation("{ searchChats { totalCount } }")
	pad := func(size int) string { return body + strings.Repeat(" ", size-len(body)-1) }
	w, done := serve(post(pad(128<<10) + " "))
	if assertAnswer(t, "128 KiB", w, 200, jsonType); done != 1 {
		t.Errorf("128 KiB: %d searches", done)
	}
	for _, tail := range []string{"  ", "canary", strings.Repeat("canary", 1<<20)} {
		refused(t, "more than 128 KiB", func() *http.Request { return post(pad(128<<10) + tail) }, 413)
	}
	for size, want := range map[int]int{100: 200, 101: 413} {
		w := httptest.NewRecorder()
		transport.HTTP{MaxBodyBytes: 100}.Do(w, post(pad(size)+" "), streams{operation: ast.Query, responses: []*transport.Response{{}}})
		if w.Code != want {
			t.Errorf("%d of 100 bytes: status %d", size, w.Code)
		}
	}
}

// TestBodies looks at bodies that are no GraphQL request.
func TestBodies(t *testing.T) {
	for _, body := range []string{
		"", "canary", "{", `"canary"`, "1", "null", "[]", "{}", `[{"query":"{ __typename }"}]`, `{"query":null}`, `{"query":""}`, `{"canary":1}`,
		`{"query":1}`, `{"query":["canary"]}`, `{"query":"{ __typename }","operationName":1}`, `{"query":"{ __typename }","variables":["canary"]}`,
		`{"query":"{ __typename }","variables":"canary"}`, `{"query":"{ __typename }","variables":1}`, `{"query":"{ __typename }","extensions":["canary"]}`,
		`{"query":"{ __typename }","query":"{ canary }"}`, `{"query":"{ __typename }","\u0071uery":"{ canary }"}`, `{"query":"{ __typename }","x":1,"x":2}`,
		`{"QUERY":"{ __typename }"}`, `{"querieſ":"{ __typename }"}`, `{"query":"{ __typename }" "x":1}`, `{"query"}`, `{1:2}`,
		`{"query":"{ __typename }"} canary`, `{"query":"{ __typename }"}{}`, `{"query":"{ __typename }"}]`, `{"query":"{ __typename }",}`,
		"{\"query\":\"{ __typename } # \xff canary\"}", "{\"query\":\"{ __typename }\",\"variables\":{\"\xff\":1}}", "\ufeff" + operation("{ __typename }"),
	} {
		refused(t, body, func() *http.Request { return post(body) }, 400)
	}
	w, done := serve(post(`{"query":"query A($n: Int) { searchChats(first: $n) { totalCount } }","operationName":"A","variables":{"n":1},"extensions":{"x":1},"id":9}`))
	if assertAnswer(t, "every member", w, 200, jsonType); done != 1 {
		t.Errorf("every member: %s", w.Body)
	}
	w, _ = serve(post(`{"query":"{ __typename }","operationName":null,"variables":null,"extensions":null}`))
	if got := string(members(t, w)["data"]); got != `{"__typename":"Query"}` {
		t.Errorf("null members: %s", got)
	}
}

// cutOff breaks off amid a body.
type cutOff struct{ *strings.Reader }

func (c cutOff) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// TestBodyThatBreaksOff has a caller who is gone.
func TestBodyThatBreaksOff(t *testing.T) {
	refused(t, "broken off", func() *http.Request {
		r := post("")
		r.Body = io.NopCloser(cutOff{strings.NewReader(operation("{ searchChats { totalCount } }"))})
		return r
	}, 400)
}

// TestGET reads the parameters of a query string.
func TestGET(t *testing.T) {
	document := url.QueryEscape("query A($n: Int) { searchChats(first: $n) { totalCount } } query B { __typename }")
	for query, want := range map[string]string{
		"?query={__typename}":                     `{"__typename":"Query"}`,
		"?query=" + document + "&operationName=B": `{"__typename":"Query"}`,
		"?query=" + document + "&operationName=A&variables=" + url.QueryEscape(`{"n":1}`):            `{"searchChats":{"totalCount":3}}`,
		"?query=" + document + "&operationName=A&variables=%7B%7D&extensions=%7B%22x%22:1%7D&more=1": `{"searchChats":{"totalCount":3}}`,
		"?query={__typename}&variables=&extensions=&operationName=":                                  `{"__typename":"Query"}`,
	} {
		w, _ := serve(newRequest("GET", "/graphql"+query, ""))
		if assertAnswer(t, query, w, 200, jsonType); string(members(t, w)["data"]) != want {
			t.Errorf("%s: got %s", query, w.Body)
		}
	}
	for _, query := range []string{
		"?query={__typename}&query={canary}", "?query={__typename}&variables={}&variables={%22canary%22:1}", "?query={__typename}&operationName=&operationName=canary",
		"?query=" + url.QueryEscape("{ searchChats(filter: {search: \"ab\xff\"}) { totalCount } }"), "", "?", "?query=", "?operationName=canary", "?query=%zz&canary", "?query={__typename};canary=1", "?query={__typename}&variables=canary",
		"?query={__typename}&variables=[%22canary%22]", "?query={__typename}&variables={}canary", "?query={__typename}&variables=1",
		"?query={__typename}&extensions=canary", "?query={__typename}&extensions=%22canary%22",
	} {
		refused(t, query, func() *http.Request { return newRequest("GET", "/graphql"+query, "") }, 400)
	}
	refused(t, "raw bytes", func() *http.Request {
		r := newRequest("GET", "/graphql", "")
		r.URL.RawQuery = fmt.Sprintf("query={__typename}&canary=%s", "\xff")
		return r
	}, 400)
}
