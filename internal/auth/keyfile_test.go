package auth_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"texter-graphql/internal/auth"
)

// keyFile writes a file of access keys. The content lacks its last line end.
func keyFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "access-keys")
	write(t, path, content)
	return path
}

// write writes a file in one step. The content lacks its last line end.
func write(t *testing.T, path, content string) {
	t.Helper()
	writeBytes(t, path, content+"\n")
}

func writeBytes(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// lines is a writer that sends each line to a channel.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

// watched are access keys whose file is watched.
type watched struct {
	*auth.AccessKeys
	t   *testing.T
	log lines
}

func watch(t *testing.T, path string) watched {
	t.Helper()
	log := make(lines, 100)
	keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{
		Path: path, Interval: time.Millisecond, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { keys.Watch(ctx) })
	t.Cleanup(func() {
		cancel()
		watching.Wait()
	})
	return watched{keys, t, log}
}

// awaitLog waits for a line of the log that has these words. All lines name the setting.
func (w watched) awaitLog(words string) {
	w.t.Helper()
	for line := range w.log {
		if !strings.Contains(line, "access-keys") {
			w.t.Errorf("the log has %s", line)
		}
		if strings.Contains(line, words) {
			return
		}
	}
}

// assert fails unless these keys are accepted, or refused.
func (w watched) assert(t *testing.T, accepted bool, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if _, err := w.Authenticate(t.Context(), key); accepted != (err == nil) {
			t.Errorf("accepted is %t", err == nil)
		}
	}
}

// TestEndOfAKeyFile: of a last line without its end, a part may be missing.
func TestEndOfAKeyFile(t *testing.T) {
	_, line := newKey(t, "one")
	for name, test := range map[string]struct {
		content string
		read    bool
	}{
		"a line end": {line + "\n", true}, "no line end": {line, false}, "nothing": {"", true},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "access-keys")
			writeBytes(t, path, test.content)
			_, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: path})
			if (err == nil) != test.read || err != nil && !strings.Contains(err.Error(), "the rest of it may be missing") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestChangesOfAKeyFile(t *testing.T) {
	one, oneLine := newKey(t, "one")
	two, twoLine := newKey(t, "two")
	path := keyFile(t, oneLine)
	keys := watch(t, path)
	t.Run("a key that is not in the file is refused", func(t *testing.T) { keys.assert(t, false, two) })
	t.Run("a new line lets a key in", func(t *testing.T) {
		write(t, path, oneLine+"\n"+twoLine)
		keys.awaitLog("keys=2")
		keys.assert(t, true, one, two)
	})
	t.Run("a wrong line leaves the keys as they were", func(t *testing.T) {
		write(t, path, oneLine+"\nbroken")
		keys.awaitLog("line 2 must")
		keys.assert(t, true, one, two)
	})
	t.Run("a last line that is cut off leaves the keys as they were", func(t *testing.T) {
		writeBytes(t, path, oneLine)
		keys.awaitLog("line end")
		keys.assert(t, true, one, two)
	})
	t.Run("a key without its line is refused", func(t *testing.T) {
		write(t, path, twoLine)
		keys.awaitLog("keys=1")
		keys.assert(t, false, one)
		keys.assert(t, true, two)
	})
	t.Run("a missing file leaves the keys as they were", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		keys.awaitLog("can be read")
		keys.assert(t, true, two)
	})
	t.Run("a file without keys refuses all", func(t *testing.T) {
		write(t, path, "# all are revoked")
		keys.awaitLog("keys=0")
		keys.assert(t, false, two)
	})
	t.Run("an empty file is one without keys", func(t *testing.T) {
		write(t, path, twoLine)
		keys.awaitLog("keys=1")
		writeBytes(t, path, "")
		keys.awaitLog("keys=0")
	})
	t.Run("nothing is logged twice", func(t *testing.T) {
		if len(keys.log) > 0 {
			t.Errorf("it also logs %s", <-keys.log)
		}
	})
}

// TestReplacedFolderOfAKeyFile replaces the folder that the path leads through,
// as Kubernetes does with a secret.
func TestReplacedFolderOfAKeyFile(t *testing.T) {
	one, oneLine := newKey(t, "one")
	two, twoLine := newKey(t, "two")
	mount, first, second := t.TempDir(), keyFile(t, oneLine), keyFile(t, twoLine)
	link, path := filepath.Join(mount, "data"), filepath.Join(mount, "access-keys")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Symlink(filepath.Dir(first), link))
	must(os.Symlink(filepath.Join("data", "access-keys"), path))
	keys := watch(t, path)
	keys.assert(t, true, one)
	must(os.Symlink(filepath.Dir(second), link+".new"))
	must(os.Rename(link+".new", link))
	keys.awaitLog("keys=1")
	keys.assert(t, false, one)
	keys.assert(t, true, two)
}
