package load

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// onePage is 30 chats.
var onePage = fmt.Sprintf(`{"data":[%s],"total":5000}`, strings.TrimSuffix(strings.Repeat(
	`{"_id":"972521234567","title":"Noa Levi","status":1,"last_message_timestamp":1762012091000,"labels":["vip","new"]},`, 30), ","))

const search = "{ searchChats { totalCount nodes { id name status lastMessageAt labels } } }"

// newUpstream starts one that answers with onePage after a while.
func newUpstream(t *testing.T, latency time.Duration) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if latency > 0 {
			select {
			case <-time.After(latency):
			case <-r.Context().Done():
				return
			}
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(onePage)))
		_, _ = io.WriteString(w, onePage)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// newClient keeps as many connections as there are requests at once.
func newClient(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
