package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// faultySearcher is a Searcher that only fails.
type faultySearcher func() error

func (f faultySearcher) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return nil, f()
}

// TestFaults has faults of this service. A client gets only an id to find them in
// the log by, and the log has none of their values.
func TestFaults(t *testing.T) {
	panics := faultySearcher(func() error { panic("canary-panic") })
	shared, err := cache.New(cache.Options{Searcher: panics, Credential: func(context.Context) (string, error) { return token, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		searcher texter.Searcher
		logged   string
	}{
		"a panic is logged with its stack":                                {panics, "fault_test.go"},
		"a panic in a shared search is logged with the search's stack":    {shared, "fault_test.go"},
		"an unknown error is logged with its type":                        {faultySearcher(func() error { return errors.New("canary-error") }), "*errors.errorString"},
		"an unknown error that others wrap is logged with the inner type": {faultySearcher(func() error { return fmt.Errorf("canary: %w", errors.New("canary-error")) }), "*errors.errorString"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: test.searcher, Logger: slog.New(slog.NewJSONHandler(&log, nil))}))
			t.Cleanup(server.Close)
			e := service{url: server.URL}.fail(t, `{ searchChats { totalCount } }`, nil)
			if e.Extensions["code"] != "INTERNAL_SERVER_ERROR" || e.Message != "Something went wrong in this service." {
				t.Errorf("got %v", e)
			}
			id := fmt.Sprint(e.Extensions["requestId"])
			if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), test.logged) {
				t.Errorf("the log lacks %s or %s: %s", id, test.logged, &log)
			}
			assertClean(t, fmt.Sprint(e), log.String())
		})
	}
}

// panickingBody is a request body that panics when it is read.
type panickingBody struct{}

func (panickingBody) Read([]byte) (int, error) { panic("canary-panic") }

// TestPanicOutsideOfFields has panics that gqlgen's executor does not recover. Each
// has one response, with the headers, the log line and the outcome of any other error.
func TestPanicOutsideOfFields(t *testing.T) {
	for _, test := range []struct {
		name         string
		authenticate func(*http.Request) (context.Context, error)
		body         func() io.Reader
		want         graph.Outcome // but for its code
	}{
		{"in Authenticate", func(*http.Request) (context.Context, error) { panic("canary-panic") }, func() io.Reader { return http.NoBody }, graph.Outcome{}},
		{"while the body is read", nil, func() io.Reader { return panickingBody{} }, graph.Outcome{}},
		{"after the execution", nil, func() io.Reader { return strings.NewReader(`{"query":"query A { __typename }"}`) },
			graph.Outcome{Operation: "A", Type: "query", RootFields: []string{"__typename"}, Cost: 1}},
	} {
		for _, mediaType := range []string{"application/json", "application/graphql-response+json"} {
			t.Run(test.name+", as "+mediaType, func(t *testing.T) {
				var log bytes.Buffer
				var outcomes []graph.Outcome
				w := httptest.NewRecorder()
				r := httptest.NewRequest(http.MethodPost, "/", test.body())
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Accept", mediaType)
				graph.NewHandler(graph.Options{
					Logger:       slog.New(slog.NewJSONHandler(&log, nil)),
					Authenticate: test.authenticate,
					Observe: func(_ context.Context, o graph.Outcome) {
						if outcomes = append(outcomes, o); o.Codes == nil {
							panic("canary-panic")
						}
					},
				}).ServeHTTP(w, r)
				if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `"code":"INTERNAL_SERVER_ERROR"`) || strings.Contains(w.Body.String(), `"data"`) {
					t.Errorf("got %d %s", w.Code, w.Body)
				}
				header := w.Result().Header
				for name, want := range map[string]string{"Content-Type": mediaType + "; charset=utf-8", "Content-Length": strconv.Itoa(w.Body.Len()), "Cache-Control": "private, no-store", "Vary": "Accept, Authorization"} {
					if got := header.Get(name); got != want {
						t.Errorf("%s is %q, want %q", name, got, want)
					}
				}
				test.want.Codes = []string{"INTERNAL_SERVER_ERROR"}
				if len(outcomes) == 0 || !reflect.DeepEqual(outcomes[len(outcomes)-1], test.want) {
					t.Errorf("the outcomes are %+v, want %+v as the last", outcomes, test.want)
				}
				if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "fault_test.go") || !strings.Contains(log.String(), header.Get("X-Request-Id")) {
					t.Errorf("the log is %s", &log)
				}
				assertClean(t, w.Body.String(), log.String())
			})
		}
	}
}
