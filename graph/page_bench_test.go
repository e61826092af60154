package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

// BenchmarkPage answers a page of all fields, network apart, by package encode
// and by gqlgen's executor.
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
		w := newTwins(b)
		w.body = fmt.Appendf(nil, `{"total":%d,"data":[%s]}`, rows, strings.Join(slices.Repeat([]string{row.String()}, rows), ","))
		request, err := json.Marshal(map[string]any{"query": string(document), "variables": map[string]any{"page": map[string]any{"first": rows}}})
		if err != nil {
			b.Fatal(err)
		}
		for i, name := range []string{"encoder", "executor"} {
			b.Run(fmt.Sprintf("rows=%d/%s", rows, name), func(b *testing.B) {
				b.SetBytes(int64(len(w.body)))
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(request))
					r.Header.Set("Content-Type", "application/json")
					w.handlers[i].ServeHTTP(discard{http.Header{}}, r)
				}
			})
		}
	}
}

// discard is a client that reads and forgets.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return len(b), nil }
