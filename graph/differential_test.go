package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
)

// twins are two handlers on one upstream: one has the fast lane, the other the
// ordinary lane alone.
type twins struct {
	fallbacks atomic.Int64 // connections that the executor wrote for both
	client    *texter.Client
	handlers  [2]http.Handler
	body      []byte // of the upstream's answers
}

func newTwins(tb testing.TB) *twins {
	tb.Helper()
	w := new(twins)
	client, err := texter.NewClient(texter.Options{
		BaseURL:   "https://texter.example/api",
		Token:     func(context.Context) (string, error) { return "token", nil },
		Transport: w,
		Reuse:     true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	w.client = client
	o := Options{Searcher: client, Logger: slog.New(slog.DiscardHandler)}
	fast := o
	fast.Fallback = func() { w.fallbacks.Add(1) }
	w.handlers = [2]http.Handler{NewHandler(fast), newServer(o, newExecutor(o))}
	return w
}

// RoundTrip answers as the upstream.
func (w *twins) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(w.body)), ContentLength: int64(len(w.body))}, nil
}

// answers are what the two say to a request.
func (w *twins) answers(tb testing.TB, document string, variables map[string]any) (answers [2]string) {
	tb.Helper()
	request, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		tb.Fatal(err)
	}
	for i, handler := range w.handlers {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(request))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(requestid.Header, "the-same")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		answers[i] = inOrder(tb, recorder.Body.Bytes())
	}
	return answers
}

// inOrder sorts the errors of an answer: root fields run at the same time, so
// theirs come in any order. All else stays as it is, to the byte.
func inOrder(tb testing.TB, answer []byte) string {
	tb.Helper()
	var r struct {
		Data   json.RawMessage
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(answer, &r); err != nil {
		tb.Fatalf("%v: %s", err, answer)
	}
	slices.SortFunc(r.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	return fmt.Sprintf("data: %s errors: %s", r.Data, r.Errors)
}

// compare makes an operation and rows from a seed, and compares the answers.
// It returns whether they have chats.
func (w *twins) compare(tb testing.TB, seed uint64) bool {
	tb.Helper()
	random := rand.New(rand.NewPCG(seed, 2))
	document, variables := newOperation(random)
	w.body = newAnswer(random)
	answers := w.answers(tb, document, variables)
	if answers[0] != answers[1] {
		tb.Fatalf("seed %d: the answers differ\noperation: %s\nvariables: %v\nupstream: %q\nfast:     %s\nexecutor: %s",
			seed, document, variables, w.body, answers[0], answers[1])
	}
	return strings.HasSuffix(answers[0], "errors: []") && bytes.Contains(w.body, []byte("_id"))
}

var operations = flag.Uint64("operations", 1000, "how many operations TestFastEncodingIsTheExecutors compares")

// TestFastEncodingIsTheExecutors compares over many random operations and rows,
// none of which may fall back to the executor.
func TestFastEncodingIsTheExecutors(t *testing.T) {
	w := newTwins(t)
	withChats := uint64(0)
	for seed := range *operations {
		if w.compare(t, seed) {
			withChats++
		}
	}
	t.Logf("%d of %d answers have chats", withChats, *operations)
	if withChats < *operations/2 {
		t.Error("too many answers are errors to tell")
	}
	if n := w.fallbacks.Load(); n > 0 {
		t.Errorf("%d connections fell back to the executor", n)
	}
}

// FuzzFastEncoding goes on where the test stops.
func FuzzFastEncoding(f *testing.F) {
	w := newTwins(f)
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { w.compare(t, seed) })
}
