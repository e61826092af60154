package auth_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"texter-graphql/internal/auth"
)

// TestSignatures has cases of the kinds that Wycheproof's vectors have: what RFC
// 7515, 7517, 7518 and 9864 say of a signature and of the key that verifies it.
func TestSignatures(t *testing.T) {
	rsaKey, ed, ec := rsaKey(t, "rsa", 2048), edKey(t, "ed"), ecKey(t, "ec")
	pss := func(salt int) func(string) []byte {
		return func(signed string) []byte {
			digest := sha256.Sum256([]byte(signed))
			signature, err := rsa.SignPSS(rand.Reader, rsaKey.private.(*rsa.PrivateKey), crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: salt})
			if err != nil {
				t.Fatal(err)
			}
			return signature
		}
	}
	byEd := func(signed string) []byte { return ed25519.Sign(ed.private.(ed25519.PrivateKey), []byte(signed)) }
	ecByName := func(i *issuer) string { return ec.sign(t, i.claims(nil)) }
	for _, test := range []struct {
		name     string
		key      signingKey
		members  map[string]any // that the key has besides
		token    func(*issuer) string
		accepted bool
	}{
		{"a salt as long as the hash", rsaKey, nil, forged("PS256", "rsa", pss(32)), true},
		{"a longer salt", rsaKey, nil, forged("PS256", "rsa", pss(64)), false},
		{"a shorter salt", rsaKey, nil, forged("PS256", "rsa", pss(20)), false},
		{"no salt", rsaKey, nil, forged("PS256", "rsa", pss(0)), false},
		{"another hash than the algorithm's", rsaKey, nil, forged("PS384", "rsa", pss(32)), false},
		{"EdDSA", ed, nil, forged("EdDSA", "ed", byEd), true},
		{"EdDSA by its newer name", ed, nil, forged("Ed25519", "ed", byEd), true},
		{"the newer name and a key of the older one", ed, map[string]any{"alg": "EdDSA"}, forged("Ed25519", "ed", byEd), true},
		{"the older name and a key of the newer one", ed, map[string]any{"alg": "Ed25519"}, forged("EdDSA", "ed", byEd), true},
		{"the newer name and an RSA key", rsaKey, nil, forged("Ed25519", "rsa", pss(32)), false},
		{"the newer name and a wrong signature", ed, nil, forged("Ed25519", "ed", func(string) []byte { return byEd("another") }), false},
		{"RSA-PSS and an Ed25519 key", ed, nil, forged("PS256", "ed", byEd), false},
		{"a key to verify with", ec, map[string]any{"key_ops": []string{"verify"}}, ecByName, true},
		{"a key to sign and verify with", ec, map[string]any{"key_ops": []string{"sign", "verify"}}, ecByName, true},
		{"a key to encrypt with", ec, map[string]any{"key_ops": []string{"encrypt"}}, ecByName, false},
		{"a key for no operation", ec, map[string]any{"key_ops": []string{}}, ecByName, false},
		{"a token without an id of a key, beside one key", ec, nil, func(i *issuer) string { return signingKey{"", ec.algorithm, ec.private}.sign(t, i.claims(nil)) }, true},
		{"a token with another id, beside one key", ec, nil, func(i *issuer) string { return signingKey{"x", ec.algorithm, ec.private}.sign(t, i.claims(nil)) }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := newIssuer(t)
			tokens := newJWTs(i, func(o *auth.JWTOptions) { o.KeysURL = keySetOf(t, test.key, test.members) })
			assertJWT(t, tokens, test.token(i), test.accepted)
		})
	}
	t.Run("a token without an id of a key, beside two keys", func(t *testing.T) {
		i := newIssuer(t, ec, ed)
		assertJWT(t, newJWTs(i), signingKey{"", ec.algorithm, ec.private}.sign(t, i.claims(nil)), false)
	})
}

// forged makes tokens with a signature that go-jose may not make.
func forged(algorithm, id string, sign func(string) []byte) func(*issuer) string {
	return func(i *issuer) string {
		return forge(map[string]any{"alg": algorithm, "kid": id}, i.claims(nil), sign)
	}
}

// keySetOf serves a set of one key and returns its URL. If the key has members
// besides, another key is in the set too, so that the set is never without keys.
func keySetOf(t *testing.T, key signingKey, members map[string]any) string {
	t.Helper()
	text, err := jose.JSONWebKey{Key: key.private.Public(), KeyID: key.id}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for name, value := range members {
		all[name] = value
	}
	keys := []any{all}
	if members != nil {
		keys = append(keys, jose.JSONWebKey{Key: ecKey(t, "other").private.Public(), KeyID: "other"})
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": keys})
	}))
	t.Cleanup(server.Close)
	return server.URL
}
