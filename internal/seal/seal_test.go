package seal_test

import (
	"bytes"
	"testing"

	"texter-graphql/internal/seal"
)

func TestDerive(t *testing.T) {
	secret := seal.Derive("key", "purpose")
	if len(secret) != 32 || !bytes.Equal(secret, seal.Derive("key", "purpose")) {
		t.Errorf("it is %x, and then another", secret)
	}
	if bytes.Equal(secret, seal.Derive("key", "another")) || bytes.Equal(secret, seal.Derive("another", "purpose")) {
		t.Error("another key or purpose makes the same secret")
	}
}

func TestCipher(t *testing.T) {
	open := func(secret, purpose, name, message string) bool {
		sealed := seal.Cipher([]byte("secret"), []byte("purpose")).Seal(nil, nil, []byte(message), []byte("name"))
		plain, err := seal.Cipher([]byte(secret), []byte(purpose)).Open(nil, nil, sealed, []byte(name))
		return err == nil && string(plain) == message
	}
	if !open("secret", "purpose", "name", "message") || !open("secret", "purpose", "name", "") {
		t.Error("a message does not open")
	}
	for what, opens := range map[string]bool{
		"secret":  open("another", "purpose", "name", "message"),
		"purpose": open("secret", "another", "name", "message"),
		"name":    open("secret", "purpose", "another", "message"),
	} {
		t.Run("a message does not open with another "+what, func(t *testing.T) {
			if opens {
				t.Error("it opens")
			}
		})
	}
}

func TestFollow(t *testing.T) {
	key, calls := "a", 0
	made := seal.Follow(func() string { return key }, func(key string) string { calls++; return "of " + key })
	for _, next := range []struct {
		key   string
		calls int
	}{{"a", 1}, {"a", 1}, {"b", 2}, {"a", 3}} {
		if key = next.key; made() != "of "+next.key || calls != next.calls {
			t.Errorf("%s makes %s, in call %d", next.key, made(), calls)
		}
	}
}
