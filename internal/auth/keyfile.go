package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"texter-graphql/internal/secret"
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
type AccessKeys struct{ *secret.Value[[]accessKey] }

// LoadAccessKeys reads the file. It errors if the file can't be read, or if one of
// its lines is wrong. The keys follow the file while Watch runs.
func LoadAccessKeys(o KeyFileOptions) (*AccessKeys, error) {
	keys, err := secret.Load(secret.Options[[]accessKey]{
		Setting: "access-keys", Paths: []string{o.Path}, MaxBytes: maxKeyFileBytes, Logger: o.Logger, Interval: o.Interval,
		Parse:    func(contents []string) ([]accessKey, error) { return parseKeyFile(contents[0]) },
		Describe: func(keys []accessKey) []any { return []any{"keys", len(keys)} },
	})
	return &AccessKeys{keys}, err
}

func (k *AccessKeys) version() uint64 { return k.Version() }

func parseKeyFile(content string) ([]accessKey, error) {
	if content != "" && !strings.HasSuffix(content, "\n") { // or a key could lack its scope
		return nil, errors.New("must name a file whose last line has a line end: the rest of it may be missing")
	}
	keys, err := parseAccessKeys(content)
	if err != nil {
		return nil, fmt.Errorf("must name a file of access keys: %w", err)
	}
	return keys, nil
}
