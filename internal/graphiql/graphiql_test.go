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

// builtFiles are files like those of a build.
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

// send sends a request. Its headers are pairs of a name and a value.
func send(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func wantHeader(t *testing.T, w *httptest.ResponseRecorder, name, want string) {
	t.Helper()
	if got := strings.Join(w.Header().Values(name), "|"); got != want {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func TestBuiltFiles(t *testing.T) {
	h := handlerOf(t, builtFiles())
	const immutable = "public, max-age=31536000, immutable"
	for _, file := range []struct{ path, body, contentType, cacheControl string }{
		{"/", "<p>the page", "text/html; charset=utf-8", "no-cache"},
		{"/licenses.txt", "MIT", "text/plain; charset=utf-8", "no-cache"},
		{"/assets/app-1f.js", "app()", "text/javascript; charset=utf-8", immutable},
		{"/assets/text-2e.woff2", "glyphs", "font/woff2", immutable},
		{"/assets/odd-3d.bin", "?", "application/octet-stream", immutable},
	} {
		for method, body := range map[string]string{http.MethodGet: file.body, http.MethodHead: ""} {
			t.Run(method+" "+file.path, func(t *testing.T) {
				w := send(h, method, file.path)
				if w.Code != http.StatusOK || w.Body.String() != body {
					t.Errorf("%d %q", w.Code, w.Body)
				}
				wantHeader(t, w, "Content-Type", file.contentType)
				wantHeader(t, w, "Cache-Control", file.cacheControl)
				wantHeader(t, w, "Content-Length", strconv.Itoa(len(file.body)))
				wantHeader(t, w, "Content-Encoding", "")
				wantHeader(t, w, "Vary", "Accept-Encoding")
			})
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	h := handlerOf(t, builtFiles())
	for _, path := range []string{
		"/index.html", "/assets", "/assets/", "/.gitkeep", "/nothing", "/assets/app-2f.js",
		"/assets/app-1f.js.br", "/assets/app-1f.js.gz", "//", "/assets/../index.html", "/graphql",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			t.Run(method+" "+path+" is not found", func(t *testing.T) {
				if w := send(h, method, path); w.Code != http.StatusNotFound {
					t.Errorf("status %d", w.Code)
				}
			})
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		t.Run(method+" / is not allowed", func(t *testing.T) {
			w := send(h, method, "/")
			if w.Code != http.StatusMethodNotAllowed {
				t.Errorf("status %d", w.Code)
			}
			wantHeader(t, w, "Allow", "GET, HEAD")
			wantHeader(t, w, "Cache-Control", "")
		})
	}
}

func TestETag(t *testing.T) {
	h := handlerOf(t, builtFiles())
	etags, codingOf := map[string]string{}, map[string]string{}
	for _, coding := range []string{"br", "gzip", "identity"} {
		etag := send(h, http.MethodGet, "/", "Accept-Encoding", coding).Header().Get("ETag")
		etags[coding], codingOf[etag] = etag, coding
	}
	for coding, etag := range etags {
		t.Run("the coding "+coding+" has a strong ETag that no other coding has", func(t *testing.T) {
			if len(etag) < 10 || etag[0] != '"' || len(codingOf) != len(etags) {
				t.Errorf("it has %s", etag)
			}
		})
		t.Run("a browser that has the coding "+coding+" gets status 304", func(t *testing.T) {
			w := send(h, http.MethodGet, "/", "Accept-Encoding", coding, "If-None-Match", `"other", `+etag)
			if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
				t.Errorf("%d %q", w.Code, w.Body)
			}
			wantHeader(t, w, "ETag", etag)
			wantHeader(t, w, "Cache-Control", "no-cache")
			wantHeader(t, w, "Vary", "Accept-Encoding")
		})
		t.Run("a browser that has another file gets the coding "+coding, func(t *testing.T) {
			if w := send(h, http.MethodGet, "/", "Accept-Encoding", coding, "If-None-Match", `"other"`); w.Code != http.StatusOK {
				t.Errorf("status %d", w.Code)
			}
		})
	}
	t.Run("a page that changes has another ETag", func(t *testing.T) {
		changed := builtFiles()
		changed["index.html"] = &fstest.MapFile{Data: []byte("<p>new page")}
		before, after := send(h, http.MethodGet, "/").Header().Get("ETag"), send(handlerOf(t, changed), http.MethodGet, "/").Header().Get("ETag")
		if after == before {
			t.Errorf("both have %s", after)
		}
	})
}

func TestPolicy(t *testing.T) {
	h := handlerOf(t, builtFiles())
	for _, path := range []string{"/", "/assets/app-1f.js", "/nothing"} {
		t.Run(path, func(t *testing.T) {
			w := send(h, http.MethodGet, path)
			wantHeader(t, w, "Content-Security-Policy", "default-src 'none'; script-src 'self'; worker-src 'self'; "+
				"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "+
				"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			wantHeader(t, w, "X-Content-Type-Options", "nosniff")
			wantHeader(t, w, "Referrer-Policy", "no-referrer")
		})
	}
}
