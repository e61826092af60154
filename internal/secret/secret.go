// Package secret reads secrets from files, and follows changes of the files.
package secret

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// maxBytes bounds the file of a secret, where Options say nothing else.
const maxBytes = 64 << 10

// ReadFile reads a secret from a file, without the white space around it. Its error
// says how the file must be. It holds neither the path nor the content.
func ReadFile(path string) (string, error) {
	content, err := readFile(path, maxBytes)
	if err != nil {
		return "", err
	}
	return trim(content)
}

func trim(content string) (string, error) {
	value := strings.TrimSpace(content)
	if value == "" {
		return "", errors.New("must name a file that is not empty")
	}
	return value, nil
}

func readFile(path string, most int) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", errors.New("must name a file that can be read")
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	switch {
	case err != nil:
		return "", errors.New("must name a file that can be read")
	case len(content) > most:
		return "", fmt.Errorf("must name a file of %d KiB or less", most>>10)
	}
	return string(content), nil
}

// Options say in which files a value is, and how it is made of them.
type Options[T any] struct {
	// Setting is the name of the setting, for the log.
	Setting string
	// Paths are those of the files.
	Paths []string
	// MaxBytes bounds each file; 0 means 64 KiB.
	MaxBytes int
	// Parse makes the value of the contents of the files, in the order of Paths. Its
	// error says what must change. It must not hold a content.
	Parse func(contents []string) (T, error)
	// Describe returns what the log says of a new value, as pairs of names and values.
	// Nil adds nothing.
	Describe func(T) []any
	// Changed is called after each change; may be nil.
	Changed func()
	// Logger logs that the value has changed, or that its files can't be used.
	Logger *slog.Logger
	// Interval is the time between two looks at the files; 0 means a second.
	Interval time.Duration
}

// Text is a Parse for one word or text in one file, without the white space around
// it. It errors as ReadFile and check do; check may be nil.
func Text(check func(string) error) func(contents []string) (string, error) {
	return func(contents []string) (string, error) {
		value, err := trim(contents[0])
		if err == nil && check != nil {
			err = check(value)
		}
		return value, err
	}
}

// Value is made of files that may change. It is safe for concurrent use.
type Value[T any] struct {
	options  Options[T]
	contents []string // of the files when the value was made
	current  atomic.Pointer[T]
	changes  atomic.Uint64
}

// Fixed returns a value that never changes.
func Fixed[T any](value T) *Value[T] {
	v := &Value[T]{}
	v.current.Store(&value)
	return v
}

// Load makes the value of the files as they are now. It errors if they can't be
// read, and as Parse does.
func Load[T any](o Options[T]) (*Value[T], error) {
	if o.Interval == 0 {
		o.Interval = time.Second
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = maxBytes
	}
	v := &Value[T]{options: o}
	_, err := v.reload()
	return v, err
}

// Get returns the value as it is now.
func (v *Value[T]) Get() T { return *v.current.Load() }

// Version is another number after each change. A caller that sees the number of
// before may have the value of before.
func (v *Value[T]) Version() uint64 { return v.changes.Load() }

// Watch looks at the files again and again, until ctx ends. While they are missing or
// wrong, the value stays what it was. Watch compares contents: dates say less where
// a file is a link that is replaced, as in a Kubernetes secret.
func (v *Value[T]) Watch(ctx context.Context) {
	if len(v.options.Paths) == 0 {
		return
	}
	ticks := time.NewTicker(v.options.Interval)
	defer ticks.Stop()
	failure := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		failure = v.look(ctx, failure)
	}
}

// look reloads the value, and logs what is new. It returns why the files can't be used;
// empty if they can. That is logged unless it is the same as the last time.
func (v *Value[T]) look(ctx context.Context, last string) (failure string) {
	changed, err := v.reload()
	switch {
	case err != nil:
		if err.Error() != last {
			v.options.Logger.ErrorContext(ctx, "the file of a secret can't be used; the previous secret stays", "setting", v.options.Setting, "reason", err.Error())
		}
		return err.Error()
	case changed:
		about := []any{"setting", v.options.Setting}
		if v.options.Describe != nil {
			about = append(about, v.options.Describe(v.Get())...)
		}
		if v.options.Changed != nil {
			v.options.Changed()
		}
		v.options.Logger.InfoContext(ctx, "secret reloaded", about...)
	}
	return ""
}

// reload reads the files, and reports whether they have changed.
func (v *Value[T]) reload() (changed bool, err error) {
	contents := make([]string, len(v.options.Paths))
	for i, path := range v.options.Paths {
		if contents[i], err = readFile(path, v.options.MaxBytes); err != nil {
			return false, err
		}
	}
	if slices.Equal(contents, v.contents) {
		return false, nil
	}
	value, err := v.options.Parse(contents)
	if err != nil {
		return false, err
	}
	v.contents = contents
	v.current.Store(&value)
	v.changes.Add(1)
	return true, nil
}
