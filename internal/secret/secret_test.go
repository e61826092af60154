package secret_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/secret"
)

func TestReadFile(t *testing.T) {
	write := func(content string) string {
		path := filepath.Join(t.TempDir(), "canary")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, test := range map[string]struct{ path, want, rule string }{
		"a value":                     {write("a"), "a", ""},
		"white space around it":       {write("\n a b\r\n"), "a b", ""},
		"64 KiB":                      {write(strings.Repeat("a", 64<<10)), strings.Repeat("a", 64<<10), ""},
		"more than that":              {write(strings.Repeat("a", 64<<10+1)), "", "64 KiB"},
		"an empty file":               {write(" \n"), "", "not empty"},
		"no file":                     {write("a") + "/canary", "", "can be read"},
		"a folder in place of a file": {t.TempDir(), "", "can be read"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := secret.ReadFile(test.path)
			if got != test.want || (err != nil) != (test.rule != "") || err != nil && (!strings.Contains(err.Error(), test.rule) || strings.Contains(err.Error(), "canary")) {
				t.Errorf("got %.20q, %v", got, err)
			}
		})
	}
}

// logged is what was logged since the last Reset.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

// TestWatch follows a file through its changes.
func TestWatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("first\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		log, changes := new(logged), uint64(0)
		v, err := secret.Load(secret.Options[string]{
			Setting: "TOKEN_FILE", Paths: []string{path}, Logger: slog.New(slog.NewTextHandler(log, nil)),
			Parse: secret.Text(func(value string) error {
				if strings.Contains(value, " ") {
					return errors.New("must be one word")
				}
				return nil
			}),
			Changed: func() { changes++ },
		})
		if err != nil {
			t.Fatal(err)
		}
		first := v.Version()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go v.Watch(ctx)
		log.Reset()
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if v.Get() != "first" || strings.Count(log.String(), "must name a file that can be read") != 1 {
			t.Errorf("without a file: %q; the log is %s", v.Get(), log)
		}
		for _, step := range []struct{ name, content, want, logged string }{
			{"the same value again", "first\n", "first", ""},
			{"another value", "second\n", "second", "secret reloaded"},
			{"a wrong value", "canary canary", "second", "must be one word"},
			{"an empty file", "empty", "second", "not empty"},
			{"no file", "", "second", "can be read"},
			{"a right value again", "third", "third", "secret reloaded"},
		} {
			err := os.Remove(path)
			if step.content != "" {
				err = os.WriteFile(path, []byte(strings.TrimPrefix(step.content, "empty")), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			log.Reset()
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if got := v.Get(); got != step.want || strings.Count(log.String(), "\n") != min(1, len(step.logged)) || !strings.Contains(log.String(), step.logged) {
				t.Errorf("%s: got %q; the log is %s", step.name, got, log)
			}
			if strings.Contains(log.String(), "setting=TOKEN_FILE") != (step.logged != "") {
				t.Errorf("%s: the log does not name the setting: %s", step.name, log)
			}
			if strings.Contains(log.String(), "canary") {
				t.Errorf("%s: the log has the value: %s", step.name, log)
			}
		}
		if changes != 2 || v.Version() != first+2 {
			t.Errorf("%d changes, version %d after %d", changes, v.Version(), first)
		}
	})
}

// TestText holds what a secret of one file may be.
func TestText(t *testing.T) {
	odd := errors.New("odd")
	for name, test := range map[string]struct {
		check         func(string) error
		content, want string
		err           error
	}{
		"without a check":  {nil, " a\n", "a", nil},
		"one that is fine": {func(string) error { return nil }, "a", "a", nil},
		"one that is odd":  {func(string) error { return odd }, "a", "a", odd},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := secret.Text(test.check)([]string{test.content}); got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	t.Run("an empty one is not checked", func(t *testing.T) {
		if _, err := secret.Text(func(string) error { return odd })([]string{"\n"}); err == nil || errors.Is(err, odd) {
			t.Errorf("got %v", err)
		}
	})
}

// TestLoadWithoutFile holds that a value is not made of a file that is missing.
func TestLoadWithoutFile(t *testing.T) {
	_, err := secret.Load(secret.Options[string]{Paths: []string{filepath.Join(t.TempDir(), "none")}, Parse: secret.Text(nil)})
	if err == nil {
		t.Error("it is loaded")
	}
}

// TestFixed holds that a value without files has none to watch.
func TestFixed(t *testing.T) {
	v := secret.Fixed("a")
	v.Watch(t.Context())
	if got := v.Get(); got != "a" {
		t.Errorf("got %q", got)
	}
}

// TestPair follows two files that only fit together: while one is replaced before the
// other, the value stays.
func TestPair(t *testing.T) {
	folder := t.TempDir()
	paths := []string{filepath.Join(folder, "one"), filepath.Join(folder, "two")}
	write := func(t *testing.T, path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(t, paths[0], "a")
	write(t, paths[1], "a")
	synctest.Test(t, func(t *testing.T) {
		log := new(logged)
		v, err := secret.Load(secret.Options[string]{
			Paths: paths, Interval: time.Minute, Logger: slog.New(slog.NewTextHandler(log, nil)), Describe: func(value string) []any { return []any{"about", value} },
			Parse: func(contents []string) (string, error) {
				if contents[0] != contents[1] {
					return "", errors.New("must belong together")
				}
				return contents[0], nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go v.Watch(ctx)
		for i, want := range []struct{ value, logged string }{{"a", "must belong together"}, {"b", "about=b"}} {
			write(t, paths[i], "b")
			log.Reset()
			time.Sleep(59 * time.Second)
			synctest.Wait()
			if log.String() != "" {
				t.Errorf("before the interval is over, the log is %s", log)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if got := v.Get(); got != want.value || strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), want.logged) {
				t.Errorf("got %q; the log is %s", got, log)
			}
		}
	})
}
