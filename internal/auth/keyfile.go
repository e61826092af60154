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
	// Path is the path of the file.
	Path string
	// Logger logs that the file has changed, or can't be used.
	Logger *slog.Logger
	// Interval is the time between two looks at the file; 0 means a second.
	Interval time.Duration
}

// AccessKeys are Credentials: the access keys of a file. Each line of the file
// has a name, the hash of a key and, if the key is not for the whole project, a
// scope: see NewAccessKey. Empty lines and lines that begin with # are skipped. The last
// line must have a line end.
type AccessKeys struct {
	options KeyFileOptions
	keys    atomic.Pointer[[]accessKey]
	changes atomic.Uint64 // of keys
	content []byte        // the file when the keys were read
}

// LoadAccessKeys reads the file. It errors if the file can't be read, or if one of
// its lines is wrong.
func LoadAccessKeys(o KeyFileOptions) (*AccessKeys, error) {
	if o.Interval == 0 {
		o.Interval = time.Second
	}
	k := &AccessKeys{options: o}
	_, err := k.reload()
	return k, err
}

// Watch loads the file again whenever it changes, until ctx ends. While the file
// is missing or wrong, the previous keys stay valid.
//
// Watch compares the content of the file, which is small. Dates and inodes say
// less where the file is a link that is replaced, as in a Kubernetes secret.
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
			k.options.Logger.ErrorContext(ctx, "the file of access keys can't be used; the previous keys stay valid", "reason", err.Error())
		case changed:
			k.options.Logger.InfoContext(ctx, "access keys reloaded", "keys", len(*k.keys.Load()))
		}
		failure = ""
		if err != nil {
			failure = err.Error()
		}
	}
}

// reload reads the file. It reports whether the content has changed.
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
	k.changes.Add(1)
	return true, nil
}

func (k *AccessKeys) version() uint64 { return k.changes.Load() }

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
	case len(content) > 0 && content[len(content)-1] != '\n': // or a key could lack its scope
		return nil, errors.New("its last line has no line end, so that the rest of it may be missing")
	}
	return content, nil
}
