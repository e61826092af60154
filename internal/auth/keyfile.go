package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// maxKeyFileBytes bounds the file of access keys: about 2,000 of them.
const maxKeyFileBytes = 256 << 10

// KeyFileOptions configure access keys.
type KeyFileOptions struct {
	// Path names the file.
	Path string
	// Logger is told of changes to the file.
	Logger *slog.Logger
	// Interval is how often to look for changes; 0 is every second.
	Interval time.Duration
}

// AccessKeys are Credentials: the access keys of a file. Each of its lines is
// a name, the hash of a key and, if it is not for the whole project, a scope,
// as NewAccessKey makes them; empty lines and those that start with # are left
// out.
type AccessKeys struct {
	options KeyFileOptions
	keys    atomic.Pointer[[]accessKey]
	content []byte // that the keys were read from
}

// LoadAccessKeys reads the file. It errors if the file can't be read or has a
// line that is wrong.
func LoadAccessKeys(o KeyFileOptions) (*AccessKeys, error) {
	if o.Interval == 0 {
		o.Interval = time.Second
	}
	k := &AccessKeys{options: o}
	_, err := k.reload()
	return k, err
}

// Watch takes up changes to the file until ctx ends. While the file is missing
// or wrong, the keys of before stay good.
//
// It reads the whole file each time: it is small, and its dates and inode tell
// less where it is a link that is replaced, as in a Kubernetes secret.
func (k *AccessKeys) Watch(ctx context.Context) {
	ticks := time.NewTicker(k.options.Interval)
	defer ticks.Stop()
	failure := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		changed, err := k.reload()
		switch {
		case err != nil && err.Error() != failure:
			k.options.Logger.ErrorContext(ctx, "the access keys of before stay good, because the file is of no use", "reason", err.Error())
		case changed:
			k.options.Logger.InfoContext(ctx, "access keys reloaded", "keys", len(*k.keys.Load()))
		}
		failure = ""
		if err != nil {
			failure = err.Error()
		}
	}
}

// reload reads the file and reports whether its keys are others than before.
func (k *AccessKeys) reload() (changed bool, err error) {
	content, err := readKeyFile(k.options.Path)
	if err != nil {
		return false, err
	}
	if k.keys.Load() != nil && bytes.Equal(content, k.content) {
		return false, nil
	}
	keys, err := parseAccessKeys(string(content))
	if err != nil {
		return false, err
	}
	k.content = content
	k.keys.Store(&keys)
	return true, nil
}

func readKeyFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, errors.New("it can't be opened")
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxKeyFileBytes+1))
	switch {
	case err != nil:
		return nil, errors.New("it can't be read")
	case len(content) > maxKeyFileBytes:
		return nil, fmt.Errorf("it is larger than %d bytes", maxKeyFileBytes)
	}
	return content, nil
}
