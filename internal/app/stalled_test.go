package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/config"
	"texter-graphql/texter"
)

// largePage is a searcher that finds as many chats as are asked for.
type largePage struct{}

func (largePage) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	row := `{"_id":"1","title":"` + strings.Repeat("x", 2000) + `"}`
	return o.Decode([]byte(`{"total":10000,"data":[` + strings.Repeat(row+",", o.Limit-1) + row + "]}"))
}

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
