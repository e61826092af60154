package toxic

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

const (
	// maxMemory is how much the memory may grow, in MB.
	maxMemory = 100
	token     = "canary-token-21"
	rows      = 30
)

// texter stands in for Texter's API. It answers every search with one page,
// unless there is another handler.
type texter struct {
	serve atomic.Pointer[http.HandlerFunc]
}

// ServeHTTP answers a search.
func (x *texter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if serve := x.serve.Load(); serve != nil {
		(*serve)(w, r)
		return
	}
	page := `{"data":[` + strings.Repeat(`{"_id":"1","title":"Noa Levi"},`, rows-1) + `{"_id":"1"}],"total":30}`
	w.Header().Set("Content-Length", fmt.Sprint(len(page)))
	_, _ = io.WriteString(w, page)
}

// poisoned is the service, and Texter behind a proxy.
type poisoned struct {
	program
	texter *texter
	proxy  *toxiproxy.Proxy
}

// newPoisoned starts a service that waits for Texter so long.
func newPoisoned(t *testing.T, timeout time.Duration) poisoned {
	t.Helper()
	x := &texter{}
	server := httptest.NewUnstartedServer(x)
	server.Config.SetKeepAlivesEnabled(false) // a toxic counts from the start of a connection
	server.Start()
	t.Cleanup(server.Close)
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()),
		"texter", "127.0.0.1:0", server.Listener.Addr().String())
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return poisoned{start(t, "http://"+proxy.Listen, timeout), x, proxy}
}

// expect searches once. The response must have an error of this code, or chats
// where it is "".
func (p poisoned) expect(t *testing.T, code string) {
	t.Helper()
	if got := p.search(t); got != code {
		t.Errorf("got %q, want %q", got, code)
	}
}

// poison adds a toxic to Texter's responses, or to the requests if the
// attributes say so by "stream".
func (p poisoned) poison(t *testing.T, kind, attributes string) (cure func()) {
	t.Helper()
	toxic := fmt.Sprintf(`{"name": "it", "type": %q, "attributes": %s}`, kind, attributes)
	if _, err := p.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		t.Fatal(err)
	}
	return func() { p.proxy.Toxics.ResetToxics(t.Context()) }
}

// TestToxics spoils the connection in every way, one after another. Each has its
// code. Afterwards the service serves chats again, and has the goroutines and
// the memory that it had before.
func TestToxics(t *testing.T) {
	t.Run("Texter takes too long", func(t *testing.T) {
		p := newPoisoned(t, 2*time.Second)
		p.assertSurvives(t, map[string]func(*testing.T){
			"silence for an hour is UPSTREAM_TIMEOUT":      p.toxic("timeout", `{"timeout": 3600000}, "stream": "upstream"`, "UPSTREAM_TIMEOUT"),
			"a response after an hour is UPSTREAM_TIMEOUT": p.toxic("latency", `{"latency": 3600000}`, "UPSTREAM_TIMEOUT"),
			"a byte each ten seconds is UPSTREAM_TIMEOUT":  p.toxic("slicer", `{"average_size": 1, "delay": 10000000}`, "UPSTREAM_TIMEOUT"),
		})
	})
	t.Run("Texter does something else than it should", func(t *testing.T) {
		p := newPoisoned(t, 2*time.Minute) // a busy machine is no fault
		p.assertSurvives(t, map[string]func(*testing.T){
			"a refused connection is UPSTREAM_UNAVAILABLE":            p.refuse,
			"a reset connection is UPSTREAM_UNAVAILABLE":              p.toxic("reset_peer", `{"timeout": 0}`, "UPSTREAM_UNAVAILABLE"),
			"a response that breaks off is UPSTREAM_UNAVAILABLE":      p.truncate,
			"a response of 1 GB is UPSTREAM_INVALID_RESPONSE":         p.serve("UPSTREAM_INVALID_RESPONSE", large),
			"a Content-Length of 1 GB is UPSTREAM_INVALID_RESPONSE":   p.serve("UPSTREAM_INVALID_RESPONSE", largeByItsLength),
			"a gzip bomb is UPSTREAM_INVALID_RESPONSE":                p.serve("UPSTREAM_INVALID_RESPONSE", bomb(t)),
			"a redirect to another host is UPSTREAM_INVALID_RESPONSE": p.redirect,
		})
	})
}

func (p poisoned) assertSurvives(t *testing.T, toxics map[string]func(*testing.T)) {
	t.Helper()
	p.expect(t, "")
	goroutines := p.goroutines(t)
	memory, _ := p.memory(t)
	for name, spoil := range toxics {
		t.Run(name, func(t *testing.T) {
			spoil(t)
			p.expect(t, "")
			for p.goroutines(t) > goroutines { // net/http ends a few of them a moment later
			}
			if _, peak := p.memory(t); peak > memory+maxMemory {
				t.Errorf("memory: %d MB before, %d MB at most", memory, peak)
			}
		})
	}
}

func (p poisoned) refuse(t *testing.T) {
	p.proxy.Stop()
	p.expect(t, "UPSTREAM_UNAVAILABLE")
	if err := p.proxy.Start(); err != nil {
		t.Fatal(err)
	}
}

func (p poisoned) toxic(kind, attributes, code string) func(*testing.T) {
	return func(t *testing.T) {
		cure := p.poison(t, kind, attributes)
		p.expect(t, code)
		cure()
	}
}

// truncate breaks off the response after 100 bytes, after 200, and so on. There
// is a good response after each, or else the breaker would open.
func (p poisoned) truncate(t *testing.T) {
	for n := 100; ; n += 100 {
		cure := p.poison(t, "limit_data", fmt.Sprintf(`{"bytes": %d}`, n))
		code := p.search(t)
		cure()
		if code == "" {
			if n < 1000 {
				t.Errorf("the response is complete after %d bytes", n)
			}
			return
		}
		if code != "UPSTREAM_UNAVAILABLE" {
			t.Errorf("after %d bytes: got %q", n, code)
		}
		p.expect(t, "")
	}
}

// serve lets another handler stand in for Texter.
func (p poisoned) serve(code string, handler http.HandlerFunc) func(*testing.T) {
	return func(t *testing.T) {
		p.texter.serve.Store(&handler)
		p.expect(t, code)
		p.texter.serve.Store(nil)
	}
}

// large sends 1 GB, or less if the reader closes the connection.
func large(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"data":[],"total":0,"x":"`)
	part := bytes.Repeat([]byte("x"), 1<<20)
	for range 1 << 10 {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}

func largeByItsLength(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(1<<30))
	large(w, r)
}

// bomb sends 1 GB that is compressed to 1 MB.
func bomb(t *testing.T) http.HandlerFunc {
	t.Helper()
	var part bytes.Buffer // a gzip file may have many parts
	w, err := gzip.NewWriterLevel(&part, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 16<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if ratio := 16 << 20 / part.Len(); ratio < 1000 {
		t.Fatalf("the bomb is compressed by %d:1 only", ratio)
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		for range 1 << 30 / (16 << 20) {
			if _, err := w.Write(part.Bytes()); err != nil {
				return
			}
		}
	}
}

// redirect sends the service to another host, which must get no request.
func (p poisoned) redirect(t *testing.T) {
	var strayed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		p.serve("UPSTREAM_INVALID_RESPONSE", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, status)
		})(t)
	}
	if strayed.Load() > 0 {
		t.Errorf("%d requests reached the other host", strayed.Load())
	}
}
