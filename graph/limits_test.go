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

// ask sends an operation to a handler and returns its answer.
func ask(t *testing.T, o graph.Options, document string, variables map[string]any) (answer response[map[string]any]) {
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
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return answer
}

// TestTooComplex says what is too much, how much it is, and how much may be.
func TestTooComplex(t *testing.T) {
	o := graph.Options{Limits: limits.Limits{Depth: 3, Cost: 100}}
	page := "query($n: Int) { searchChats(first: $n) { nodes { id } } }"
	for name, test := range map[string]struct {
		document     string
		variables    map[string]any
		value, limit int
	}{
		"depth":      {"{ searchChats { nodes { channel { name } } } }", nil, 4, 3},
		"rootFields": {"{" + rootFields(11) + "}", nil, 11, 10},
		"cost":       {page, map[string]any{"n": 50}, 102, 100},
		"tokens":     {"{" + strings.Repeat(" __typename", 1000) + "}", nil, 1001, 1000},
	} {
		answer := ask(t, o, test.document, test.variables)
		if len(answer.Errors) != 1 {
			t.Fatalf("%s: got %v", name, answer.Errors)
		}
		e := answer.Errors[0]
		want := map[string]any{"name": name, "value": float64(test.value), "limit": float64(test.limit)}
		if e.Extensions["code"] != "QUERY_TOO_COMPLEX" || !reflect.DeepEqual(e.Extensions["exceeded"], want) ||
			e.Message != fmt.Sprintf("The query is too complex: %s %d, limit %d.", name, test.value, test.limit) || answer.Data != nil {
			t.Errorf("%s: got %+v, want %v", name, e, want)
		}
	}
	if answer := ask(t, o, page, map[string]any{"n": 49}); len(answer.Errors) > 0 {
		t.Errorf("at the limit: %v", answer.Errors)
	}
}

func rootFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: __typename ", i)
	}
	return b.String()
}

// TestCostIsTold with the answer, be it an error.
func TestCostIsTold(t *testing.T) {
	o := graph.Options{Limits: limits.Limits{Cost: 100}}
	for document, want := range map[string]any{
		"{ searchChats(first: 3) { nodes { id } } }":  map[string]any{"requested": 8., "limit": 100.},
		"{ searchChats(first: 60) { nodes { id } } }": map[string]any{"requested": 122., "limit": 100.},
		"{ searchChats(first: -1) { totalCount } }":   map[string]any{"requested": 2., "limit": 100.},
		"{ nothing }":                       nil,
		"query($n: Int!) { a: __typename }": nil,
	} {
		if got := ask(t, o, document, nil).Extensions["cost"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: cost %v, want %v", document, got, want)
		}
	}
}

// TestAtMostTenErrors are in an answer.
func TestAtMostTenErrors(t *testing.T) {
	if answer := ask(t, graph.Options{}, "{"+strings.Repeat(" nothing", 11)+"}", nil); len(answer.Errors) != 10 {
		t.Errorf("%d errors", len(answer.Errors))
	}
}

// TestNoIntrospection leaves __typename.
func TestNoIntrospection(t *testing.T) {
	o := graph.Options{DisableIntrospection: true, DisableSuggestions: true}
	if answer := ask(t, o, "{ __schema { queryType { name } } }", nil); len(answer.Errors) != 1 {
		t.Errorf("got %+v", answer)
	}
	if answer := ask(t, o, "{ __typename }", nil); answer.Data["__typename"] != "Query" {
		t.Errorf("got %+v", answer)
	}
	if answer := ask(t, o, "{ searchChat }", nil); strings.Contains(answer.Errors[0].Message, "Did you mean") {
		t.Errorf("got %+v", answer.Errors)
	}
}
