package app

import (
	"io"
	"net/url"
	"strings"
	"testing"
)

// healthcheck runs the command with this address.
func healthcheck(t *testing.T, addr string) error {
	t.Helper()
	return execute(t.Context(), []string{"healthcheck"}, environment{"ADDR": addr}.get, io.Discard, io.Discard)
}

// TestHealthcheck finds the service wherever it listens, and fails once it
// drains, and once it is gone.
func TestHealthcheck(t *testing.T) {
	s := start(t, nil, "-addr", ":0", "-drain-delay", "2s")
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"", "0.0.0.0", "[::]", "127.0.0.1", "localhost"} {
		if err := healthcheck(t, host+":"+u.Port()); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	s.stop()
	for err = nil; err == nil; {
		err = healthcheck(t, ":"+u.Port())
	}
	if !strings.Contains(err.Error(), "503") {
		t.Errorf("while draining: %v", err)
	}
	<-s.done
	if err := healthcheck(t, ":"+u.Port()); err == nil || strings.Contains(err.Error(), "503") {
		t.Errorf("once gone: %v", err)
	}
}

// TestHealthcheckOfBadSettings fails as the service would.
func TestHealthcheckOfBadSettings(t *testing.T) {
	if err := healthcheck(t, "nowhere"); err == nil || !strings.HasPrefix(err.Error(), "addr") {
		t.Errorf("got %v", err)
	}
}
