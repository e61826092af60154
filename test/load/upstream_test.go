package load

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// onePage is 30 chats.
var onePage = fmt.Sprintf(`{"data":[%s],"total":5000}`, strings.TrimSuffix(strings.Repeat(
	`{"_id":"972521234567","title":"Noa Levi","status":1,"last_message_timestamp":1762012091000,"labels":["vip","new"]},`, 30), ","))

const search = "{ searchChats { totalCount nodes { id name status lastMessageAt labelIds } } }"

// newUpstream starts a stand-in for Texter's API, which answers every search
// with onePage.
func newUpstream(t *testing.T) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(servePage))
	t.Cleanup(server.Close)
	return server.URL
}

func servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(len(onePage)))
	_, _ = io.WriteString(w, onePage)
}

// heldUpstream is a stand-in for Texter's API that answers a search with onePage
// when the test releases it.
type heldUpstream struct {
	url     string
	arrived chan struct{} // gets a value for each search that arrives
	release chan struct{} // each value lets one search be answered, closing it all
}

func newHeldUpstream(t *testing.T) heldUpstream {
	t.Helper()
	u := heldUpstream{arrived: make(chan struct{}, 1000), release: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.arrived <- struct{}{}
		<-u.release
		servePage(w, r)
	}))
	t.Cleanup(server.Close)
	u.url = server.URL
	return u
}

// newClient returns a client for one request at a time. It has one connection: the
// service closes those on which no request comes.
func newClient(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxConnsPerHost: 1, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
