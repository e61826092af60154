package cors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/cors"
)

// TestCheck looks at what can be listed.
func TestCheck(t *testing.T) {
	for origin, want := range map[string]bool{
		"*": true, "https://app.example.com": true, "https://*.example.com": true, "http://localhost:3000": true, "https://*.example.com:8443": true,
		"http://[::1]:3000": true, "capacitor://localhost": true, "http://app.example.com:443": true,
		"": false, "null": false, "app.example.com": false, "*.example.com": false, "//app.example.com": false, "https://": false, "https://*.": false,
		"https://*": false, "https://app-*.example.com": false, "https://*.*.example.com": false, "https://a.*.example.com": false, "*://app.example.com": false,
		"https://app.example.com/": false, "https://app.example.com/path": false, "https://app.example.com?a": false, "https://app.example.com#a": false,
		"https://user@app.example.com": false, "https://app.example.com:443": false, "http://app.example.com:80": false, "https://*.example.com:443": false,
		"https://App.example.com": false, "HTTPS://app.example.com": false, "https://app.example.com:port": false, "https:// app": false,
	} {
		if err := cors.Check(origin); want != (err == nil) {
			t.Errorf("%s: got %v", origin, err)
		} else if err != nil && origin != "" && strings.Contains(err.Error(), "app-*") {
			t.Errorf("%s is repeated: %v", origin, err)
		}
	}
}

func ask(origins []string, method string, headers ...string) http.Header {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Vary", "Accept") })
	r := httptest.NewRequest(method, "/graphql", nil)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	cors.Handler(origins, next).ServeHTTP(w, r)
	return w.Header()
}

// TestOrigins looks at which origins may call, by preflights and by requests.
func TestOrigins(t *testing.T) {
	origins := []string{"https://app.example.com", "https://*.apps.example.com", "http://localhost:3000", "https://*.ports.example.com:8443"}
	for origin, want := range map[string]bool{
		"https://app.example.com": true, "https://a.apps.example.com": true, "https://a.b.apps.example.com": true, "https://xn--p1ai.apps.example.com": true,
		"http://localhost:3000": true, "https://a.ports.example.com:8443": true,
		"null": false, "*": false, "https://*.apps.example.com": false, "https://app.example.com.evil.io": false, "https://evil-app.example.com": false,
		"https://evilapps.example.com": false, "https://apps.example.com": false, "https://.apps.example.com": false,
		"https://evil.io/.apps.example.com": false, "https://evil.io?.apps.example.com": false, "https://evil.io#.apps.example.com": false,
		"https://evil.io:443.apps.example.com": false, "https://evil.io\\.apps.example.com": false, "https://a@b.apps.example.com": false,
		"https://evil.io .apps.example.com": false, "https://evil.io,https://a.apps.example.com": false, "https://evil.io\x00.apps.example.com": false,
		"https://a.apps.example.com:8443": false, "https://a.ports.example.com": false, "https://a.ports.example.com:443": false,
		"http://app.example.com": false, "http://a.apps.example.com": false, "https://app.example.com:443": false, "https://app.example.com/": false,
		"HTTPS://app.example.com": false, "https://APP.example.com": false, "https://A.apps.example.com": false, "http://localhost": false, "http://localhost:30000": false,
		"https://аpp.example.com": false,
	} {
		preflight := ask(origins, http.MethodOptions, "Origin: "+origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type")
		request := ask(origins, http.MethodPost, "Origin: "+origin)
		for name, header := range map[string]http.Header{"preflight": preflight, "request": request} {
			allowed := map[bool]string{true: origin}[want]
			if header.Get("Access-Control-Allow-Origin") != allowed || header.Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(strings.Join(header.Values("Vary"), ","), "Origin") {
				t.Errorf("%s of %s: got %v", name, origin, header)
			}
		}
		if want && (preflight.Get("Access-Control-Max-Age") == "" || request.Get("Access-Control-Expose-Headers") != "X-Request-Id, Retry-After") {
			t.Errorf("%s: got %v, %v", origin, preflight, request)
		}
	}
}

// TestNobodyAndAnybody has no list, and one of all.
func TestNobodyAndAnybody(t *testing.T) {
	if got := ask(nil, http.MethodPost, "Origin: https://app.example.com"); got.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("nobody: got %v", got)
	}
	for _, origin := range []string{"https://app.example.com", "null"} {
		got := ask([]string{"https://a.example", cors.Any}, http.MethodPost, "Origin: "+origin)
		if got.Get("Access-Control-Allow-Origin") != "*" || got.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("anybody, %s: got %v", origin, got)
		}
	}
}

// TestHeadersOfClients lets through what the clients of dashboards send, as
// browsers write it: in lower case, sorted.
func TestHeadersOfClients(t *testing.T) {
	for headers, want := range map[string]bool{
		"content-type":               true,
		"authorization,content-type": true,
		"apollo-require-preflight,authorization,content-type,x-apollo-operation-name": true,
		"apollographql-client-name,apollographql-client-version,content-type":         true,
		"authorization,baggage,content-type,traceparent,tracestate":                   true,
		"accept,content-type,x-request-id":                                            true,
		"cookie":                                                                      false,
		"content-type,x-other":                                                        false,
	} {
		got := ask([]string{"https://a.example"}, http.MethodOptions, "Origin: https://a.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: "+headers)
		if want != (got.Get("Access-Control-Allow-Headers") == headers) || want != (got.Get("Access-Control-Allow-Origin") != "") {
			t.Errorf("%s: got %v", headers, got)
		}
	}
}
