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
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// BenchmarkKeptAnswer measures requests without the network, whose page of 30 chats
// is kept. The answer to equal requests is kept too. Different requests, which have
// other numbers of spaces behind them, are executed.
func BenchmarkKeptAnswer(b *testing.B) {
	document, err := os.ReadFile("testdata/all-fields.graphql")
	if err != nil {
		b.Fatal(err)
	}
	request, err := json.Marshal(map[string]any{"query": string(document), "variables": map[string]any{"page": map[string]any{"first": 30}}})
	if err != nil {
		b.Fatal(err)
	}
	pages := benchCache(b)
	h := NewHandler(Options{
		Searcher: pages, Answers: pages, Authenticate: auth.Bearer, Logger: slog.New(slog.DiscardHandler), Observe: func(context.Context, Outcome) {},
	})
	for name, different := range map[string]int{"equal": 1, "different": 1000} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
			r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer 67bf11038b24880c67bf11038b24880c67bf11038b24880c"}}
			padded := append(slices.Clone(request), strings.Repeat(" ", different)...)
			i := 0
			for b.Loop() {
				i++
				body := padded[:len(request)+i%different]
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
				h.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}

// benchCache returns a cache that keeps the pages of an upstream with 30 chats.
func benchCache(b *testing.B) *cache.Cache {
	b.Helper()
	chat, err := os.ReadFile("../texter/testdata/chat-object.json")
	if err != nil {
		b.Fatal(err)
	}
	body := fmt.Sprintf(`{"total":30,"data":[%s]}`, strings.Join(slices.Repeat([]string{string(chat)}, 30), ","))
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	b.Cleanup(upstream.Close)
	client, err := texter.NewClient(texter.Options{BaseURL: upstream.URL, Token: auth.Token})
	if err != nil {
		b.Fatal(err)
	}
	c, err := cache.New(cache.Options{Searcher: client, Credential: auth.Token, TTL: time.Hour, MaxBytes: 64 << 20})
	if err != nil {
		b.Fatal(err)
	}
	return c
}
