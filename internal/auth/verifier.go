package auth

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha256" // for crypto.SHA256
	_ "crypto/sha512" // for crypto.SHA384 and crypto.SHA512
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// ed25519Name is the name of EdDSA with an Ed25519 key since RFC 9864. go-jose does
// not know it.
const ed25519Name jose.SignatureAlgorithm = "Ed25519"

// pssHashes are the hashes of the algorithms that sign by RSASSA-PSS.
var pssHashes = map[jose.SignatureAlgorithm]crypto.Hash{jose.PS256: crypto.SHA256, jose.PS384: crypto.SHA384, jose.PS512: crypto.SHA512}

// verificationKey returns what go-jose verifies a signature with: the key itself,
// or a verifier where go-jose does not do what the specification says.
func verificationKey(key jose.JSONWebKey, algorithm string) any {
	if a := jose.SignatureAlgorithm(algorithm); a == ed25519Name || pssHashes[a] != 0 {
		return verifier{key.Key}
	}
	return key
}

// verifier verifies signatures of Ed25519 by that name, and of RSASSA-PSS. It
// implements jose.OpaqueVerifier.
type verifier struct{ key any }

// VerifyPayload implements jose.OpaqueVerifier. A salt must be as long as the hash:
// RFC 7518, section 3.5. go-jose accepts a salt of any length.
func (v verifier) VerifyPayload(payload, signature []byte, algorithm jose.SignatureAlgorithm) error {
	switch key := v.key.(type) {
	case ed25519.PublicKey:
		if algorithm == ed25519Name && ed25519.Verify(key, payload, signature) {
			return nil
		}
	case *rsa.PublicKey:
		if hash := pssHashes[algorithm]; hash != 0 {
			h := hash.New()
			h.Write(payload)
			return rsa.VerifyPSS(key, hash, h.Sum(nil), signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
	}
	return BadSignature
}

// canVerify reports whether the operations of a key (key_ops, RFC 7517, section
// 4.3) allow verifying signatures with it. A key without operations is for all.
func canVerify(operations []string) bool {
	return operations == nil || slices.Contains(operations, "verify")
}

// isFor reports whether a key is for signatures of this algorithm. A key that names
// an algorithm is for that one alone.
func isFor(key jose.JSONWebKey, algorithm string) bool {
	return key.Algorithm == "" || olderName(key.Algorithm) == olderName(algorithm)
}

// olderName returns the name that an algorithm had before RFC 9864.
func olderName(algorithm string) string {
	if algorithm == string(ed25519Name) {
		return string(jose.EdDSA)
	}
	return algorithm
}
