package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"texter-graphql/internal/auth"
)

// forge returns a token with any header, which sign signs.
func forge(header map[string]any, claims map[string]any, sign func(text string) []byte) string {
	var parts []string
	for _, part := range []map[string]any{header, claims} {
		text, _ := json.Marshal(part)
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	text := strings.Join(parts, ".")
	return text + "." + base64.RawURLEncoding.EncodeToString(sign(text))
}

func hs256(key []byte) func(string) []byte {
	return func(text string) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
}

// TestForgedJWTs tries attacks that have worked against other services.
func TestForgedJWTs(t *testing.T) {
	rsa, ec := rsaKey(t, "rsa", 2048), ecKey(t, "ec")
	i := newIssuer(t, rsa, ec)
	tokens, claims := newJWTs(i), i.claims(nil)
	good := rsa.sign(t, claims)
	for algorithm, token := range map[string]string{"RS256": good, "ES256": ec.sign(t, claims)} {
		t.Run("a token that is not forged is accepted, by "+algorithm, func(t *testing.T) { assertJWT(t, tokens, token, true) })
	}
	der, err := x509.MarshalPKIXPublicKey(rsa.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	jwk, err := jose.JSONWebKey{Key: rsa.private.Public(), KeyID: "rsa"}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for reason, all := range forgedTokens(t, i, rsa, public, der, jwk) {
		for name, token := range all {
			t.Run(name+" is refused", func(t *testing.T) { assertRefusedJWT(t, tokens, token, reason) })
		}
	}
}

// forgedTokens returns forged tokens of an issuer, by why they are refused. The last
// arguments are ways to write the public RSA key, which an attacker knows.
func forgedTokens(t *testing.T, i *issuer, rsa signingKey, public, der, jwk []byte) map[auth.Reason]map[string]string {
	t.Helper()
	claims := i.claims(nil)
	good := rsa.sign(t, claims)
	none := func(string) []byte { return nil }
	stranger := ecKey(t, "ec")
	strangerJWK := jose.JSONWebKey{Key: stranger.private.Public(), KeyID: "ec"}
	parts := strings.Split(good, ".")
	other := strings.Split(rsa.sign(t, i.claims(map[string]any{"sub": "admin"})), ".")
	return map[auth.Reason]map[string]string{
		auth.Algorithm: {
			"alg none":                         forge(map[string]any{"alg": "none", "kid": "rsa"}, claims, none),
			"alg None":                         forge(map[string]any{"alg": "None", "kid": "rsa"}, claims, none),
			"no alg":                           forge(map[string]any{"kid": "rsa"}, claims, none),
			"empty alg":                        forge(map[string]any{"alg": "", "kid": "rsa"}, claims, none),
			"HS256 with the public key in PEM": forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(public)),
			"HS256 with the public key in DER": forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(der)),
			"HS256 with the public JWK":        forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(jwk)),
			"HS256 with an empty key":          forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(nil)),
			"empty objects":                    "e30.e30.e30",
			"two dots":                         "..",
		},
		auth.UnknownKey: {
			"a kid that is a path": forge(map[string]any{"alg": "RS256", "kid": "../../dev/null"}, claims, none),
			"no kid":               forge(map[string]any{"alg": "RS256"}, claims, none),
		},
		auth.BadSignature: {
			"ES256 with the id of an RSA key": forge(map[string]any{"alg": "ES256", "kid": "rsa"}, claims, none),
			"RS256 with the id of an EC key":  forge(map[string]any{"alg": "RS256", "kid": "ec"}, claims, none),
			"an ES256 signature of zeros":     forge(map[string]any{"alg": "ES256", "kid": "ec"}, claims, func(string) []byte { return make([]byte, 64) }),
			"the signature of another key":    stranger.sign(t, claims),
			"a key in the header":             forge(map[string]any{"alg": "ES256", "kid": "ec", "jwk": strangerJWK}, claims, none),
			"a URL of keys in the header":     forge(map[string]any{"alg": "ES256", "kid": "ec", "jku": "https://evil.example/keys"}, claims, none),
			"no signature":                    parts[0] + "." + parts[1] + ".",
			"the claims of another token":     parts[0] + "." + other[1] + "." + parts[2],
			"a longer signature":              good + "AAAA",
			"a shorter signature":             good[:len(good)-4],
			"a duplicated claim":              parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"a","sub":"b"}`)) + "." + parts[2],
		},
		auth.Malformed: {
			"a critical header":                    forge(map[string]any{"alg": "RS256", "kid": "rsa", "crit": []string{"exp"}, "exp": 1}, claims, none),
			"two parts":                            parts[0] + "." + parts[1],
			"four parts":                           good + ".x",
			"a JWS in JSON":                        `{"payload":"` + parts[1] + `","signatures":[]}`,
			"a kid that is a number":               forge(map[string]any{"alg": "RS256", "kid": 1}, claims, none),
			"five parts, as of an encrypted token": "a.b.c.d.e",
		},
	}
}
