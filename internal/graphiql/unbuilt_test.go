package graphiql

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

func TestUnbuiltPage(t *testing.T) {
	h := handlerOf(t, fstest.MapFS{".gitkeep": {}})
	w := send(h, http.MethodGet, "/", "Accept-Encoding", "br, gzip")
	page := w.Body.String()
	t.Run("it is served like the built page", func(t *testing.T) {
		if w.Code != http.StatusOK {
			t.Errorf("status %d", w.Code)
		}
		wantHeader(t, w, "Content-Type", "text/html; charset=utf-8")
		wantHeader(t, w, "Cache-Control", "no-cache")
	})
	for _, text := range []string{"GraphiQL is not built", "make graphiql", "Node.js", "/graphql", "curl "} {
		t.Run("it says "+text, func(t *testing.T) {
			if !strings.Contains(page, text) {
				t.Error(page)
			}
		})
	}
	t.Run("it has no script", func(t *testing.T) {
		if strings.Contains(page, "<script") {
			t.Error(page)
		}
	})
	t.Run("the placeholder is not found", func(t *testing.T) {
		if w := send(h, http.MethodGet, "/.gitkeep"); w.Code != http.StatusNotFound {
			t.Errorf("status %d", w.Code)
		}
	})
}

// TestHandler holds with and without a build.
func TestHandler(t *testing.T) {
	w := send(Handler(), http.MethodGet, "/")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "GraphiQL") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
