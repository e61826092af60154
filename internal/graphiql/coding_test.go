package graphiql

import (
	"net/http"
	"strconv"
	"testing"
)

func TestCoding(t *testing.T) {
	h := handlerOf(t, builtFiles())
	bodies := map[string]string{"": "app()", "br": "br", "gzip": "gzip"}
	for _, c := range []struct{ accept, want string }{
		{"", ""},
		{"br", "br"},
		{"gzip, deflate, br, zstd", "br"}, // as browsers send it
		{"gzip, deflate", "gzip"},
		{"GZIP", "gzip"},
		{"deflate, zstd", ""},
		{"br;q=0.5, gzip;q=0.8", "gzip"},
		{"br ; Q=0.5 ,gzip;q = 0.4", "br"},
		{"br;q=0, gzip", "gzip"},
		{"br;q=0, gzip;q=0", ""},
		{"gzip;q=0.001", "gzip"},
		{"identity, gzip;q=0.5", ""},
		{"identity;q=0.5, gzip;q=0.5", "gzip"},
		{"identity;q=0, gzip;q=0.1", "gzip"},
		{"*", "br"},
		{"*, br;q=0", "gzip"},
		{"gzip, *;q=0", "gzip"},
		{"*;q=0", ""},
		{"br;q=high, gzip", "gzip"},
		{"br;q=2, gzip;q=-1", ""},
		{"br;level=1, gzip", "gzip"},
		{"brotli, xgzip", ""},
		{",, ;,", ""},
	} {
		w := ask(h, http.MethodGet, "/assets/app-1f.js", "Accept-Encoding", c.accept)
		wantHeader(t, w, "Content-Encoding", c.want)
		wantHeader(t, w, "Content-Type", "text/javascript; charset=utf-8")
		wantHeader(t, w, "Content-Length", strconv.Itoa(len(bodies[c.want])))
		if got := w.Body.String(); got != bodies[c.want] {
			t.Errorf("%q: body %q", c.accept, got)
		}
	}
}

func TestCodingOfTwoHeaders(t *testing.T) {
	w := ask(handlerOf(t, builtFiles()), http.MethodGet, "/", "Accept-Encoding", "gzip", "Accept-Encoding", "br")
	wantHeader(t, w, "Content-Encoding", "br")
}

func TestCodingThatIsNotThere(t *testing.T) {
	w := ask(handlerOf(t, builtFiles()), http.MethodGet, "/assets/text-2e.woff2", "Accept-Encoding", "br, gzip")
	wantHeader(t, w, "Content-Encoding", "")
	if w.Body.String() != "glyphs" {
		t.Errorf("body %q", w.Body)
	}
}
