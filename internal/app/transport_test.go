package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"

	"texter-graphql/internal/config"
)

// TestTexterTransport: -texter-transport says whether net/http sends the calls
// to Texter.
func TestTexterTransport(t *testing.T) {
	for value, netHTTP := range map[string]bool{"": false, "direct": false, "standard": true} {
		t.Run(fmt.Sprintf("%q", value), func(t *testing.T) {
			s, texterURL := newServiceBy(t, value)
			defer s.close(t.Context())
			if used, _ := call(t, s, texterURL); used != netHTTP {
				t.Errorf("net/http is used: %t", used)
			}
		})
	}
}

// TestConnectionsToTexterAreClosed: a service that is closed keeps no connection
// to Texter.
func TestConnectionsToTexterAreClosed(t *testing.T) {
	s, texterURL := newServiceBy(t, "standard")
	call(t, s, texterURL)
	if _, reused := call(t, s, texterURL); !reused {
		t.Error("the second call does not use the connection of the first one")
	}
	s.close(t.Context())
	if _, reused := call(t, s, texterURL); reused {
		t.Error("the connection is still open")
	}
	s.close(t.Context())
}

// newServiceBy makes a service whose calls to Texter are sent by this transport.
func newServiceBy(t *testing.T, transport string) (s *service, texterURL string) {
	t.Helper()
	texter := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(texter.Close)
	env := environment{"TEXTER_TRANSPORT": transport, "TEXTER_URL": texter.URL}
	cfg, err := config.Parse(nil, env.get, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = newService(cfg, &observation{}); err != nil {
		t.Fatal(err)
	}
	return s, texter.URL
}

// call asks Texter, and reports whether net/http sent the call, and over a
// connection that was used before. Only net/http reports to an httptrace.
func call(t *testing.T, s *service, texterURL string) (netHTTP, reused bool) {
	t.Helper()
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		netHTTP, reused = true, info.Reused
	}})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, texterURL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.upstream.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return netHTTP, reused
}
