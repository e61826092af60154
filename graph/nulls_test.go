package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter/sandbox"
)

// TestNullVariables has variables with a default whose value is null. The value then
// is null (GraphQL, section 6.1.2), even where null is not allowed (5.8.5).
func TestNullVariables(t *testing.T) {
	s, _ := newSandboxService(t, sandbox.Options{Chats: 5})
	definitions := map[string]string{
		"$s": "ChatStatus=BULK", "$i": "ID=1", "$y": "Boolean=true", "$n": "ChannelFilter={name:EMAIL accountId:1}", "$c": "SearchableChannelName=EMAIL", "$t": `String="Chat"`,
	}
	for _, test := range []struct{ name, document, want string }{
		{"an element of a list of enum values", `{searchChats(filter:{statuses:[BOT $s]}){totalCount}}`,
			`{"searchChats":null} [searchChats]`},
		{"an element of a list of ids", `{searchChats(filter:{labels:[$i]}){totalCount} __typename}`,
			`{"searchChats":null,"__typename":"Query"} [searchChats]`},
		{"a field of an input object", `{a:searchChats(filter:{channel:{name:$c accountId:1}}){totalCount}}`,
			`{"a":null} [a]`},
		{"an argument of introspection", `{__type(name:$t){name}}`,
			`{"__type":null} [__type]`},
		{"null is allowed for an input object", `{searchChats(filter:{channel:$n}){totalCount}}`,
			`{"searchChats":{"totalCount":5}}`},
		{"both kinds of places in one document", `{a:searchChats(filter:{search:$t}){totalCount} __type(name:$t){name}}`,
			`{"a":{"totalCount":5},"__type":null} [__type]`},
		{"a condition of a root field", `{searchChats(first:1){totalCount} t:__typename @include(if:$y)}`,
			`null []`},
		{"a condition within a connection", `{searchChats(first:1){t:totalCount totalCount @include(if:$y)}}`,
			`{"searchChats":null} [searchChats]`},
		{"a condition within a list", `{searchChats(first:2){nodes{id @skip(if:$y)}}}`,
			`{"searchChats":null} [searchChats nodes 0]`},
		{"a condition within an empty list", `{searchChats(first:0){nodes{id @skip(if:$y)}}}`,
			`{"searchChats":{"nodes":[]}}`},
		{"a condition within null", `{__type(name:"?"){name @skip(if:$y)}}`,
			`{"__type":null}`},
		{"a condition of a fragment", `{searchChats(first:1){...A @include(if:$y)}} fragment A on ChatConnection{totalCount}`,
			`{"searchChats":null} [searchChats]`},
		{"a condition that is not reached", `{searchChats(first:1){totalCount ...@skip(if:true){nodes @include(if:$y){id}}}}`,
			`{"searchChats":{"totalCount":5}}`},
		{"a condition behind one that holds", `{searchChats(first:1){totalCount nodes @include(if:$y) @skip(if:true){id}}}`,
			`{"searchChats":{"totalCount":5}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var used string
			for variable, definition := range definitions {
				if strings.Contains(test.document, variable) {
					used += variable + ":" + definition + " "
				}
			}
			document := "query(" + used + ")" + test.document
			var r response[json.RawMessage]
			nulls := map[string]any{"s": nil, "i": nil, "y": nil, "n": nil, "c": nil, "t": nil}
			for _, before := range []map[string]any{{"y": false}, {"y": true}} { // the selections that are kept for these must not be used
				s.post(t, document, before)
			}
			body := s.post(t, document, nulls)
			if err := json.Unmarshal(body, &r); err != nil {
				t.Fatal(err)
			}
			got := string(r.Data)
			for _, e := range r.Errors {
				got += fmt.Sprint(" ", e.Path)
				if e.Extensions["code"] != "BAD_USER_INPUT" {
					t.Errorf("got %v", e)
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if s.log.Len() > 0 {
		t.Errorf("the log has %s", s.log)
	}
}

// TestNullsReachNoResolver: a field whose argument is null where null is not allowed
// causes no search.
func TestNullsReachNoResolver(t *testing.T) {
	var searcher recordingSearcher
	server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: &searcher, Logger: slog.New(slog.NewTextHandler(new(bytes.Buffer), nil))}))
	t.Cleanup(server.Close)
	const document = `query($s:ChatStatus=BULK $p:String="ab"){searchChats(filter:{statuses:[$s] search:$p}){totalCount}}`
	for _, test := range []struct {
		name      string
		variables map[string]any
		want      []string
	}{
		{"the default", nil, []string{"limit=1&search=ab&statuses%5B%5D=BULK"}},
		{"a value", map[string]any{"s": "BOT", "p": "cd"}, []string{"limit=1&search=cd&statuses%5B%5D=BOT"}},
		{"null where it is allowed", map[string]any{"p": nil}, []string{"limit=1&statuses%5B%5D=BULK"}},
		{"null where it is not allowed", map[string]any{"s": nil}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			searcher.queries = nil
			service{url: server.URL}.post(t, document, test.variables)
			if !slices.Equal(searcher.queries, test.want) {
				t.Errorf("the queries are %q, want %q", searcher.queries, test.want)
			}
		})
	}
}
