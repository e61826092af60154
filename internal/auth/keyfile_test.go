package auth_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"texter-graphql/internal/auth"
)

// keyFile writes a file of access keys.
func keyFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "access-keys")
	write(t, path, content)
	return path
}

// write writes a file in one step.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// watched are access keys that are watched, and what is logged of them.
type watched struct {
	*auth.AccessKeys
	log <-chan string
}

// lines is a writer to a channel, a line at a time.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

func watch(t *testing.T, path string) watched {
	t.Helper()
	log := make(lines, 100)
	keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{
		Path: path, Interval: time.Millisecond, Logger: slog.New(slog.NewTextHandler(io.Writer(log), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		keys.Watch(ctx)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return watched{keys, log}
}

// logged waits for a line of the log that has these words.
func (w watched) logged(t *testing.T, words string) {
	t.Helper()
	for line := range w.log {
		if strings.Contains(line, words) {
			return
		}
	}
}

func (w watched) assert(t *testing.T, key string, accepted bool) {
	t.Helper()
	if _, err := w.Authenticate(t.Context(), key); accepted != (err == nil) {
		t.Errorf("accepted is %t", err == nil)
	}
}

// TestReload changes the file: keys come and go, and a file that is of no use
// leaves them as they were.
func TestReload(t *testing.T) {
	one, oneLine := newKey(t, "one")
	two, twoLine := newKey(t, "two")
	path := keyFile(t, oneLine)
	keys := watch(t, path)
	keys.assert(t, two, false)

	write(t, path, oneLine+"\n"+twoLine)
	keys.logged(t, "keys=2")
	keys.assert(t, one, true)
	keys.assert(t, two, true)

	write(t, path, oneLine+"\nbroken")
	keys.logged(t, "line 2 must")
	keys.assert(t, two, true)

	write(t, path, twoLine)
	keys.logged(t, "keys=1")
	keys.assert(t, one, false)
	keys.assert(t, two, true)

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	keys.logged(t, "opened")
	keys.assert(t, two, true)

	write(t, path, "# all are revoked")
	keys.logged(t, "keys=0")
	keys.assert(t, two, false)
	if len(keys.log) > 0 {
		t.Errorf("it also logs %s", <-keys.log)
	}
}

// TestReloadOfALink swaps the directory that the file is reached through, as
// Kubernetes does with a secret.
func TestReloadOfALink(t *testing.T) {
	one, oneLine := newKey(t, "one")
	two, twoLine := newKey(t, "two")
	mount, first, second := t.TempDir(), keyFile(t, oneLine), keyFile(t, twoLine)
	link := filepath.Join(mount, "data")
	for _, err := range []error{
		os.Symlink(filepath.Dir(first), link),
		os.Symlink(filepath.Join("data", "access-keys"), filepath.Join(mount, "access-keys")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	keys := watch(t, filepath.Join(mount, "access-keys"))
	keys.assert(t, one, true)
	if err := os.Symlink(filepath.Dir(second), link+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link+".new", link); err != nil {
		t.Fatal(err)
	}
	keys.logged(t, "keys=1")
	keys.assert(t, one, false)
	keys.assert(t, two, true)
}
