package cache

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"texter-graphql/texter"
)

// key is what a page is kept by.
type key struct {
	credential credentialHash
	query      string // of the REST call
}

// credentialHash is a keyed hash of a credential and where it is for.
type credentialHash [sha256.Size]byte

// keys makes keys. Their hash is keyed so that a credential can't be told, or
// looked for, by its hash.
type keys struct {
	baseURL string
	macs    sync.Pool // of *mac
}

// mac is a keyed hash and what it works on, reused for the sake of few
// allocations.
type mac struct {
	hash.Hash
	buf []byte
}

func newKeys(baseURL string, secret []byte) *keys {
	return &keys{
		baseURL: baseURL,
		macs:    sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, secret)} }},
	}
}

func (k *keys) of(credential string, o texter.SearchOptions) key {
	return key{k.credential(credential), o.Query()}
}

func (k *keys) credential(credential string) credentialHash { return k.hash(credential, k.baseURL) }

// hash is the keyed hash of the parts. Each follows its length, so that no two
// lists of parts are the same bytes.
func (k *keys) hash(parts ...string) (sum credentialHash) {
	m := k.macs.Get().(*mac)
	defer k.macs.Put(m)
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
