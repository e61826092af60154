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
	"texter-graphql/texter"
)

// largePage is a searcher of as many chats as are asked for.
type largePage struct{}

func (largePage) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	row := `{"_id":"1","title":"` + strings.Repeat("x", 2000) + `"}`
	return o.Decode([]byte(`{"total":10000,"data":[` + strings.Repeat(row+",", o.Limit-1) + row + "]}"))
}

// TestStalledCallers has callers ask for as many rows as there is room for, and
// read nothing. They are cut off, and the next one is served.
func TestStalledCallers(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config = newServer(graph.NewHandler(graph.Options{Searcher: largePage{}}))
	if timeout := server.Config.WriteTimeout; timeout <= 0 || timeout > time.Minute {
		t.Errorf("callers may stall for %v", timeout)
	}
	server.Config.WriteTimeout = 5 * time.Second
	cut := make(chan bool, 100)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			cut <- true
		}
	}
	server.Start()
	t.Cleanup(server.Close)

	const body = `{"query":"{ searchChats(first: 10000) { nodes { id raw } } }"}`
	for range 3 {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		fmt.Fprintf(connection, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	for range 3 {
		<-cut
	}
	res, err := http.Post(server.URL, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if read, err := io.Copy(io.Discard, res.Body); err != nil || read < 20e6 {
		t.Errorf("got %d bytes, %v", read, err)
	}
}
