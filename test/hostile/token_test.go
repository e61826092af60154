package hostile

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const audience = "texter-graphql"

// issuer makes JSON Web Tokens, good and bad ones, byte by byte: a library refuses
// to make bad ones.
type issuer struct {
	url  string
	rsa  *rsa.PrivateKey   // of kid r, for RS256
	ec   *ecdsa.PrivateKey // of kid e, for ES256
	set  []byte            // JSON Web Key Set of both
	asks atomic.Int64      // how often the set was asked for
	evil *httptest.Server  // nobody may send it a request
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := new(issuer)
	var err error
	if i.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if i.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	point, err := i.ec.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	i.set = encode(map[string]any{"keys": []any{
		map[string]any{"kty": "RSA", "kid": "r", "alg": "RS256", "use": "sig", "e": "AQAB", "n": base64URL(i.rsa.N.Bytes())},
		map[string]any{"kty": "EC", "kid": "e", "alg": "ES256", "use": "sig", "crv": "P-256", "x": base64URL(point[1:33]), "y": base64URL(point[33:])},
	}})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		i.asks.Add(1)
		_, _ = w.Write(i.set)
	}))
	t.Cleanup(server.Close)
	i.url = server.URL
	i.evil = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("a request for %s", r.URL) }))
	t.Cleanup(i.evil.Close)
	return i
}

func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

