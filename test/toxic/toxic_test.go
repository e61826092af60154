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
	// deadline is what one call to Texter may take. All toxics take longer.
	deadline = 2 * time.Second
	// maxMemory is how much the memory may grow, in MB.
	maxMemory = 100
	token     = "canary-token-21"
	rows      = 30
)

// texter is Texter as it should be, until serve says otherwise.
type texter struct {
	serve atomic.Pointer[http.HandlerFunc]
}

func (x *texter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if serve := x.serve.Load(); serve != nil {
		(*serve)(w, r)
		return
	}
	page := `{"data":[` + strings.Repeat(`{"_id":"1","title":"Noa Levi"},`, rows-1) + `{"_id":"1"}],"total":30}`
	w.Header().Set("Content-Length", fmt.Sprint(len(page)))
	_, _ = io.WriteString(w, page)
}

// poisoned is the program, and Texter behind a proxy.
type poisoned struct {
	*program
	texter *texter
	proxy  *toxiproxy.Proxy
}

func newPoisoned(t *testing.T) poisoned {
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
	return poisoned{start(t, "http://"+proxy.Listen), x, proxy}
}

// expect searches once. An error must have this code and come in time.
func (p poisoned) expect(t *testing.T, code string) {
	t.Helper()
	if got, took := p.search(t); got != code || took > deadline+time.Second {
		t.Errorf("got %q after %v, want %q", got, took, code)
	}
}

// poison adds a toxic to what Texter answers, or with "stream" to what it is
// sent.
func (p poisoned) poison(t *testing.T, kind, attributes string) (cure func()) {
	t.Helper()
	toxic := fmt.Sprintf(`{"name": "it", "type": %q, "attributes": %s}`, kind, attributes)
	if _, err := p.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		t.Fatal(err)
	}
	return func() { p.proxy.Toxics.ResetToxics(t.Context()) }
}

// TestToxics looks at what comes of each, and that after it all is as before:
// chats, the goroutines, and the memory.
func TestToxics(t *testing.T) {
	p := newPoisoned(t)
	p.expect(t, "")
	goroutines, memory := p.goroutines(t), p.memory(t, "VmRSS")
	for name, spoil := range map[string]func(t *testing.T){
		"refused":       p.refuse,
		"reset":         p.toxic("reset_peer", `{"timeout": 0}`, "UPSTREAM_UNAVAILABLE"),
		"5 s silence":   p.toxic("timeout", `{"timeout": 5000}, "stream": "upstream"`, "UPSTREAM_TIMEOUT"),
		"5 s late":      p.toxic("latency", `{"latency": 5000}`, "UPSTREAM_TIMEOUT"),
		"a byte each s": p.toxic("slicer", `{"average_size": 1, "delay": 1000000}`, "UPSTREAM_TIMEOUT"),
		"truncated":     p.truncate,
		"1 GB":          p.answer("UPSTREAM_INVALID_RESPONSE", large),
		"1 GB, as told": p.answer("UPSTREAM_INVALID_RESPONSE", largeAsTold),
		"a gzip bomb":   p.answer("UPSTREAM_INVALID_RESPONSE", bomb(t)),
		"another host":  p.redirect,
	} {
		t.Run(name, func(t *testing.T) {
			spoil(t)
			p.expect(t, "")
			p.awaitGoroutines(t, goroutines)
			if peak := p.memory(t, "VmHWM"); peak > memory+maxMemory {
				t.Errorf("memory: %d MB before, %d MB at most", memory, peak)
			}
		})
	}
	t.Logf("memory: %d MB before, %d MB at most", memory, p.memory(t, "VmHWM"))
}

// awaitGoroutines waits until there are no more than before, which a few of
// net/http's may take a moment for.
func (p poisoned) awaitGoroutines(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		now := p.goroutines(t)
		if now <= before {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d goroutines before, %d now", before, now)
		}
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

// truncate ends the answer after every 100th byte. Between the truncations all
// is well, or else the breaker would open.
func (p poisoned) truncate(t *testing.T) {
	for n := 100; ; n += 100 {
		cure := p.poison(t, "limit_data", fmt.Sprintf(`{"bytes": %d}`, n))
		code, took := p.search(t)
		cure()
		if code == "" {
			if n < 1000 {
				t.Errorf("whole after %d bytes", n)
			}
			return
		}
		if code != "UPSTREAM_UNAVAILABLE" || took > deadline+time.Second {
			t.Errorf("%d bytes: got %q after %v", n, code, took)
		}
		p.expect(t, "")
	}
}

// answer has Texter answer otherwise.
func (p poisoned) answer(code string, serve http.HandlerFunc) func(*testing.T) {
	return func(t *testing.T) {
		p.texter.serve.Store(&serve)
		p.expect(t, code)
		p.texter.serve.Store(nil)
	}
}

// large is 1 GB, unless the reader has enough before.
func large(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"data":[],"total":0,"x":"`)
	part := bytes.Repeat([]byte("x"), 1<<20)
	for range 1 << 10 {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}

func largeAsTold(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(1<<30))
	large(w, r)
}

// bomb is 1 GB that comes as 1 MB.
func bomb(t *testing.T) http.HandlerFunc {
	t.Helper()
	var part bytes.Buffer // a gzip file may have many
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
		t.Fatalf("the bomb is of %d:1", ratio)
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

// redirect sends the program to another host, which must not hear of it.
func (p poisoned) redirect(t *testing.T) {
	var strayed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		p.answer("UPSTREAM_INVALID_RESPONSE", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, status)
		})(t)
	}
	if strayed.Load() > 0 {
		t.Errorf("%d requests went elsewhere", strayed.Load())
	}
}
