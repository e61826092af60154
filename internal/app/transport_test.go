package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"testing"

	"texter-graphql/internal/config"
	"texter-graphql/internal/health"
)

// TestTexterTransport: -texter-transport says whether net/http sends the calls
// to Texter. Only net/http reports to an httptrace.
func TestTexterTransport(t *testing.T) {
	texter := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer texter.Close()
	for value, netHTTP := range map[string]bool{"": false, "direct": false, "standard": true} {
		t.Run(fmt.Sprintf("%q", value), func(t *testing.T) {
			cfg, err := config.Parse(nil, environment{"TEXTER_TRANSPORT": value}.get, os.Stderr)
			if err != nil {
				t.Fatal(err)
			}
			used := false
			trace := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { used = true }})
			r, err := http.NewRequestWithContext(trace, http.MethodGet, texter.URL, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			res, err := newTransport(cfg, &observation{}, &health.Health{}).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if used != netHTTP {
				t.Errorf("net/http is used: %t", used)
			}
		})
	}
}
