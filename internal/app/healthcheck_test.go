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

func TestHealthcheck(t *testing.T) {
	s, draining, release := startDraining(t, "-texter-project", "acme", "-addr", ":0")
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"", "0.0.0.0", "[::]", "127.0.0.1", "localhost"} {
		t.Run("it finds the service at "+host+":port", func(t *testing.T) {
			if err := healthcheck(t, host+":"+u.Port()); err != nil {
				t.Error(err)
			}
		})
	}
	s.stop()
	<-draining
	t.Run("it fails while the service drains", func(t *testing.T) {
		if err := healthcheck(t, ":"+u.Port()); err == nil || !strings.Contains(err.Error(), "503") {
			t.Errorf("got %v", err)
		}
	})
	close(release)
	s.end(t)
	t.Run("it fails once the service has ended", func(t *testing.T) {
		if err := healthcheck(t, ":"+u.Port()); err == nil || strings.Contains(err.Error(), "503") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("it fails on bad settings", func(t *testing.T) {
		if err := healthcheck(t, "nowhere"); err == nil || !strings.HasPrefix(err.Error(), "addr") {
			t.Errorf("got %v", err)
		}
	})
}
