package transport_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/graph"
)

// get makes a GET request for a search.
func get(headers ...string) *http.Request {
	return newRequest(http.MethodGet, "http://api.example.com/graphql?query={searchChats{totalCount}}", "", headers...)
}

// TestForgedRequests: a browser may send these requests for a page of another
// site without a preflight. They are refused.
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
		testRefused(t, strings.Join(headers, ", "), func() *http.Request { return get(headers...) }, http.StatusBadRequest)
	}
	for _, mediaType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", ""} {
		testRefused(t, "POST of "+mediaType, func() *http.Request {
			return newRequest(http.MethodPost, "/graphql", operation("{ searchChats { totalCount } }"), "Sec-Fetch-Site: cross-site", "Content-Type: "+mediaType)
		}, http.StatusUnsupportedMediaType)
	}
}

// TestAllowedOrigins: urql sends queries by GET, without any header that would need a
// preflight.
func TestAllowedOrigins(t *testing.T) {
	allow := func(o *graph.Options) {
		o.AllowOrigin = func(origin string) bool { return origin == "https://app.example.com" }
	}
	for name, test := range map[string]struct {
		headers []string
		status  int
	}{
		"a page that may call":                    {[]string{"Sec-Fetch-Site: cross-site", "Origin: https://app.example.com"}, 200},
		"a page that may call, in an old browser": {[]string{"Origin: https://app.example.com"}, 200},
		"another page":                            {[]string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, 400},
		"an image, which has no origin":           {[]string{"Sec-Fetch-Site: cross-site"}, 400},
		"an empty origin":                         {[]string{"Sec-Fetch-Site: cross-site", "Origin: "}, 400},
		"two origins":                             {[]string{"Sec-Fetch-Site: cross-site", "Origin: https://app.example.com", "Origin: https://evil.example"}, 400},
	} {
		t.Run(fmt.Sprintf("GET of %s gets %d", name, test.status), func(t *testing.T) {
			if w, done := serve(get(test.headers...), allow); w.Code != test.status || (done == 1) != (test.status == 200) {
				t.Errorf("status %d after %d searches: %s", w.Code, done, w.Body)
			}
		})
	}
}

// TestNoOriginIsAllowed where none is named, even if pages of all origins may call.
func TestNoOriginIsAllowed(t *testing.T) {
	all := func(o *graph.Options) { o.AllowOrigin = func(string) bool { return true } }
	for _, headers := range [][]string{{"Sec-Fetch-Site: cross-site"}, {"Sec-Fetch-Site: cross-site", "Origin: "}} {
		if w, done := serve(get(headers...), all); w.Code != http.StatusBadRequest || done != 0 {
			t.Errorf("%q gets %d", headers, w.Code)
		}
	}
}

// TestHonestRequests: a request is served if no browser sent it, or a page of the
// same origin, or the address bar, or if it had a preflight.
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
		t.Run(fmt.Sprintf("GET with %q", headers), func(t *testing.T) {
			if w, done := serve(get(headers...)); w.Code != http.StatusOK || done != 1 {
				t.Errorf("status %d after %d searches: %s", w.Code, done, w.Body)
			}
		})
	}
	t.Run("POST of JSON from another origin", func(t *testing.T) {
		w, done := serve(post(operation("{ searchChats { totalCount } }"), "Sec-Fetch-Site: cross-site", "Origin: https://app.example.com"))
		if w.Code != http.StatusOK || done != 1 {
			t.Errorf("status %d after %d searches", w.Code, done)
		}
	})
}
