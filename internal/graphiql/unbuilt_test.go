package graphiql

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWithoutABuild(t *testing.T) {
	h := handlerOf(t, fstest.MapFS{".gitkeep": {}})
	w := ask(h, http.MethodGet, "/", "Accept-Encoding", "br, gzip")
	if w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
	wantHeader(t, w, "Content-Type", "text/html; charset=utf-8")
	wantHeader(t, w, "Cache-Control", "no-cache")
	page := w.Body.String()
	for _, part := range []string{"GraphiQL is not built", "make graphiql", "Node.js", "/graphql", "curl "} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page has a script")
	}
	if w := ask(h, http.MethodGet, "/.gitkeep"); w.Code != http.StatusNotFound {
		t.Errorf("/.gitkeep: %d", w.Code)
	}
}

// TestEmbedded holds for whichever of the two is embedded.
func TestEmbedded(t *testing.T) {
	w := ask(Handler(), http.MethodGet, "/")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "GraphiQL") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
