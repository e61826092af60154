package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
)

const (
	graphQLType = "application/graphql-response+json"
	jsonType    = "application/json"
)

// searches counts the searches, which find three chats.
type searches int

func (s *searches) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	*s++
	found := []*texter.Chat{{ID: "1"}, {ID: "2"}, {ID: "3"}}
	return texter.NewSearchPage(found[:min(o.Limit, len(found))], len(found)), nil
}

// serve responds to one request and counts the searches that it took.
func serve(r *http.Request, change ...func(*graph.Options)) (*httptest.ResponseRecorder, int) {
	var done searches
	options := graph.Options{Searcher: &done, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, f := range change {
		f(&options)
	}
	w := httptest.NewRecorder()
	graph.NewHandler(options).ServeHTTP(w, r)
	return w, int(done)
}

// newRequest makes a request with these headers, which are "Name: value".
func newRequest(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	return r
}

// post makes a POST request of JSON.
func post(body string, headers ...string) *http.Request {
	return newRequest(http.MethodPost, "/graphql", body, append(headers, "Content-Type: application/json")...)
}

// operation returns the body of a request for a document.
func operation(document string) string { return fmt.Sprintf(`{"query":%q}`, document) }

// assertResponse fails unless the response has this status and the headers that
// every response has, and is a well-formed response of GraphQL: only one of 200
// may have data, and any other has one error with a code.
func assertResponse(t *testing.T, w *httptest.ResponseRecorder, status int, mediaType string) {
	t.Helper()
	for header, want := range map[string]string{
		"Content-Type": mediaType + "; charset=utf-8", "Content-Length": fmt.Sprint(w.Body.Len()),
		"Vary": "Accept, Authorization", "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	response := members(t, w)
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if _, hasData := response["data"]; status == http.StatusOK || !hasData && len(codes(t, w)) == 1 && len(response) == 1 {
		return
	}
	t.Errorf("got %s", w.Body)
}

// members returns the entries of a response.
func members(t *testing.T, w *httptest.ResponseRecorder) (all map[string]json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return all
}

// codes returns the values of extensions.code.
func codes(t *testing.T, w *httptest.ResponseRecorder) []string {
	t.Helper()
	var response struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, RequestID string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range response.Errors {
		if e.Message == "" || e.Extensions.Code == "" || e.Extensions.RequestID == "" {
			t.Errorf("an error lacks its message, code or request id: %s", w.Body)
		}
		all = append(all, e.Extensions.Code)
	}
	return all
}

// testRefused sends a request that must get this status, whatever it accepts, and
// no search. The response must repeat nothing of it.
func testRefused(t *testing.T, name string, newRequest func() *http.Request, status int) {
	t.Helper()
	t.Run(fmt.Sprintf("%.60s gets %d", name, status), func(t *testing.T) {
		for _, mediaType := range []string{graphQLType, jsonType} {
			r := newRequest()
			r.Header.Set("Accept", mediaType)
			w, done := serve(r)
			assertResponse(t, w, status, mediaType)
			if got := codes(t, w); len(got) != 1 || got[0] != "BAD_REQUEST" || done != 0 {
				t.Errorf("got %v after %d searches", got, done)
			}
			if strings.Contains(w.Body.String(), "canary") {
				t.Errorf("the response repeats it: %s", w.Body)
			}
		}
	})
}
