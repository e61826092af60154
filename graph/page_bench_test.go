package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// BenchmarkPage measures a page with all fields, without the network, in both lanes.
func BenchmarkPage(b *testing.B) {
	document, err := os.ReadFile("testdata/all-fields.graphql")
	if err != nil {
		b.Fatal(err)
	}
	chat, err := os.ReadFile("../texter/testdata/chat-object.json")
	if err != nil {
		b.Fatal(err)
	}
	var row bytes.Buffer
	if err := json.Compact(&row, chat); err != nil {
		b.Fatal(err)
	}
	for _, rows := range []int{30, 1000} {
		lanes := newBothLanes(b)
		lanes.body = fmt.Appendf(nil, `{"total":%d,"data":[%s]}`, rows, strings.Join(slices.Repeat([]string{row.String()}, rows), ","))
		request, err := json.Marshal(map[string]any{"query": string(document), "variables": map[string]any{"page": map[string]any{"first": rows}}})
		if err != nil {
			b.Fatal(err)
		}
		for i, name := range []string{"encoder", "executor"} {
			b.Run(fmt.Sprintf("rows=%d/%s", rows, name), func(b *testing.B) {
				b.SetBytes(int64(len(lanes.body)))
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(request))
					r.Header.Set("Content-Type", "application/json")
					lanes.handlers[i].ServeHTTP(discard{http.Header{}}, r)
				}
			})
		}
	}
}

// onePage is a Searcher that returns the same page for every search.
type onePage struct{ *texter.SearchPage }

func (p onePage) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return p.SearchPage, nil
}

// BenchmarkKeptPage measures a request without the network, whose page and encoding
// are kept.
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

// discard is an http.ResponseWriter that discards the response.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return len(b), nil }