func base64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// claims returns the claims of a good token with these changes. Nil removes a
// claim.
func (i *issuer) claims(changes map[string]any) map[string]any {
	claims := map[string]any{"iss": i.url, "aud": audience, "sub": "canary", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// token returns a token with this header and these claims, signed by sign.
func token(header, claims map[string]any, sign func(signed []byte) []byte) string {
	signed := base64URL(encode(header)) + "." + base64URL(encode(claims))
	return signed + "." + base64URL(sign([]byte(signed)))
}

func (i *issuer) byRSA(signed []byte) []byte {
	digest := sha256.Sum256(signed)
	signature, err := rsa.SignPKCS1v15(nil, i.rsa, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return signature
}

func (i *issuer) byEC(signed []byte) []byte { return byECKey(i.ec)(signed) }

// byECKey signs as ES256.
func byECKey(key *ecdsa.PrivateKey) func([]byte) []byte {
	return func(signed []byte) []byte {
		digest := sha256.Sum256(signed)
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			panic(err)
		}
		signature := make([]byte, 64)
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		return signature
	}
}

// bySecret signs as HS256.
func bySecret(secret []byte) func([]byte) []byte {
	return func(signed []byte) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write(signed)
		return mac.Sum(nil)
	}
}

// asBytes gives this signature to every token.
func asBytes(signature []byte) func([]byte) []byte {
	return func([]byte) []byte { return signature }
}

// publicPEM returns the public RSA key as PEM.
func (i *issuer) publicPEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(&i.rsa.PublicKey)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// bad returns tokens that must be refused.
func (i *issuer) bad() map[string]string {
	tokens := map[string]string{}
	rs := map[string]any{"alg": "RS256", "kid": "r", "typ": "JWT"}
	for name, changes := range map[string]map[string]any{
		"expired": {"exp": time.Now().Add(-2 * time.Minute).Unix()}, "expired in 1970": {"exp": 0}, "expires before all time": {"exp": -1e18},
		"no exp": {"exp": nil}, "exp is text": {"exp": "9999999999"}, "exp is null": {"exp": json.RawMessage("null")}, "exp is endless": {"exp": json.RawMessage("1e999")},
		"not yet valid": {"nbf": time.Now().Add(10 * time.Minute).Unix()}, "from the future": {"iat": time.Now().Add(10 * time.Minute).Unix()},
		"another issuer": {"iss": "https://evil.example"}, "issuer with a slash": {"iss": i.url + "/"}, "issuer in capitals": {"iss": strings.ToUpper(i.url)},
		"no issuer": {"iss": nil}, "two issuers": {"iss": []string{i.url, "https://evil.example"}}, "another audience": {"aud": "canary"}, "no audience": {"aud": nil},
		"other audiences": {"aud": []string{"canary", "texter"}}, "audience as a part": {"aud": audience + "-canary"}, "no audiences": {"aud": []string{}},
		"no subject": {"sub": nil}, "empty subject": {"sub": ""}, "subject is a number": {"sub": 7},
	} {
		tokens[name] = token(rs, i.claims(changes), i.byRSA)
	}
	stranger, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	der, _ := x509.MarshalPKIXPublicKey(&i.rsa.PublicKey)
	good := i.claims(nil)
	for name, t := range map[string]struct {
		header map[string]any
		sign   func([]byte) []byte
	}{
		"alg none": {map[string]any{"alg": "none", "kid": "r"}, asBytes(nil)}, "alg None": {map[string]any{"alg": "None"}, asBytes(nil)}, "alg nOnE": {map[string]any{"alg": "nOnE", "kid": "r"}, asBytes(nil)},
		"alg none with a signature": {map[string]any{"alg": "none", "kid": "r"}, i.byRSA}, "no alg": {map[string]any{"kid": "r"}, i.byRSA}, "alg empty": {map[string]any{"alg": "", "kid": "r"}, asBytes(nil)},
		"alg is a list": {map[string]any{"alg": []string{"RS256"}, "kid": "r"}, i.byRSA}, "alg unknown": {map[string]any{"alg": "canary", "kid": "r"}, i.byRSA},
		"HMAC by the public key, PEM": {map[string]any{"alg": "HS256", "kid": "r"}, bySecret(i.publicPEM())}, "HMAC by the public key, DER": {map[string]any{"alg": "HS256", "kid": "r"}, bySecret(der)},
		"HMAC by the modulus": {map[string]any{"alg": "HS256", "kid": "r"}, bySecret(i.rsa.N.Bytes())}, "HMAC by the key set": {map[string]any{"alg": "HS256", "kid": "r"}, bySecret(i.set)},
		"HMAC by nothing": {map[string]any{"alg": "HS256", "kid": "r"}, bySecret(nil)}, "HMAC called RS256": {map[string]any{"alg": "RS256", "kid": "r"}, bySecret(i.publicPEM())},
		"ES256 by the kid of RSA": {map[string]any{"alg": "ES256", "kid": "r"}, i.byEC}, "RS256 by the kid of EC": {map[string]any{"alg": "RS256", "kid": "e"}, i.byRSA},
		"PS256 for RS256": {map[string]any{"alg": "PS256", "kid": "r"}, i.byRSA}, "RS512 for RS256": {map[string]any{"alg": "RS512", "kid": "r"}, i.byRSA},
		"zeros for ES256": {map[string]any{"alg": "ES256", "kid": "e"}, asBytes(make([]byte, 64))}, "nothing for ES256": {map[string]any{"alg": "ES256", "kid": "e"}, asBytes(nil)},
		"ASN.1 for ES256": {map[string]any{"alg": "ES256", "kid": "e"}, func(b []byte) []byte {
			d := sha256.Sum256(b)
			s, _ := ecdsa.SignASN1(rand.Reader, i.ec, d[:])
			return s
		}},
		"ones for RS256": {rs, asBytes([]byte(strings.Repeat("\xff", 256)))}, "1 for RS256": {rs, asBytes([]byte{1})},
		"a stranger's key":  {map[string]any{"alg": "ES256", "kid": "e"}, byECKey(stranger)},
		"key in the header": {map[string]any{"alg": "ES256", "jwk": publicJWK(stranger)}, byECKey(stranger)}, "key and kid in the header": {map[string]any{"alg": "ES256", "kid": "e", "jwk": publicJWK(stranger)}, byECKey(stranger)},
		"key set elsewhere": {map[string]any{"alg": "ES256", "kid": "x", "jku": i.evil.URL}, byECKey(stranger)}, "certificate elsewhere": {map[string]any{"alg": "ES256", "kid": "x", "x5u": i.evil.URL}, byECKey(stranger)},
		"certificate in the header": {map[string]any{"alg": "ES256", "x5c": []string{"MIIBcanary"}}, byECKey(stranger)},
		"unknown kid":               {map[string]any{"alg": "RS256", "kid": "canary"}, i.byRSA}, "kid is a path": {map[string]any{"alg": "HS256", "kid": "../../../dev/null"}, bySecret(nil)},
		"kid is SQL": {map[string]any{"alg": "HS256", "kid": "x' UNION SELECT 'canary'--"}, bySecret([]byte("canary"))}, "kid of 10 KB": {map[string]any{"alg": "RS256", "kid": strings.Repeat("canary", 1700)}, i.byRSA},
		"kid is a number": {map[string]any{"alg": "RS256", "kid": 7}, i.byRSA}, "critical extension": {map[string]any{"alg": "RS256", "kid": "r", "crit": []string{"canary"}, "canary": true}, i.byRSA},
		"not encoded": {map[string]any{"alg": "RS256", "kid": "r", "b64": false, "crit": []string{"b64"}}, i.byRSA},
	} {
		tokens[name] = token(t.header, good, t.sign)
	}
	maps.Copy(tokens, i.broken())
	return tokens
}

// broken returns good tokens that were changed after they were signed, and what is
// not a token.
func (i *issuer) broken() map[string]string {
	good := token(map[string]any{"alg": "RS256", "kid": "r"}, i.claims(nil), i.byRSA)
	parts := strings.Split(good, ".")
	other := base64URL(encode(i.claims(map[string]any{"sub": "canary2"})))
	return map[string]string{
		"other claims": parts[0] + "." + other + "." + parts[2], "no signature": parts[0] + "." + parts[1] + ".", "two parts": parts[0] + "." + parts[1], "four parts": good + ".canary",
		"five parts": good + ".." + parts[2], "cut signature": good[:len(good)-4], "padded": good + "==", "JSON for a token": string(encode(map[string]any{"payload": parts[1], "signatures": []any{map[string]any{"protected": parts[0], "signature": parts[2]}}})),
		"dots": "..", "more dots": "....", "many dots": strings.Repeat(".", 20_000), "header is null": base64URL([]byte("null")) + "." + parts[1] + "." + parts[2], "header is a list": base64URL([]byte("[]")) + "." + parts[1] + "." + parts[2],
		"header is deep":     base64URL([]byte(strings.Repeat("[", 8000))) + "." + parts[1] + "." + parts[2],
		"encrypted":          base64URL([]byte(`{"alg":"dir","enc":"A128GCM"}`)) + "..canary.canary.canary",
		"key derived slowly": base64URL([]byte(`{"alg":"PBES2-HS512+A256KW","enc":"A256CBC-HS512","p2c":2147483647,"p2s":"canary"}`)) + ".canary.canary.canary.canary",
		"30 KB":              strings.Repeat("canary.", 4200), "null": "null", "undefined": "undefined", "asterisk": "*", "the audience": audience,
	}
}

func publicJWK(key *ecdsa.PrivateKey) map[string]any {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	return map[string]any{"kty": "EC", "crv": "P-256", "alg": "ES256", "x": base64URL(point[1:33]), "y": base64URL(point[33:])}
}
