package transport_test

import (
	"net/http"
	"testing"
)

// get makes a GET request of a search.
func get(headers ...string) *http.Request {
	return newRequest(http.MethodGet, "http://api.example.com/graphql?query={searchChats{totalCount}}", "", headers...)
}

// TestForgedRequests have browsers send requests for pages of other sites, in
// the ways that need no preflight.
func TestForgedRequests(t *testing.T) {
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site"},
		{"Sec-Fetch-Site: same-site"},
		{"Sec-Fetch-Site: something new"},
		{"Sec-Fetch-Site: cross-site", "Origin: http://api.example.com"},
		{"Origin: https://evil.example"},
		{"Origin: null"},
		{"Origin: http://api.example.com.evil.example"},
		{"Origin: http://api.example.com:8080"},
		{"Origin: %zz"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: text/plain"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: TEXT/Plain; charset=utf-8"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: multipart/form-data; boundary=a"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: application/x-www-form-urlencoded"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: text/plain; =;"},
		{"Sec-Fetch-Site: cross-site", "Apollo-Require-Preflight: "},
		{"Sec-Fetch-Site: cross-site", "Authorization: Basic YTpi"},
		{"Sec-Fetch-Site: cross-site", "Accept-Language: en"},
	} {
		refused(t, headers[0], func() *http.Request { return get(headers...) }, http.StatusBadRequest)
	}
	for _, mediaType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", ""} {
		refused(t, "POST of "+mediaType, func() *http.Request {
			return newRequest(http.MethodPost, "/graphql", operation("{ searchChats { totalCount } }"), "Sec-Fetch-Site: cross-site", "Content-Type: "+mediaType)
		}, http.StatusUnsupportedMediaType)
	}
}

// TestHonestRequests are from no browser, from a page of this very origin, from
// the address bar, or were preflighted.
func TestHonestRequests(t *testing.T) {
	for _, headers := range [][]string{
		nil,
		{"Sec-Fetch-Mode: cors"}, // Node's fetch
		{"Sec-Fetch-Site: same-origin"},
		{"Sec-Fetch-Site: none"},
		{"Origin: http://api.example.com"},
		{"Sec-Fetch-Site: cross-site", "Apollo-Require-Preflight: true"},
		{"Sec-Fetch-Site: cross-site", "X-Apollo-Operation-Name: Chats"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: application/json"},
		{"Sec-Fetch-Site: cross-site", "Authorization: bearer a"},
		{"Origin: https://app.example.com", "Apollo-Require-Preflight: 1"},
	} {
		if w, done := serve(get(headers...)); w.Code != http.StatusOK || done != 1 {
			t.Errorf("%q: status %d after %d searches: %s", headers, w.Code, done, w.Body)
		}
	}
	w, done := serve(post(operation("{ searchChats { totalCount } }"), "Sec-Fetch-Site: cross-site", "Origin: https://app.example.com"))
	if w.Code != http.StatusOK || done != 1 {
		t.Errorf("POST: status %d after %d searches", w.Code, done)
	}
}
