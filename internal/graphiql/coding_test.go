package graphiql

import (
	"net/http"
	"strconv"
	"testing"
)

func TestAcceptEncoding(t *testing.T) {
	h := handlerOf(t, builtFiles())
	bodies := map[string]string{"": "app()", "br": "br", "gzip": "gzip"}
	for _, test := range []struct{ name, accept, want string }{
		{"without a header", "", ""},
		{"one coding", "br", "br"},
		{"the header of browsers", "gzip, deflate, br, zstd", "br"},
		{"a header without the best coding", "gzip, deflate", "gzip"},
		{"capital letters", "GZIP", "gzip"},
		{"codings that no file has", "deflate, zstd", ""},
		{"the higher weight", "br;q=0.5, gzip;q=0.8", "gzip"},
		{"spaces around weights", "br ; Q=0.5 ,gzip;q = 0.4", "br"},
		{"a coding that is refused", "br;q=0, gzip", "gzip"},
		{"two codings that are refused", "br;q=0, gzip;q=0", ""},
		{"the lowest weight", "gzip;q=0.001", "gzip"},
		{"identity with the higher weight", "identity, gzip;q=0.5", ""},
		{"identity with an equal weight", "identity;q=0.5, gzip;q=0.5", "gzip"},
		{"identity that is refused", "identity;q=0, gzip;q=0.1", "gzip"},
		{"a wildcard", "*", "br"},
		{"a wildcard, but not the best coding", "*, br;q=0", "gzip"},
		{"a coding, and no other", "gzip, *;q=0", "gzip"},
		{"all codings refused", "*;q=0", ""},
		{"a weight that is no number", "br;q=high, gzip", "gzip"},
		{"weights out of range", "br;q=2, gzip;q=-1", ""},
		{"a parameter that is no weight", "br;level=1, gzip", "gzip"},
		{"names that contain those of codings", "brotli, xgzip", ""},
		{"nothing but separators", ",, ;,", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := send(h, http.MethodGet, "/assets/app-1f.js", "Accept-Encoding", test.accept)
			wantHeader(t, w, "Content-Encoding", test.want)
			wantHeader(t, w, "Content-Type", "text/javascript; charset=utf-8")
			wantHeader(t, w, "Content-Length", strconv.Itoa(len(bodies[test.want])))
			if got := w.Body.String(); got != bodies[test.want] {
				t.Errorf("the body is %q", got)
			}
		})
	}
	t.Run("two headers are one list", func(t *testing.T) {
		w := send(h, http.MethodGet, "/", "Accept-Encoding", "gzip", "Accept-Encoding", "br")
		wantHeader(t, w, "Content-Encoding", "br")
	})
	t.Run("a file that is not compressed is sent unchanged", func(t *testing.T) {
		w := send(h, http.MethodGet, "/assets/text-2e.woff2", "Accept-Encoding", "br, gzip")
		wantHeader(t, w, "Content-Encoding", "")
		if w.Body.String() != "glyphs" {
			t.Errorf("the body is %q", w.Body)
		}
	})
}
