package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// faulty is a searcher with a fault of its own.
type faulty func() error

func (f faulty) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return nil, f()
}

// TestFaults of this service show nothing but where to look in the log, and
// the log has no value that they carry.
func TestFaults(t *testing.T) {
	panics := faulty(func() error { panic("canary-panic") })
	shared, err := cache.New(cache.Options{Searcher: panics, Credential: func(context.Context) (string, error) { return token, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		searcher texter.Searcher
		logged   string
	}{
		"a panic":          {panics, "fault_test.go"},
		"a shared panic":   {shared, "fault_test.go"},
		"an unknown error": {faulty(func() error { return errors.New("canary-error") }), "*errors.errorString"},
	} {
		var log bytes.Buffer
		server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: test.searcher, Logger: slog.New(slog.NewJSONHandler(&log, nil))}))
		t.Cleanup(server.Close)
		e := service{url: server.URL}.fail(t, `{ searchChats { totalCount } }`, nil)
		if e.Extensions["code"] != "INTERNAL_SERVER_ERROR" {
			t.Errorf("%s: got %v", name, e)
		}
		id := fmt.Sprint(e.Extensions["requestId"])
		if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), test.logged) {
			t.Errorf("%s: the log has not what to look for: %s", name, &log)
		}
		assertClean(t, fmt.Sprint(e), log.String())
	}
}

// TestFaultOutsideOfFields ends in an answer too.
func TestFaultOutsideOfFields(t *testing.T) {
	var log bytes.Buffer
	w := httptest.NewRecorder()
	graph.NewHandler(graph.Options{
		Logger:       slog.New(slog.NewJSONHandler(&log, nil)),
		Authenticate: func(*http.Request) (context.Context, error) { panic("canary-panic") },
	}).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", http.NoBody))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `"code":"INTERNAL_SERVER_ERROR"`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "fault_test.go") {
		t.Errorf("the log has not what to look for: %s", &log)
	}
	assertClean(t, w.Body.String(), log.String())
}
