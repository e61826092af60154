package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/config"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// largePage is a searcher that finds as many chats as are asked for.
type largePage struct{}

func (largePage) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	row := `{"_id":"1","title":"` + strings.Repeat("x", 2000) + `"}`
	return o.Decode([]byte(`{"total":10000,"data":[` + strings.Repeat(row+",", o.Limit-1) + row + "]}"))
}

// TestStalledCallersHoldUpNobody has three callers ask for 10,000 rows each, and read
// nothing, for as long as others ask for pages of 1,000 rows and of 30.
func TestStalledCallersHoldUpNobody(t *testing.T) {
	texter := httptest.NewServer(sandbox.New(sandbox.Options{Chats: 12_000}))
	t.Cleanup(texter.Close)
	begun := make(chan struct{}, 10)
	s := startChanged(t, func(p *program) {
		next := p.api.http.Handler
		p.api.http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(begunWriter{w, sync.OnceFunc(func() { begun <- struct{}{} })}, r)
		})
	}, nil, "-texter-url", texter.URL+sandbox.BasePath, "-request-timeout", "10m", "-write-timeout", "10m")
	ask := func(caller string, rows int) *http.Response {
		body := fmt.Sprintf(`{"query":"{ searchChats(first: %d) { nodes { id raw } } }"}`, rows)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+caller)
		client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = res.Body.Close()
			client.CloseIdleConnections()
		})
		return res
	}
	for i := range 3 {
		ask(fmt.Sprint("stalled", i), 10_000)
		<-begun
	}
	for _, rows := range []int{1000, 30, 1000} {
		t.Run(fmt.Sprintf("another caller gets a page of %d rows", rows), func(t *testing.T) {
			if read, err := io.Copy(io.Discard, ask("another", rows).Body); err != nil || read < int64(rows)*200 {
				t.Errorf("got %d bytes, %v", read, err)
			}
			<-begun
		})
	}
}

// begunWriter tells when a response begins.
type begunWriter struct {
	http.ResponseWriter
	begun func()
}

func (w begunWriter) Write(b []byte) (int, error) {
	w.begun()
	return w.ResponseWriter.Write(b)
}

func (w begunWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// TestStalledCallers has callers ask for as many rows as the service holds for
// all callers at once, and read nothing.
func TestStalledCallers(t *testing.T) {
	const callers = 3
	const body = `{"query":"{ searchChats(first: 10000) { nodes { id raw } } }"}`
	handler := graph.NewHandler(graph.Options{Searcher: largePage{}})
	stalled := httptest.NewUnstartedServer(nil)
	stalled.Config = newHTTPServer(handler, config.Config{RequestTimeout: 250 * time.Millisecond, WriteTimeout: 250 * time.Millisecond, IdleTimeout: time.Minute})
	cut := make(chan bool, callers)
	stalled.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			cut <- true
		}
	}
	stalled.Start()
	t.Cleanup(stalled.Close)
	for range callers {
		connection, err := net.Dial("tcp", stalled.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		fmt.Fprintf(connection, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	for range callers {
		<-cut
	}
	t.Run("once they are cut off, the next caller gets all rows", func(t *testing.T) {
		patient := httptest.NewServer(handler)
		t.Cleanup(patient.Close)
		res, err := http.Post(patient.URL, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if read, err := io.Copy(io.Discard, res.Body); err != nil || read < 20e6 {
			t.Errorf("got %d bytes, %v", read, err)
		}
	})
}
