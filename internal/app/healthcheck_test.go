package app

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// healthcheck runs the command with this address.
func healthcheck(t *testing.T, addr string) error {
	t.Helper()
	return execute(t.Context(), []string{"healthcheck"}, environment{"ADDR": addr}.get, io.Discard, io.Discard)
}

// TestServiceFlags: in a container, the command finds the flags that were given to the
// service.
func TestServiceFlags(t *testing.T) {
	for name, test := range map[string]struct{ words, want []string }{
		"the service":         {[]string{"/texter-graphql", "-addr", ":9"}, []string{"-addr", ":9"}},
		"without flags":       {[]string{"/texter-graphql"}, []string{}},
		"an init":             {[]string{"/sbin/docker-init", "--", "/texter-graphql", "-addr=:9", ""}, []string{"-addr=:9", ""}},
		"another program":     {[]string{"/sbin/init", "splash"}, nil},
		"a name that is like": {[]string{"/bin/texter-graphql-x", "-addr", ":9"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cmdline")
			if err := os.WriteFile(path, []byte(strings.Join(test.words, "\x00")+"\x00"), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := serviceFlags(path, "./texter-graphql"); !slices.Equal(got, test.want) || (got == nil) != (test.want == nil) {
				t.Errorf("got %q", got)
			}
		})
	}
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
	t.Run("it needs no other setting of the service", func(t *testing.T) {
		env := environment{"ADDR": ":" + u.Port(), "TEXTER_API_TOKEN": "canary", "CACHE_KEY": "short"}
		if err := execute(t.Context(), []string{"healthcheck"}, env.get, io.Discard, io.Discard); err != nil {
			t.Error(err)
		}
	})
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
