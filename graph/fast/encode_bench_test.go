package fast

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// BenchmarkCompile makes the plan of all fields.
func BenchmarkCompile(b *testing.B) {
	op, selections := allFields(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := compilePlan(op, selections); !ok {
			b.Fatal("not covered")
		}
	}
}

// BenchmarkAppend writes all fields of a page that is decoded already.
func BenchmarkAppend(b *testing.B) {
	plan, ok := compilePlan(allFields(b))
	if !ok {
		b.Fatal("not covered")
	}
	for _, rows := range []int{30, 1000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			connection := page(b, rows)
			buf := plan.append(nil, connection, whole())
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				buf = plan.append(buf[:0], connection, whole())
			}
		})
	}
}

// BenchmarkSize counts the bytes that BenchmarkAppend writes.
func BenchmarkSize(b *testing.B) {
	plan, ok := compilePlan(allFields(b))
	if !ok {
		b.Fatal("not covered")
	}
	connection := page(b, 1000)
	for b.Loop() {
		sizeFieldsOfChatConnection(plan.fields, connection, whole())
	}
}

// allFields are the selections on the connection, of all fields there are.
func allFields(b *testing.B) (*graphql.OperationContext, ast.SelectionSet) {
	b.Helper()
	text, err := os.ReadFile("../testdata/all-fields.graphql")
	if err != nil {
		b.Fatal(err)
	}
	return parse(b, string(text))
}

// parse parses an operation, and returns the selections on its only root field.
func parse(tb testing.TB, text string) (*graphql.OperationContext, ast.SelectionSet) {
	tb.Helper()
	document, errs := gqlparser.LoadQueryWithRules(schema, text, nil)
	if errs != nil {
		tb.Fatal(errs)
	}
	operation := document.Operations[0]
	return &graphql.OperationContext{Doc: document, Operation: operation}, operation.SelectionSet[0].(*ast.Field).SelectionSet
}

var schema = generated.NewExecutableSchema(generated.Config{}).Schema()

// page is a page of full rows.
func page(b *testing.B, rows int) *relay.Connection {
	b.Helper()
	chat, err := os.ReadFile("../../texter/testdata/chat-object.json")
	if err != nil {
		b.Fatal(err)
	}
	client, err := texter.NewClient(texter.Options{
		BaseURL:   "https://texter.example/api",
		Token:     func(context.Context) (string, error) { return "token", nil },
		Transport: upstream(fmt.Appendf(nil, `{"total":%d,"data":[%s%s]}`, rows, bytes.Repeat(append(slices.Clone(chat), ','), rows-1), chat)),
	})
	if err != nil {
		b.Fatal(err)
	}
	args, err := relay.ParseArguments(&relay.PageInput{First: &rows}, relay.PageInput{})
	if err != nil {
		b.Fatal(err)
	}
	connection, err := relay.Search(b.Context(), client, texter.ChatFilter{}, args, false)
	if err != nil {
		b.Fatal(err)
	}
	return connection
}

// upstream answers every request with the same body.
type upstream []byte

func (u upstream) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(u)), ContentLength: int64(len(u))}, nil
}
