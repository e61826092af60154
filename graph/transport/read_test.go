package transport_test

import (
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

func TestMediaTypes(t *testing.T) {
	body := operation("{ searchChats { totalCount } } # canary")
	for _, good := range []string{"application/json", "application/json; charset=utf-8", `Application/JSON; charset="UTF-8"`, "application/json;profile=x"} {
		t.Run(good+" is read", func(t *testing.T) {
			w, done := serve(newRequest("POST", "/graphql", body, "Content-Type: "+good))
			if assertResponse(t, w, 200, jsonType); done != 1 {
				t.Errorf("%d searches", done)
			}
		})
	}
	for _, bad := range []string{
		"", "text/plain", "application/json; charset=utf-16", "application/json; charset=", "application/graphql", graphQLType,
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=canary", "application/*", "*/*", "application/json, text/plain", "canary",
	} {
		testRefused(t, fmt.Sprintf("Content-Type %q", bad), func() *http.Request { return newRequest("POST", "/graphql", body, "Content-Type: "+bad) }, 415)
	}
	testRefused(t, "two types", func() *http.Request {
		return newRequest("POST", "/graphql", body, "Content-Type: application/json", "Content-Type: canary")
	}, 415)
	testRefused(t, "no type", func() *http.Request { return newRequest("POST", "/graphql", body) }, 415)
	for _, coding := range []string{"gzip", "br", "canary"} {
		testRefused(t, "Content-Encoding "+coding, func() *http.Request { return post(body, "Content-Encoding: "+coding) }, 415)
	}
}

func TestBodySize(t *testing.T) {
	body := operation("{ searchChats { totalCount } }")
	pad := func(size int) string { return body + strings.Repeat(" ", size-len(body)-1) }
	t.Run("128 KiB are read", func(t *testing.T) {
		w, done := serve(post(pad(128<<10) + " "))
		if assertResponse(t, w, 200, jsonType); done != 1 {
			t.Errorf("%d searches", done)
		}
	})
	for name, tail := range map[string]string{"one byte": "  ", "a word": "canary", "6 MB": strings.Repeat("canary", 1<<20)} {
		testRefused(t, name+" more than 128 KiB", func() *http.Request { return post(pad(128<<10) + tail) }, 413)
		testRefused(t, name+" more, in chunks", func() *http.Request {
			r := post(pad(128<<10) + tail)
			r.ContentLength = -1
			return r
		}, 413)
	}
	for size, want := range map[int]int{100: 200, 101: 413} {
		t.Run(fmt.Sprintf("%d bytes of 100 get %d", size, want), func(t *testing.T) {
			w := httptest.NewRecorder()
			transport.HTTP{MaxBodyBytes: 100}.Do(w, post(pad(size)+" "), streams{operation: ast.Query, responses: []*transport.Response{{}}})
			if w.Code != want {
				t.Errorf("status %d", w.Code)
			}
		})
	}
}

// withMembers is the body of a request with so many members.
func withMembers(n int) string {
	body := strings.TrimSuffix(operation("{ __typename }"), "}")
	for i := 1; i < n; i++ {
		body += fmt.Sprintf(`,"x%d":%d`, i, i)
	}
	return body + "}"
}

func TestBodies(t *testing.T) {
	for _, body := range []string{
		"", "canary", "{", `"canary"`, "1", "null", "[]", "{}", `[{"query":"{ __typename }"}]`, `{"query":null}`, `{"query":""}`, `{"canary":1}`,
		`{"query":1}`, `{"query":["canary"]}`, `{"query":"{ __typename }","operationName":1}`, `{"query":"{ __typename }","variables":["canary"]}`,
		`{"query":"{ __typename }","variables":"canary"}`, `{"query":"{ __typename }","variables":1}`, `{"query":"{ __typename }","extensions":["canary"]}`,
		`{"query":"{ __typename }","query":"{ canary }"}`, `{"query":"{ __typename }","\u0071uery":"{ canary }"}`, `{"query":"{ __typename }","x":1,"x":2}`,
		`{"QUERY":"{ __typename }"}`, `{"querieſ":"{ __typename }"}`, `{"query":"{ __typename }" "x":1}`, `{"query"}`, `{1:2}`,
		`{"documentId":"a","doc_id":"canary"}`, `{"doc_id":"canary","documentId":"a"}`, withMembers(33),
		`{"query":"{ __typename }"} canary`, `{"query":"{ __typename }"}{}`, `{"query":"{ __typename }"}]`, `{"query":"{ __typename }",}`,
		"{\"query\":\"{ __typename } # \xff canary\"}", "{\"query\":\"{ __typename }\",\"variables\":{\"\xff\":1}}", "\ufeff" + operation("{ __typename }"),
	} {
		testRefused(t, fmt.Sprintf("%q", body), func() *http.Request { return post(body) }, 400)
	}
	t.Run("a body may have every member and more", func(t *testing.T) {
		w, done := serve(post(`{"query":"query A($n: Int) { searchChats(first: $n) { totalCount } }","operationName":"A","variables":{"n":1},"extensions":{"x":1},"id":9}`))
		if assertResponse(t, w, 200, jsonType); done != 1 {
			t.Errorf("got %s", w.Body)
		}
	})
	t.Run("a body may have 32 members", func(t *testing.T) {
		w, _ := serve(post(withMembers(32)))
		assertResponse(t, w, 200, jsonType)
	})
	t.Run("all members but the query may be null", func(t *testing.T) {
		w, _ := serve(post(`{"query":"{ __typename }","operationName":null,"variables":null,"extensions":null}`))
		if got := string(members(t, w)["data"]); got != `{"__typename":"Query"}` {
			t.Errorf("got %s", got)
		}
	})
}

// cutOff is a body that breaks off at its end.
type cutOff struct{ *strings.Reader }

func (c cutOff) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestBodyThatBreaksOff(t *testing.T) {
	testRefused(t, "a body that breaks off", func() *http.Request {
		r := post("")
		r.Body = io.NopCloser(cutOff{strings.NewReader(operation("{ searchChats { totalCount } }"))})
		return r
	}, 400)
}

func TestQueryStrings(t *testing.T) {
	document := url.QueryEscape("query A($n: Int) { searchChats(first: $n) { totalCount } } query B { __typename }")
	for query, want := range map[string]string{
		"?query={__typename}":                     `{"__typename":"Query"}`,
		"?query=" + document + "&operationName=B": `{"__typename":"Query"}`,
		"?query=" + document + "&operationName=A&variables=" + url.QueryEscape(`{"n":1}`):            `{"searchChats":{"totalCount":3}}`,
		"?query=" + document + "&operationName=A&variables=%7B%7D&extensions=%7B%22x%22:1%7D&more=1": `{"searchChats":{"totalCount":3}}`,
		"?query={__typename}&variables=&extensions=&operationName=":                                  `{"__typename":"Query"}`,
	} {
		t.Run(query+" gets data", func(t *testing.T) {
			w, _ := serve(newRequest("GET", "/graphql"+query, ""))
			if assertResponse(t, w, 200, jsonType); string(members(t, w)["data"]) != want {
				t.Errorf("got %s", w.Body)
			}
		})
	}
	for _, query := range []string{
		"?query={__typename}&query={canary}", "?query={__typename}&variables={}&variables={%22canary%22:1}", "?query={__typename}&operationName=&operationName=canary",
		"?query=" + url.QueryEscape("{ searchChats(filter: {search: \"ab\xff\"}) { totalCount } }"), "", "?", "?query=", "?operationName=canary", "?query=%zz&canary", "?query={__typename};canary=1", "?query={__typename}&variables=canary",
		"?query={__typename}&variables=[%22canary%22]", "?query={__typename}&variables={}canary", "?query={__typename}&variables=1",
		"?query={__typename}&extensions=canary", "?query={__typename}&extensions=%22canary%22",
	} {
		testRefused(t, fmt.Sprintf("%q", query), func() *http.Request { return newRequest("GET", "/graphql"+query, "") }, 400)
	}
	testRefused(t, "a byte that is not UTF-8", func() *http.Request {
		r := newRequest("GET", "/graphql", "")
		r.URL.RawQuery = fmt.Sprintf("query={__typename}&canary=%s", "\xff")
		return r
	}, 400)
}
