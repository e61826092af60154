package cache

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"sync"
	"time"

	"texter-graphql/internal/seal"
	"texter-graphql/texter"
)

// MinKeyLength is the least number of bytes of RedisOptions.Key.
const MinKeyLength = 32

// derive makes a secret for one purpose from the configured key.
func derive(key, purpose string) []byte { return seal.Derive(key, "texter-graphql cache 1: "+purpose) }

// key identifies a page.
type key struct {
	credential credentialHash
	query      string // of the REST call
}

// credentialHash is a keyed hash of a credential and of the base URL that the
// credential is for.
type credentialHash [sha256.Size]byte

// hasher makes keyed hashes. Without the secret, nobody can recover a credential
// from its hash, or check whether a hash belongs to a credential.
type hasher struct {
	baseURL string
	macs    sync.Pool // of *mac
}

// mac is a keyed hash and its buffer. It is used again, to allocate less.
type mac struct {
	hash.Hash
	buf []byte
}

func newHasher(baseURL string, secret []byte) *hasher {
	return &hasher{
		baseURL: baseURL,
		macs:    sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, secret)} }},
	}
}

// key returns the key of the page that answers a search.
func (h *hasher) key(credential string, o texter.SearchOptions) key {
	return key{h.credential(credential), o.Query()}
}

func (h *hasher) credential(credential string) credentialHash { return h.hash(credential, h.baseURL) }

// hash returns the keyed hash of the parts. The length of a part stands before
// it, so that no two lists of parts are the same bytes.
func (h *hasher) hash(parts ...string) (sum [sha256.Size]byte) {
	m := h.macs.Get().(*mac)
	defer h.macs.Put(m)
	m.buf = m.buf[:0]
	for _, part := range parts {
		m.buf = binary.BigEndian.AppendUint64(m.buf, uint64(len(part)))
		m.buf = append(m.buf, part...)
	}
	m.Reset()
	_, _ = m.Write(m.buf) // never errors
	m.buf = m.Sum(m.buf[:0])
	copy(sum[:], m.buf)
	return sum
}

// sealer encrypts bodies of pages. To decrypt one takes the secret, and the
// credential, the generation and the name that the body was encrypted for.
type sealer struct{ secret []byte }

// cipher returns the cipher for one credential in one generation. Each has its
// own key, so that none has so many messages that random nonces could repeat.
func (s sealer) cipher(c credentialHash, generation string) cipher.AEAD {
	return seal.Cipher(s.secret, c[:], []byte(generation))
}

// seal encrypts a body, and the time when Texter was asked for it. It can be
// opened under the same name only.
func (s sealer) seal(c credentialHash, generation, name string, askedAt time.Time, body []byte) []byte {
	plain := make([]byte, 0, 8+len(body))
	plain = binary.BigEndian.AppendUint64(plain, uint64(askedAt.UnixNano()))
	plain = append(plain, body...)
	return s.cipher(c, generation).Seal(nil, nil, plain, []byte(name))
}

// open decrypts what seal encrypted. It errors if seal did not make these bytes
// from the same credential, generation and name.
func (s sealer) open(c credentialHash, generation, name string, sealed []byte) (body []byte, askedAt time.Time, err error) {
	plain, err := s.cipher(c, generation).Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return nil, askedAt, err
	}
	if len(plain) < 8 {
		return nil, askedAt, errors.New("too short")
	}
	return plain[8:], time.Unix(0, int64(binary.BigEndian.Uint64(plain))), nil
}
