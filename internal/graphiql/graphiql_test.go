package graphiql

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// builtFiles are like those of a build.
func builtFiles() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":             {},
		"index.html":           {Data: []byte("<p>the page")},
		"index.html.br":        {Data: []byte("page br")},
		"index.html.gz":        {Data: []byte("page gzip")},
		"licenses.txt":         {Data: []byte("MIT")},
		"assets/app-1f.js":     {Data: []byte("app()")},
		"assets/app-1f.js.br":  {Data: []byte("br")},
		"assets/app-1f.js.gz":  {Data: []byte("gzip")},
		"assets/text-2e.woff2": {Data: []byte("glyphs")},
		"assets/odd-3d.bin":    {Data: []byte("?")},
	}
}

func handlerOf(t *testing.T, built fs.FS) http.Handler {
	t.Helper()
	h, err := newHandler(built, sub(unbuilt, "unbuilt"))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request with headers given as name, value, ….
func ask(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestFilesOfABuild(t *testing.T) {
	h := handlerOf(t, builtFiles())
	for _, c := range []struct{ path, body, contentType, cacheControl string }{
		{"/", "<p>the page", "text/html; charset=utf-8", "no-cache"},
		{"/licenses.txt", "MIT", "text/plain; charset=utf-8", "no-cache"},
		{"/assets/app-1f.js", "app()", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/assets/text-2e.woff2", "glyphs", "font/woff2", "public, max-age=31536000, immutable"},
		{"/assets/odd-3d.bin", "?", "application/octet-stream", "public, max-age=31536000, immutable"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(h, method, c.path)
			body := c.body
			if method == http.MethodHead {
				body = ""
			}
			if w.Code != http.StatusOK || w.Body.String() != body {
				t.Errorf("%s %s: %d %q", method, c.path, w.Code, w.Body)
			}
			wantHeader(t, w, "Content-Type", c.contentType)
			wantHeader(t, w, "Cache-Control", c.cacheControl)
			wantHeader(t, w, "Content-Length", strconv.Itoa(len(c.body)))
			wantHeader(t, w, "Content-Encoding", "")
			wantHeader(t, w, "Vary", "Accept-Encoding")
		}
	}
}

func wantHeader(t *testing.T, w *httptest.ResponseRecorder, name, want string) {
	t.Helper()
	if got := strings.Join(w.Header().Values(name), "|"); got != want {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func TestRefusals(t *testing.T) {
	h := handlerOf(t, builtFiles())
	for _, path := range []string{
		"/index.html", "/assets", "/assets/", "/.gitkeep", "/nothing", "/assets/app-2f.js",
		"/assets/app-1f.js.br", "/assets/app-1f.js.gz", "//", "/assets/../index.html", "/graphql",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			if w := ask(h, method, path); w.Code != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		w := ask(h, method, "/")
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s /: %d", method, w.Code)
		}
		wantHeader(t, w, "Allow", "GET, HEAD")
		wantHeader(t, w, "Cache-Control", "")
	}
}

func TestNotModified(t *testing.T) {
	h := handlerOf(t, builtFiles())
	tags := map[string]bool{}
	for _, coding := range []string{"br", "gzip", "identity"} {
		etag := ask(h, http.MethodGet, "/", "Accept-Encoding", coding).Header().Get("ETag")
		if len(etag) < 10 || etag[0] != '"' || tags[etag] {
			t.Errorf("%s: ETag %s is not strong and this coding's own", coding, etag)
		}
		tags[etag] = true
		w := ask(h, http.MethodGet, "/", "Accept-Encoding", coding, "If-None-Match", `"other", `+etag)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s: %d %q", coding, w.Code, w.Body)
		}
		wantHeader(t, w, "ETag", etag)
		wantHeader(t, w, "Cache-Control", "no-cache")
		wantHeader(t, w, "Vary", "Accept-Encoding")
		if w := ask(h, http.MethodGet, "/", "Accept-Encoding", coding, "If-None-Match", `"other"`); w.Code != http.StatusOK {
			t.Errorf("%s, another ETag: %d", coding, w.Code)
		}
	}
	changed := builtFiles()
	changed["index.html"] = &fstest.MapFile{Data: []byte("<p>new page")}
	if etag := ask(handlerOf(t, changed), http.MethodGet, "/").Header().Get("ETag"); tags[etag] {
		t.Error("a changed page has the ETag of the old one")
	}
}

func TestPolicy(t *testing.T) {
	h := handlerOf(t, builtFiles())
	for _, path := range []string{"/", "/assets/app-1f.js", "/nothing"} {
		w := ask(h, http.MethodGet, path)
		wantHeader(t, w, "Content-Security-Policy", "default-src 'none'; script-src 'self'; worker-src 'self'; "+
			"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "+
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		wantHeader(t, w, "X-Content-Type-Options", "nosniff")
		wantHeader(t, w, "Referrer-Policy", "no-referrer")
	}
}
