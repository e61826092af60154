package graph_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"

	"texter-graphql/graph"
	"texter-graphql/internal/seeds"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// sandboxTransport is a sandbox without a network.
type sandboxTransport struct{ *sandbox.Server }

// RoundTrip implements http.RoundTripper.
func (s sandboxTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result(), nil
}

// newFuzzedHandler returns a handler over the sandbox that uses no network.
func newFuzzedHandler(f *testing.F) http.Handler {
	f.Helper()
	client, err := texter.NewClient(texter.Options{
		BaseURL:   "https://texter.example" + sandbox.BasePath,
		Token:     func(context.Context) (string, error) { return token, nil },
		Transport: sandboxTransport{sandbox.New(sandbox.Options{Chats: 20})},
		Reuse:     true,
	})
	if err != nil {
		f.Fatal(err)
	}
	return graph.NewHandler(graph.Options{Searcher: client, Logger: slog.New(slog.DiscardHandler)})
}

// assertResponse sends a body and returns the response. The response must have data
// or errors, and each error must have a code. No code may say that this service is
// broken, or that Texter refused a search.
func assertResponse(t *testing.T, service http.Handler, body string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	service.ServeHTTP(w, r)
	if w.Code != http.StatusOK && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", w.Code)
	}
	var got response[json.RawMessage]
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if got.Data == nil && len(got.Errors) == 0 {
		t.Errorf("neither data nor errors: %s", w.Body)
	}
	for _, e := range got.Errors {
		switch code, _ := e.Extensions["code"].(string); {
		case code == "", code == "INTERNAL_SERVER_ERROR", strings.HasPrefix(code, "UPSTREAM_"),
			code == "BAD_USER_INPUT" && e.Extensions["argument"] == nil, e.Extensions["requestId"] == nil:
			t.Errorf("got %+v", e)
		}
	}
	return w.Body.String()
}

// FuzzBody sends random bodies.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		"", "{}", "null", `[{"query":"{ __typename }"}]`, `{"query":"{ __typename }"}`, `{"query":"{ __typename }","query":""}`,
		`{"query":"query A($n: Int) { searchChats(first: $n) { totalCount nodes { id } } }","operationName":"A","variables":{"n":1},"extensions":{"x":1}}`,
		`{"query":"query($f: ChatFilter, $p: PageInput) { searchChats(filter: $f, page: $p) { totalCount } }","variables":{"f":{"search":"ab","channel":{"name":"EMAIL","accountId":"1"},"labels":["a"],"statuses":["BOT"],"showNoMessages":true},"p":{"first":1,"skip":1}}}`,
		`{"query":"query($a: String) { searchChats(after: $a) { totalCount } }","variables":{"a":"AQ"}}`, `{"query":"{ __typename }","variables":{"a":1e999,"b":[[]]}}`,
	} {
		f.Add(body)
	}
	seeds.Add[string](f, "testdata/FuzzBody.txt")
	service := newFuzzedHandler(f)
	f.Fuzz(func(t *testing.T, body string) { assertResponse(t, service, body) })
}

// FuzzQuery sends random documents and variables. It also sends them with a canary in
// place of each string. No response may contain a canary.
func FuzzQuery(f *testing.F) {
	allFields, err := os.ReadFile("testdata/all-fields.graphql")
	if err != nil {
		f.Fatal(err)
	}
	for document, variables := range map[string]string{
		string(allFields): `{}`,
		`query($n: Int, $s: String) { searchChats(first: $n, filter: {search: $s}) { totalCount } }`:                               `{"n":1,"s":"ab"}`,
		`query($f: ChatFilter) { searchChats(filter: $f) { nodes { ...A } } } fragment A on Chat { id @skip(if: true) name }`:      `{"f":{"labels":["a"],"statuses":["BOT"]}}`,
		`{ a: searchChats(filter: {search: "ab", channel: {name: EMAIL, accountId: "1"}}, last: 2) { edges { cursor } } }`:         ``,
		`{ searchChats(page: {first: 1, after: "AQ"}, first: "x") { pageInfo { endCursor } } }`:                                    `null`,
		`query A @include(if: true) { __typename __schema { types { name } } } query B($v: [ID!] = ["""x"""]) { __typename }`:      `{"v":[1,"2",null]}`,
		`{ searchChats(filter: {statuses: ["BOT"], search: 5, labels: {a: 1.5}}) { totalCount { x } nope } } subscription { a }`:   `{"a":{"b":["c"]}}`,
		`fragment A on Chat { ...B } fragment B on Chat { ...A } { searchChats { nodes { ...A ... on Chat { id } ... { id } } } }`: `{}`,
	} {
		f.Add(document, variables)
	}
	seeds.Add[string](f, "testdata/FuzzQuery.txt")
	service := newFuzzedHandler(f)
	f.Fuzz(func(t *testing.T, document, variables string) {
		var values any
		_ = json.Unmarshal([]byte(variables), &values) // nil if it is not JSON
		plain := requestBody(t, document, values)
		assertResponse(t, service, plain)
		withCanaries := requestBody(t, replaceStrings(document), replaceStringValues(values))
		if withCanaries == plain {
			return
		}
		if response := assertResponse(t, service, withCanaries); strings.Contains(response, canary) {
			t.Errorf("the response has a canary: %s", response)
		}
	})
}

// requestBody returns the body of a request.
func requestBody(t *testing.T, document string, variables any) string {
	t.Helper()
	if _, ok := variables.(map[string]any); !ok {
		variables = nil
	}
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// replaceStrings replaces each string of a document by the canary.
func replaceStrings(document string) string {
	document = strings.ToValidUTF8(document, "?")
	tokens := lexer.New(&ast.Source{Input: document})
	runes, replaced, end := []rune(document), "", 0
	for {
		token, err := tokens.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return replaced + string(runes[end:])
		}
		if token.Kind == lexer.String || token.Kind == lexer.BlockString {
			replaced += string(runes[end:token.Pos.Start]) + `"` + canary + `"`
			end = token.Pos.End
		}
	}
}

// replaceStringValues replaces each string in a value of JSON by the canary.
func replaceStringValues(value any) any {
	switch v := value.(type) {
	case string:
		return canary
	case []any:
		for i := range v {
			v[i] = replaceStringValues(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = replaceStringValues(v[name])
		}
	}
	return value
}

// TestReplaceStrings: names, comments and other values stay.
func TestReplaceStrings(t *testing.T) {
	got := replaceStrings(`{ e(a: "x\"é", b: """y"z""", c: C) # "w"` + "\n}")
	if want := `{ e(a: "` + canary + `", b: "` + canary + `", c: C) # "w"` + "\n}"; got != want {
		t.Errorf("got %s", got)
	}
}
