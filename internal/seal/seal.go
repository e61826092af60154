// Package seal makes secrets from a configured key, and ciphers from secrets.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"sync/atomic"
)

// Derive makes a secret of 32 bytes from a key for one purpose (HKDF, RFC 5869). No
// secret says anything about the key, or about another secret.
func Derive(key, purpose string) []byte {
	secret, err := hkdf.Key(sha256.New, []byte(key), nil, purpose, sha256.Size)
	if err != nil {
		panic(err) // only for a length that HKDF can't make
	}
	return secret
}

// Cipher returns a cipher whose key is made of a secret and of what it is for
// (AES-256-GCM with random nonces). Use another one for each purpose, so that none has
// so many messages that nonces could repeat: 2³² at most, NIST SP 800-38D, 8.3.
func Cipher(secret []byte, purpose ...[]byte) cipher.AEAD {
	mac := hmac.New(sha256.New, secret)
	for _, part := range purpose {
		_, _ = mac.Write(part) // never errors
	}
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // only for a key of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for a block of another length
	}
	return aead
}

// Follow returns a function that returns what a key makes. It makes that again when
// the key has changed. It is safe for concurrent use.
func Follow[T any](key func() string, from func(key string) T) func() T {
	type made struct {
		key string
		of  T
	}
	var last atomic.Pointer[made]
	return func() T {
		now := key()
		if m := last.Load(); m != nil && m.key == now {
			return m.of
		}
		m := &made{now, from(now)}
		last.Store(m)
		return m.of
	}
}
