package hostile

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// texter stands in for Texter's API. It records the requests, and responds to each
// with one chat.
type texter struct {
	url string

	mu       sync.Mutex
	requests []*http.Request
}

func newTexter(t *testing.T) *texter {
	t.Helper()
	x := new(texter)
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

func (x *texter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	x.requests = append(x.requests, r)
	x.mu.Unlock()
	labels, _ := json.Marshal(append(r.URL.Query()["labels[]"], "a"))
	fmt.Fprintf(w, `{"data":[{"_id":"1","labels":%s}],"total":1}`, labels)
}

// asked returns the requests since the last call of asked.
func (x *texter) asked() []*http.Request {
	x.mu.Lock()
	defer x.mu.Unlock()
	since := x.requests
	x.requests = nil
	return since
}

// assertAsked fails unless there was one search, with exactly these parameters.
// Nil stands for no search.
func (x *texter) assertAsked(t *testing.T, want url.Values) {
	t.Helper()
	requests := x.asked()
	if want == nil {
		if len(requests) > 0 {
			t.Errorf("Texter was asked %q", requests[0].URL)
		}
		return
	}
	if len(requests) != 1 {
		t.Fatalf("Texter was asked %d times, want once", len(requests))
	}
	r := requests[0]
	if r.Method != http.MethodGet || r.URL.Path != "/chats/search" || "http://"+r.Host != x.url || r.ContentLength != 0 {
		t.Errorf("Texter was asked %s %s of %s", r.Method, r.URL.Path, r.Host)
	}
	if got, err := url.ParseQuery(r.URL.RawQuery); err != nil || got.Encode() != want.Encode() {
		t.Errorf("Texter was asked %q, want %q", r.URL.RawQuery, want.Encode())
	}
}
