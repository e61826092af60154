// Package secret holds secrets that stand in files, and follows changes of the files.
package secret

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// maxBytes bounds the file of a secret.
const maxBytes = 64 << 10

// ReadFile reads a secret from a file, without the white space around it. Its error
// says how the file must be. It holds neither the path nor the content.
func ReadFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", errors.New("must name a file that can be read")
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	switch value := strings.TrimSpace(string(content)); {
	case err != nil:
		return "", errors.New("must name a file that can be read")
	case len(content) > maxBytes:
		return "", errors.New("must name a file of 64 KiB or less")
	case value == "":
		return "", errors.New("must name a file that is not empty")
	default:
		return value, nil
	}
}

// Options say where a secret is.
type Options struct {
	// Setting is the name of the setting, for the log.
	Setting string
	// Path is the path of the file; empty if the secret is in no file, and never
	// changes.
	Path string
	// Check checks a new value. Its error must not hold the value. Nil accepts all.
	Check func(string) error
	// Logger logs that the secret has changed, or that its file can't be used.
	Logger *slog.Logger
	// Interval is the time between two looks at the file; 0 means a second.
	Interval time.Duration
}

// Value is a secret. It is safe for concurrent use.
type Value struct {
	options Options
	current atomic.Pointer[string]
}

// New returns the secret that has this value at first.
func New(value string, o Options) *Value {
	if o.Interval == 0 {
		o.Interval = time.Second
	}
	v := &Value{options: o}
	v.current.Store(&value)
	return v
}

// Get returns the secret as it is now.
func (v *Value) Get() string { return *v.current.Load() }

// Watch reads the file again and again, until ctx ends. While the file is missing or
// wrong, the secret stays what it was. Watch compares contents: dates say less where
// the file is a link that is replaced, as in a Kubernetes secret.
func (v *Value) Watch(ctx context.Context) {
	if v.options.Path == "" {
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
		failure = v.reload(ctx, failure)
	}
}

// reload reads the file. It logs a failure unless that is the last one, and returns it;
// empty for none.
func (v *Value) reload(ctx context.Context, last string) (failure string) {
	value, err := ReadFile(v.options.Path)
	if err == nil && value != v.Get() && v.options.Check != nil {
		err = v.options.Check(value)
	}
	switch {
	case err != nil && err.Error() != last:
		v.options.Logger.ErrorContext(ctx, "the file of a secret can't be used; the previous secret stays", "setting", v.options.Setting, "reason", err.Error())
		return err.Error()
	case err != nil:
		return last
	case value != v.Get():
		v.current.Store(&value)
		v.options.Logger.InfoContext(ctx, "secret reloaded", "setting", v.options.Setting)
	}
	return ""
}
