package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"texter-graphql/texter/scope"
)

// keyPrefix is how every access key begins, so that people, and programs that
// search for leaked secrets, recognize one.
const keyPrefix = "texter_graphql_"

// hashPrefix stands before each hash in the file of access keys.
const hashPrefix = "sha256:"

// maxNameLength bounds an access key's name, in bytes.
const maxNameLength = 64

var errBadName = errors.New("an access key's name must be 1 to 64 letters, digits, dots, hyphens and underscores")

// NewAccessKey returns a new access key, and the line of the file that lets it
// in: see AccessKeys. The scope is JSON for scope.Parse, or empty for the whole
// project. NewAccessKey errors if the scope is wrong, or if the name is not 1 to
// 64 letters, digits, dots, hyphens and underscores.
//
// The key has at least 128 random bits: nobody can guess it. So a fast hash,
// SHA-256, is enough. The slow hashes for passwords protect secrets that people
// choose, and would let callers keep the service busy.
func NewAccessKey(name, scopeText string) (key, line string, err error) {
	if !validName(name) {
		return "", "", errBadName
	}
	key = keyPrefix + rand.Text()
	sum := sha256.Sum256([]byte(key))
	line = name + " " + hashPrefix + hex.EncodeToString(sum[:])
	if scopeText == "" {
		return key, line, nil
	}
	if _, err := scope.Parse([]byte(scopeText)); err != nil {
		return "", "", fmt.Errorf("the access key's scope is wrong: %w", err)
	}
	oneLine := bytes.NewBufferString(line + " ")
	err = json.Compact(oneLine, []byte(scopeText))
	return key, oneLine.String(), err
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
	name  string
	hash  [sha256.Size]byte
	scope scope.Scope
}

// parseAccessKeys parses the lines of the file. Its error has the number of the
// line, but not its content.
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
	name, rest := cutWord(line)
	hash, scopeText := cutWord(rest)
	digits, isSHA256 := strings.CutPrefix(hash, hashPrefix)
	sum, err := hex.DecodeString(digits)
	switch {
	case !validName(name):
		return key, errors.New("must start with a name of letters, digits, dots, hyphens and underscores")
	case !isSHA256 || err != nil || len(sum) != sha256.Size:
		return key, errors.New("must have after its name " + hashPrefix + " and 64 hex digits")
	case scopeText != "":
		if key.scope, err = scope.Parse([]byte(scopeText)); err != nil {
			return key, fmt.Errorf("has a wrong scope: %w", err)
		}
	}
	key.name, key.hash = name, [sha256.Size]byte(sum)
	return key, nil
}

// cutWord splits a text after its first word.
func cutWord(text string) (word, rest string) {
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i], strings.TrimLeft(text[i:], " \t")
	}
	return text, ""
}

// Authenticate implements Credentials. It compares the token with every key, so
// that the time it takes says nothing about the keys.
func (k *AccessKeys) Authenticate(ctx context.Context, token string) (context.Context, error) {
	sum := sha256.Sum256([]byte(token))
	var found *accessKey
	keys := k.Get()
	for i := range keys {
		if subtle.ConstantTimeCompare(keys[i].hash[:], sum[:]) == 1 {
			found = &keys[i]
		}
	}
	if found == nil {
		return nil, UnknownAccessKey
	}
	id := &identity{name: "key:" + found.name, kind: k, token: token}
	return scope.NewContext(withCaller(ctx, id), found.scope), nil
}
