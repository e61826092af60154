package document

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// BenchmarkPrepare is what a document that is kept takes of each request.
func BenchmarkPrepare(b *testing.B) {
	text, err := os.ReadFile("../testdata/all-fields.graphql")
	if err != nil {
		b.Fatal(err)
	}
	variables := map[string]any{"filter": map[string]any{"statuses": []any{"PENDING"}}, "first": json.Number("30")}
	l := newLoader(Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := l.Prepare(&graphql.RawParams{Query: string(text), Variables: variables}); errs != nil {
			b.Fatal(errs)
		}
	}
}
