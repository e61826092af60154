package graph

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// onePage answers every search by one page.
type onePage struct{ *texter.SearchPage }

func (p onePage) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return p.SearchPage, nil
}

// BenchmarkKeptPage is what is left of a request where the rows are there
// already, and so is their encoding, network apart.
func BenchmarkKeptPage(b *testing.B) {
	allFields, err := os.ReadFile("testdata/all-fields.graphql")
	if err != nil {
		b.Fatal(err)
	}
	page, err := texter.SearchOptions{}.Decode([]byte(`{"total":1,"data":[{"_id":"1"}]}`))
	if err != nil {
		b.Fatal(err)
	}
	page.Keep()
	handler := NewHandler(Options{Searcher: onePage{page}, Logger: slog.New(slog.DiscardHandler), Observe: func(context.Context, Outcome) {}})
	for _, operation := range []struct {
		name, document string
		variables      any
	}{
		{"chats", string(allFields), map[string]any{"page": map[string]int{"first": 30}, "filter": map[string]any{"statuses": []string{"PENDING", "ASSIGNED"}}}},
		{"counts", "{ searchChats { totalCount } }", nil},
		{"typename", "{ __typename }", nil},
	} {
		request, err := json.Marshal(map[string]any{"query": operation.document, "variables": operation.variables})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(operation.name, func(b *testing.B) {
			body := strings.NewReader(string(request))
			r := httptest.NewRequest(http.MethodPost, "/", body)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			b.ReportAllocs()
			for b.Loop() {
				_, _ = body.Seek(0, io.SeekStart)
				handler.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}
