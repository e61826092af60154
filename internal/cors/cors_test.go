package cors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/cors"
)

func TestCheck(t *testing.T) {
	for origin, want := range map[string]bool{
		"*": true, "https://app.example.com": true, "https://*.example.com": true, "http://localhost:3000": true, "https://*.example.com:8443": true,
		"http://[::1]:3000": true, "capacitor://localhost": true, "http://app.example.com:443": true, "https://app.example.com:80": true,
		"": false, "null": false, "app.example.com": false, "*.example.com": false, "//app.example.com": false, "https://": false, "https://*.": false,
		"https://*": false, "https://app-*.example.com": false, "https://*.*.example.com": false, "https://a.*.example.com": false, "*://app.example.com": false,
		"https://app.example.com/": false, "https://app.example.com/path": false, "https://app.example.com?a": false, "https://app.example.com#a": false,
		"https://user@app.example.com": false, "https://app.example.com:443": false, "http://app.example.com:80": false, "https://*.example.com:443": false,
		"https://App.example.com": false, "HTTPS://app.example.com": false, "https://app.example.com:port": false, "https:// app": false,
	} {
		t.Run(fmt.Sprintf("%q can be listed: %t", origin, want), func(t *testing.T) {
			if err := cors.Check(origin); want != (err == nil) {
				t.Errorf("got %v", err)
			} else if err != nil && strings.Contains(err.Error(), "app-*") {
				t.Errorf("the origin is repeated: %v", err)
			}
		})
	}
}

func TestCheckHeader(t *testing.T) {
	for name, want := range map[string]bool{
		"X-Tenant": true, "x_tenant-9": true, "": false, "X Tenant": false, "X-Tenant:": false, "X-\r\nTenant": false, "*": false, "é": false,
	} {
		t.Run(fmt.Sprintf("%q can be listed: %t", name, want), func(t *testing.T) {
			if err := cors.CheckHeader(name); want != (err == nil) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAllows(t *testing.T) {
	for origin, want := range map[string]bool{"https://app.example.com": true, "https://evil.example": false, "null": false} {
		if got := (cors.Policy{Origins: []string{"https://app.example.com"}}).Allows(origin); got != want {
			t.Errorf("%s is allowed: %t", origin, got)
		}
		if !(cors.Policy{Origins: []string{"https://a.example", cors.Any}}).Allows(origin) {
			t.Errorf("%s is not allowed although all are", origin)
		}
		if (cors.Policy{}).Allows(origin) {
			t.Errorf("%s is allowed although none is listed", origin)
		}
	}
}

// headers returns the headers of the response to a request.
func headers(origins []string, method string, request ...string) http.Header {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Vary", "Accept") })
	r := httptest.NewRequest(method, "/graphql", nil)
	for _, header := range request {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	cors.Policy{Origins: origins, Headers: []string{"X-Tenant"}}.Handler(next).ServeHTTP(w, r)
	return w.Header()
}

// TestOrigins sends a preflight and a request of each origin.
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
		t.Run(fmt.Sprintf("%q may call: %t", origin, want), func(t *testing.T) {
			preflight := headers(origins, http.MethodOptions, "Origin: "+origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type")
			request := headers(origins, http.MethodPost, "Origin: "+origin)
			for name, header := range map[string]http.Header{"preflight": preflight, "request": request} {
				allowed := map[bool]string{true: origin}[want]
				if header.Get("Access-Control-Allow-Origin") != allowed || header.Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(strings.Join(header.Values("Vary"), ","), "Origin") {
					t.Errorf("%s: got %v", name, header)
				}
			}
			if want && (preflight.Get("Access-Control-Max-Age") != "600" || request.Get("Access-Control-Expose-Headers") != "X-Request-Id, Retry-After, X-Sandbox") {
				t.Errorf("got %v, %v", preflight, request)
			}
		})
	}
	t.Run("no page may call if no origin is listed", func(t *testing.T) {
		if got := headers(nil, http.MethodPost, "Origin: https://app.example.com"); got.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("got %v", got)
		}
	})
	for _, origin := range []string{"https://app.example.com", "null"} {
		t.Run(fmt.Sprintf("%q may call if * is listed", origin), func(t *testing.T) {
			got := headers([]string{"https://a.example", cors.Any}, http.MethodPost, "Origin: "+origin)
			if got.Get("Access-Control-Allow-Origin") != "*" || got.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestRequestHeaders lists headers as browsers do: in lower case, sorted.
func TestRequestHeaders(t *testing.T) {
	for names, want := range map[string]bool{
		"content-type":               true,
		"authorization,content-type": true,
		"apollo-require-preflight,authorization,content-type,x-apollo-operation-name":                                  true,
		"apollographql-client-name,apollographql-client-version,content-type":                                          true,
		"authorization,baggage,content-type,traceparent,tracestate":                                                    true,
		"accept,content-type,x-request-id":                                                                             true,
		"authorization,baggage,content-type,sentry-trace":                                                              true,
		"content-type,traceparent,x-datadog-origin,x-datadog-parent-id,x-datadog-sampling-priority,x-datadog-trace-id": true,
		"b3,content-type,x-b3-parentspanid,x-b3-sampled,x-b3-spanid,x-b3-traceid":                                      true,
		"content-type,elastic-apm-traceparent,newrelic,traceparent,tracestate,x-amzn-trace-id":                         true,
		"content-type,x-tenant": true,
		"cookie":                false,
		"content-type,x-other":  false,
	} {
		t.Run(fmt.Sprintf("%s may be sent: %t", names, want), func(t *testing.T) {
			got := headers([]string{"https://a.example"}, http.MethodOptions, "Origin: https://a.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: "+names)
			if want != (got.Get("Access-Control-Allow-Headers") == names) || want != (got.Get("Access-Control-Allow-Origin") != "") {
				t.Errorf("got %v", got)
			}
		})
	}
}
