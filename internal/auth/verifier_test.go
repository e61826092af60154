package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
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
	pssBy := func(hash crypto.Hash, salt int) func(string) []byte {
		return func(signed string) []byte {
			h := hash.New()
			h.Write([]byte(signed))
			signature, err := rsa.SignPSS(rand.Reader, rsaKey.private.(*rsa.PrivateKey), hash, h.Sum(nil), &rsa.PSSOptions{SaltLength: salt})
			if err != nil {
				t.Fatal(err)
			}
			return signature
		}
	}
	pss := func(salt int) func(string) []byte { return pssBy(crypto.SHA256, salt) }
	byEd := func(signed string) []byte { return ed25519.Sign(ed.private.(ed25519.PrivateKey), []byte(signed)) }
	ecByName := func(i *issuer) string { return ec.sign(t, i.claims(nil)) }
	rsaByName := func(i *issuer) string { return rsaKey.sign(t, i.claims(nil)) }
	for _, test := range []struct {
		name    string
		key     signingKey
		members map[string]any // that the key has besides
		token   func(*issuer) string
		reason  auth.Reason // why it is refused, if it is
	}{
		{"a salt as long as the hash", rsaKey, nil, forged("PS256", "rsa", pss(32)), ""},
		{"a longer salt", rsaKey, nil, forged("PS256", "rsa", pss(64)), auth.BadSignature},
		{"a shorter salt", rsaKey, nil, forged("PS256", "rsa", pss(20)), auth.BadSignature},
		{"a shorter salt than of PS384", rsaKey, nil, forged("PS384", "rsa", pssBy(crypto.SHA384, 32)), auth.BadSignature},
		{"a shorter salt than of PS512", rsaKey, nil, forged("PS512", "rsa", pssBy(crypto.SHA512, 32)), auth.BadSignature},
		{"no salt", rsaKey, nil, forged("PS256", "rsa", pss(0)), auth.BadSignature},
		{"another hash than the algorithm's", rsaKey, nil, forged("PS384", "rsa", pss(32)), auth.BadSignature},
		{"EdDSA", ed, nil, forged("EdDSA", "ed", byEd), ""},
		{"EdDSA by its newer name", ed, nil, forged("Ed25519", "ed", byEd), ""},
		{"the newer name and a key of the older one", ed, map[string]any{"alg": "EdDSA"}, forged("Ed25519", "ed", byEd), ""},
		{"the older name and a key of the newer one", ed, map[string]any{"alg": "Ed25519"}, forged("EdDSA", "ed", byEd), ""},
		{"the newer name and a key of another algorithm", ed, map[string]any{"alg": "ES256"}, forged("Ed25519", "ed", byEd), auth.UnknownKey},
		{"the newer name and an RSA key", rsaKey, nil, forged("Ed25519", "rsa", pss(32)), auth.BadSignature},
		{"the newer name and a wrong signature", ed, nil, forged("Ed25519", "ed", func(string) []byte { return byEd("another") }), auth.BadSignature},
		{"RSA-PSS and an Ed25519 key", ed, nil, forged("PS256", "ed", byEd), auth.BadSignature},
		{"a key to verify with", ec, map[string]any{"key_ops": []string{"verify"}}, ecByName, ""},
		{"a key to sign and verify with", ec, map[string]any{"key_ops": []string{"sign", "verify"}}, ecByName, ""},
		{"a key to encrypt with", ec, map[string]any{"key_ops": []string{"encrypt"}}, ecByName, auth.UnknownKey},
		{"a key for no operation", ec, map[string]any{"key_ops": []string{}}, ecByName, auth.UnknownKey},
		{"a key whose operations are no list", ec, map[string]any{"key_ops": "verify"}, ecByName, auth.UnknownKey},
		{"an RSA key whose exponent is 0", rsaKey, map[string]any{"e": "AA"}, rsaByName, auth.UnknownKey},
		{"a key with a link that is none", ec, map[string]any{"x5u": ":"}, ecByName, auth.UnknownKey},
		{"a token without an id of a key, beside one key", ec, nil, func(i *issuer) string { return signingKey{"", ec.algorithm, ec.private}.sign(t, i.claims(nil)) }, ""},
		{"a token with another id, beside one key", ec, nil, func(i *issuer) string { return signingKey{"x", ec.algorithm, ec.private}.sign(t, i.claims(nil)) }, auth.UnknownKey},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := newIssuer(t)
			tokens := newJWTs(i, func(o *auth.JWTOptions) { o.KeysURL = keySetOf(t, test.key, test.members) })
			assertRefusedJWT(t, tokens, test.token(i), test.reason)
		})
	}
	t.Run("a token without an id of a key, beside two keys", func(t *testing.T) {
		i := newIssuer(t, ec, ed)
		assertRefusedJWT(t, newJWTs(i), signingKey{"", ec.algorithm, ec.private}.sign(t, i.claims(nil)), auth.UnknownKey)
	})
}

// TestAlgorithms signs by each algorithm that an issuer may use.
func TestAlgorithms(t *testing.T) {
	ofRSA := rsaKey(t, "rsa", 2048).private
	keys := map[jose.SignatureAlgorithm]crypto.Signer{jose.EdDSA: edKey(t, "ed").private}
	for _, algorithm := range []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512} {
		keys[algorithm] = ofRSA
	}
	for algorithm, curve := range map[jose.SignatureAlgorithm]elliptic.Curve{jose.ES256: elliptic.P256(), jose.ES384: elliptic.P384(), jose.ES512: elliptic.P521()} {
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[algorithm] = private
	}
	for algorithm, private := range keys {
		t.Run(string(algorithm), func(t *testing.T) {
			key := signingKey{"1", algorithm, private}
			i := newIssuer(t, key)
			assertJWT(t, newJWTs(i), key.sign(t, i.claims(nil)), true)
		})
	}
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
