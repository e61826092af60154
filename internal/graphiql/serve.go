package graphiql

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP serves the site's files to GET and HEAD.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setPolicy(w.Header())
	f, found := s.files[r.URL.Path]
	if !found {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "GET and HEAD only", http.StatusMethodNotAllowed)
		return
	}
	v := choose(f.variants, strings.Join(r.Header.Values("Accept-Encoding"), ","))
	f.setHeaders(w.Header(), v)
	s.send(w, r, v)
}

// setHeaders sets the headers of a variant of the file.
func (f file) setHeaders(h http.Header, v variant) {
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	h.Set("Vary", "Accept-Encoding")
	if v.etag != "" {
		h.Set("ETag", v.etag)
	}
	if v.coding != identity {
		h.Set("Content-Encoding", v.coding)
	}
	// http.ServeContent does not set it if there is a Content-Encoding.
	h.Set("Content-Length", strconv.FormatInt(v.size, 10))
}

// send sends a variant, or status 304 if the client has it.
func (s *site) send(w http.ResponseWriter, r *http.Request, v variant) {
	opened, err := s.fsys.Open(v.name)
	if err != nil {
		http.Error(w, "the file cannot be opened", http.StatusInternalServerError)
		return
	}
	defer opened.Close()
	content, ok := opened.(io.ReadSeeker)
	if !ok {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	http.ServeContent(w, r, v.name, time.Time{}, content)
}
