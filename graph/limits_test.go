package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/graph/limits"
)

// execute executes an operation over three chats, and returns the response.
func execute(t *testing.T, o graph.Options, document string, variables map[string]any) (got response[map[string]any]) {
	t.Helper()
	o.Searcher, o.Logger = threeChats{}, slog.New(slog.NewTextHandler(io.Discard, nil))
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	graph.NewHandler(o).ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return got
}

func TestTooComplex(t *testing.T) {
	o := graph.Options{Limits: limits.Limits{Depth: 3, Cost: 100}}
	page := "query($n: Int) { searchChats(first: $n) { nodes { id } } }"
	for limit, test := range map[string]struct {
		document   string
		variables  map[string]any
		value, max int
	}{
		"depth":      {"{ searchChats { nodes { channel { name } } } }", nil, 4, 3},
		"rootFields": {"{" + rootFields(11) + "}", nil, 11, 10},
		"cost":       {page, map[string]any{"n": 50}, 102, 100},
		"tokens":     {"{" + strings.Repeat(" __typename", 1000) + "}", nil, 1001, 1000},
	} {
		t.Run("the error names the limit of "+limit+", its value and the highest value", func(t *testing.T) {
			got := execute(t, o, test.document, test.variables)
			if len(got.Errors) != 1 || got.Data != nil {
				t.Fatalf("got %+v", got)
			}
			e := got.Errors[0]
			want := map[string]any{"name": limit, "value": float64(test.value), "limit": float64(test.max)}
			if e.Extensions["code"] != "QUERY_TOO_COMPLEX" || !reflect.DeepEqual(e.Extensions["exceeded"], want) {
				t.Errorf("got %+v, want %v", e, want)
			}
			if e.Message != fmt.Sprintf("The query is too complex: %s %d, limit %d.", limit, test.value, test.max) {
				t.Errorf("the message is %s", e.Message)
			}
		})
	}
	t.Run("an operation at the limit is executed", func(t *testing.T) {
		if got := execute(t, o, page, map[string]any{"n": 49}); len(got.Errors) > 0 {
			t.Errorf("got %v", got.Errors)
		}
	})
}

// rootFields returns n root fields.
func rootFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: __typename ", i)
	}
	return b.String()
}

func TestCostInExtensions(t *testing.T) {
	o := graph.Options{Limits: limits.Limits{Cost: 100}}
	for _, test := range []struct {
		name, document string
		want           any
	}{
		{"a response has its cost", "{ searchChats(first: 3) { nodes { id } } }", map[string]any{"requested": 8., "limit": 100.}},
		{"an operation that costs too much has its cost", "{ searchChats(first: 60) { nodes { id } } }", map[string]any{"requested": 122., "limit": 100.}},
		{"an operation whose arguments are refused has its cost", "{ searchChats(first: -1) { totalCount } }", map[string]any{"requested": 2., "limit": 100.}},
		{"a document that is not valid has no cost", "{ nothing }", nil},
		{"an operation whose variables are not valid has no cost", "query($n: Int!) { a: __typename }", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := execute(t, o, test.document, nil).Extensions["cost"]; !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestNumberOfErrors(t *testing.T) {
	t.Run("a document that is not valid has at most 10 errors", func(t *testing.T) {
		if got := execute(t, graph.Options{}, "{"+strings.Repeat(" nothing", 11)+"}", nil); len(got.Errors) != 10 {
			t.Errorf("it has %d", len(got.Errors))
		}
	})
}

func TestDisabledIntrospection(t *testing.T) {
	o := graph.Options{DisableIntrospection: true, DisableSuggestions: true}
	t.Run("__schema is an error", func(t *testing.T) {
		if got := execute(t, o, "{ __schema { queryType { name } } }", nil); len(got.Errors) != 1 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("__typename is allowed", func(t *testing.T) {
		if got := execute(t, o, "{ __typename }", nil); got.Data["__typename"] != "Query" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an error suggests no name", func(t *testing.T) {
		if got := execute(t, o, "{ searchChat }", nil); len(got.Errors) != 1 || strings.Contains(got.Errors[0].Message, "Did you mean") {
			t.Errorf("got %+v", got.Errors)
		}
	})
}
