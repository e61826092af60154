package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keyPrefix starts every access key, so that people and scanners for leaked
// secrets know one when they see it.
const keyPrefix = "texter_graphql_"

// hashPrefix names the hash in the file of access keys.
const hashPrefix = "sha256:"

// maxNameLength bounds an access key's name, in bytes.
const maxNameLength = 64

var (
	errBadName    = errors.New("an access key's name must be 1 to 64 letters, digits, dots, hyphens and underscores")
	errUnknownKey = errors.New("no such access key")
)

// NewAccessKey makes an access key, and the line that lets it in: see
// AccessKeys. It errors if the name is not 1 to 64 letters, digits and any of
// -_.
//
// The key has at least 128 random bits, more than anybody can try. So its hash
// is SHA-256: the slow hashes for passwords protect secrets that people think
// of, and would be a way to keep the service busy.
func NewAccessKey(name string) (key, line string, err error) {
	if !validName(name) {
		return "", "", errBadName
	}
	key = keyPrefix + rand.Text()
	sum := sha256.Sum256([]byte(key))
	return key, name + " " + hashPrefix + hex.EncodeToString(sum[:]), nil
}

func validName(name string) bool {
	for _, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return name != "" && len(name) <= maxNameLength
}

// accessKey is a line of the file.
type accessKey struct {
	name string
	hash [sha256.Size]byte
}

// parseAccessKeys reads the lines. Its error names the line and not what is in
// it.
func parseAccessKeys(text string) ([]accessKey, error) {
	var keys []accessKey
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, err := parseAccessKey(line)
		for _, other := range keys {
			switch {
			case other.name == key.name:
				err = errors.New("repeats the name of another line")
			case other.hash == key.hash:
				err = errors.New("repeats the hash of another line")
			}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d %w", number, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func parseAccessKey(line string) (key accessKey, err error) {
	fields := strings.Fields(line)
	if len(fields) != 2 || !validName(fields[0]) {
		return key, errors.New("must be a name of letters, digits and any of -_. and then a hash")
	}
	digits, named := strings.CutPrefix(fields[1], hashPrefix)
	sum, err := hex.DecodeString(digits)
	if !named || err != nil || len(sum) != sha256.Size {
		return key, errors.New("must have a hash of " + hashPrefix + " and 64 hex digits")
	}
	return accessKey{fields[0], [sha256.Size]byte(sum)}, nil
}

// Authenticate implements Credentials. It looks at every key, so that its time
// does not tell which one is nearest.
func (k *AccessKeys) Authenticate(ctx context.Context, token string) (context.Context, error) {
	sum := sha256.Sum256([]byte(token))
	var found *accessKey
	keys := *k.keys.Load()
	for i := range keys {
		if subtle.ConstantTimeCompare(keys[i].hash[:], sum[:]) == 1 {
			found = &keys[i]
		}
	}
	if found == nil {
		return nil, errUnknownKey
	}
	return withCaller(ctx, "key:"+found.name), nil
}
