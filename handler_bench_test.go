package main

import (
	"bytes"
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
	"time"

	"github.com/klauspost/compress/gzhttp"

	"texter-graphql/auth"
	"texter-graphql/cache"
	"texter-graphql/config"
	"texter-graphql/graph"
	"texter-graphql/graph/limits"
	"texter-graphql/health"
	"texter-graphql/observe"
	"texter-graphql/texter"
	"texter-graphql/upstream"
)

// BenchmarkColdPage is what the service itself costs at a page that each request
// asks Texter for, the network on both sides apart.
func BenchmarkColdPage(b *testing.B) {
	for name, level := range map[string]slog.Level{"unobserved": slog.LevelError, "logged": slog.LevelInfo} {
		for _, rows := range []int{0, 30} {
			b.Run(fmt.Sprintf("%s/rows=%d", name, rows), func(b *testing.B) {
				handler := newColdHandler(b, level, rows)
				body := strings.NewReader(`{"query":"query Inbox($filter: ChatFilter, $page: PageInput) { searchChats(filter: $filter, page: $page) { totalCount pageInfo { hasPreviousPage hasNextPage } nodes { id name status unreadCount lastMessageAt } } }","variables":{"page":{"first":30},"filter":{"search":"s0000000001"}}}`)
				r := httptest.NewRequest(http.MethodPost, "/graphql", body)
				for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity", "Authorization": "Bearer bench"} {
					r.Header.Set(name, value)
				}
				b.ReportAllocs()
				began := processorTime()
				for b.Loop() {
					_, _ = body.Seek(0, io.SeekStart)
					handler.ServeHTTP(unread{http.Header{}}, r)
				}
				b.ReportMetric(float64(processorTime()-began)/float64(b.N), "CPU-ns/op")
			})
		}
	}
}

// newColdHandler is the service's handler over an upstream that answers at once.
func newColdHandler(b *testing.B, level slog.Level, rows int) http.Handler {
	b.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	cfg := config.Config{LogLevel: level, TexterURL: "http://127.0.0.1/api"}
	observed, err := newObservation(b.Context(), cfg, null)
	if err != nil {
		b.Fatal(err)
	}
	options := observed.upstream(upstream.Options{Next: newTexterPage(b, rows)}, &health.Health{})
	client, err := texter.NewClient(texter.Options{BaseURL: cfg.TexterURL, Token: auth.Token, Transport: upstream.NewTransport(options), Reuse: true})
	if err != nil {
		b.Fatal(err)
	}
	searcher, err := newCache(cfg, cache.Options{Searcher: client, Credential: auth.Token}, observed)
	if err != nil {
		b.Fatal(err)
	}
	o := graph.Options{Logger: observed.logger, Searcher: struct{ cache.Searcher }{searcher}, Timeout: time.Minute, Authenticate: auth.Bearer, Limits: limits.Limits{Depth: 20, Cost: 1_000_000}}
	observed.graph(&o)
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom))
	if err != nil {
		b.Fatal(err)
	}
	return (&health.Health{}).CloseConnections(observe.Recover(observed.logger, observed.requests(compress(graph.NewHandler(o)))))
}

// newTexterPage is a Texter whose every page has these rows.
func newTexterPage(b *testing.B, rows int) http.RoundTripper {
	b.Helper()
	chat, err := os.ReadFile("texter/testdata/chat-object.json")
	if err != nil {
		b.Fatal(err)
	}
	var row bytes.Buffer
	if err := json.Compact(&row, chat); err != nil {
		b.Fatal(err)
	}
	body := fmt.Sprintf(`{"total":%d,"data":[%s]}`, rows, strings.Join(slices.Repeat([]string{row.String()}, rows), ","))
	return texterPage(body)
}

type texterPage string

// RoundTrip answers as Texter.
func (p texterPage) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(p))), ContentLength: int64(len(p))}, nil
}

// unread is a client that reads and forgets.
type unread struct{ header http.Header }

func (u unread) Header() http.Header       { return u.header }
func (unread) WriteHeader(int)             {}
func (unread) Write(b []byte) (int, error) { return len(b), nil }
