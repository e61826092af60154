package cache

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"
)

// MinKeyLength is the least number of bytes of RedisOptions.Key.
const MinKeyLength = 32

// derive makes the secret of a purpose from the configured key.
func derive(key, purpose string) []byte {
	secret, err := hkdf.Key(sha256.New, []byte(key), nil, "texter-graphql cache 1: "+purpose, sha256.Size)
	if err != nil {
		panic(err) // only for a length that HKDF can't make
	}
	return secret
}

// sealer encrypts pages for whoever has the secret and knows where they belong.
type sealer struct{ secret []byte }

// cipher is that of one credential in one generation. A key of its own each
// keeps random nonces from ever running short.
func (s sealer) cipher(c credentialHash, generation string) cipher.AEAD {
	mac := hmac.New(sha256.New, s.secret)
	_, _ = mac.Write(c[:])
	_, _ = mac.Write([]byte(generation))
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

// seal encrypts a body and when it was asked for, to be opened under the same
// name only.
func (s sealer) seal(c credentialHash, generation, name string, asOf time.Time, body []byte) []byte {
	plain := make([]byte, 0, 8+len(body))
	plain = binary.BigEndian.AppendUint64(plain, uint64(asOf.UnixNano()))
	plain = append(plain, body...)
	return s.cipher(c, generation).Seal(nil, nil, plain, []byte(name))
}

// open errors for whatever seal did not make of these arguments.
func (s sealer) open(c credentialHash, generation, name string, sealed []byte) (body []byte, asOf time.Time, err error) {
	plain, err := s.cipher(c, generation).Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return nil, asOf, err
	}
	if len(plain) < 8 {
		return nil, asOf, errors.New("too short")
	}
	return plain[8:], time.Unix(0, int64(binary.BigEndian.Uint64(plain))), nil
}
