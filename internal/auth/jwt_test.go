package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/refusal"
)

// newJWTs makes credentials of an issuer's tokens.
func newJWTs(i *issuer, change ...func(*auth.JWTOptions)) *auth.JWTs {
	o := auth.JWTOptions{
		Issuer: i.url, Audience: "texter-graphql", Leeway: time.Minute, RetryInterval: time.Nanosecond,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	for _, f := range change {
		f(&o)
	}
	return auth.NewJWTs(o)
}

// assertJWT fails unless a token is accepted, or refused like any other.
func assertJWT(t *testing.T, name string, tokens *auth.JWTs, token string, accepted bool) context.Context {
	t.Helper()
	ctx, err := tokens.Authenticate(t.Context(), token)
	_, unavailable := errors.AsType[*refusal.Error](err)
	if accepted != (err == nil) || unavailable || !accepted && ctx != nil {
		t.Errorf("%s: accepted is %t: %v", name, err == nil, err)
	}
	return ctx
}

// TestClaims looks at which claims a token needs.
func TestClaims(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i)
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	for name, test := range map[string]struct {
		claims   map[string]any
		accepted bool
	}{
		"good":                     {nil, true},
		"one of many audiences":    {map[string]any{"aud": []string{"other", "texter-graphql"}}, true},
		"no nbf, no iat":           {map[string]any{"nbf": nil, "iat": nil}, true},
		"expired within leeway":    {map[string]any{"exp": ago(30 * time.Second)}, true},
		"early within leeway":      {map[string]any{"nbf": ago(-30 * time.Second)}, true},
		"expired":                  {map[string]any{"exp": ago(2 * time.Minute)}, false},
		"not yet valid":            {map[string]any{"nbf": ago(-2 * time.Minute)}, false},
		"issued in the future":     {map[string]any{"iat": ago(-2 * time.Minute)}, false},
		"no exp":                   {map[string]any{"exp": nil}, false},
		"exp of text":              {map[string]any{"exp": "tomorrow"}, false},
		"exp of another unit":      {map[string]any{"exp": 1e300}, false},
		"no iss":                   {map[string]any{"iss": nil}, false},
		"wrong issuer":             {map[string]any{"iss": "https://evil.example/tenant"}, false},
		"an issuer's part":         {map[string]any{"iss": strings.TrimSuffix(i.url, "/tenant")}, false},
		"an issuer with a slash":   {map[string]any{"iss": i.url + "/"}, false},
		"issuers":                  {map[string]any{"iss": []string{i.url}}, false},
		"no aud":                   {map[string]any{"aud": nil}, false},
		"empty aud":                {map[string]any{"aud": []string{}}, false},
		"wrong audience":           {map[string]any{"aud": "other"}, false},
		"an audience's part":       {map[string]any{"aud": "texter"}, false},
		"an audience in capitals":  {map[string]any{"aud": "TEXTER-GRAPHQL"}, false},
		"no sub":                   {map[string]any{"sub": nil}, false},
		"empty sub":                {map[string]any{"sub": ""}, false},
		"expired, but much leeway": {map[string]any{"exp": ago(time.Hour), "leeway": 7200}, false},
	} {
		ctx := assertJWT(t, name, tokens, key.sign(t, i.claims(test.claims)), test.accepted)
		if test.accepted && (!strings.HasPrefix(auth.Caller(ctx), "jwt:") || strings.Contains(auth.Caller(ctx), "canary")) {
			t.Errorf("%s: the caller is %s", name, auth.Caller(ctx))
		}
	}
}

// TestCallerOfAJWT is the same for one subject, and another for another.
func TestCallerOfAJWT(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i)
	caller := func(sub, id string) string {
		return auth.Caller(assertJWT(t, sub, tokens, key.sign(t, i.claims(map[string]any{"sub": sub, "jti": id})), true))
	}
	if caller("a", "1") != caller("a", "2") || caller("a", "1") == caller("b", "1") {
		t.Error("callers are mixed up")
	}
}

// forge makes a token by hand, with a signature by sign.
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

// TestForgedJWTs tries what has worked elsewhere.
func TestForgedJWTs(t *testing.T) {
	rsa, ec := rsaKey(t, "rsa", 2048), ecKey(t, "ec")
	i := newIssuer(t, rsa, ec)
	tokens, claims := newJWTs(i), i.claims(nil)
	good := rsa.sign(t, claims)
	assertJWT(t, "good RSA", tokens, good, true)
	assertJWT(t, "good EC", tokens, ec.sign(t, claims), true)

	der, err := x509.MarshalPKIXPublicKey(rsa.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	jwk, err := jose.JSONWebKey{Key: rsa.private.Public(), KeyID: "rsa"}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) []byte { return nil }
	stranger := ecKey(t, "ec")
	strangerJWK := jose.JSONWebKey{Key: stranger.private.Public(), KeyID: "ec"}
	parts := strings.Split(good, ".")
	other := strings.Split(rsa.sign(t, i.claims(map[string]any{"sub": "admin"})), ".")
	for name, token := range map[string]string{
		"none":                      forge(map[string]any{"alg": "none", "kid": "rsa"}, claims, none),
		"None":                      forge(map[string]any{"alg": "None", "kid": "rsa"}, claims, none),
		"no alg":                    forge(map[string]any{"kid": "rsa"}, claims, none),
		"empty alg":                 forge(map[string]any{"alg": "", "kid": "rsa"}, claims, none),
		"HS256 by the PEM":          forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(public)),
		"HS256 by the DER":          forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(der)),
		"HS256 by the JWK":          forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(jwk)),
		"HS256 by nothing":          forge(map[string]any{"alg": "HS256", "kid": "rsa"}, claims, hs256(nil)),
		"ES256 of an RSA key":       forge(map[string]any{"alg": "ES256", "kid": "rsa"}, claims, none),
		"RS256 of an EC key":        forge(map[string]any{"alg": "RS256", "kid": "ec"}, claims, none),
		"ES256 of zeros":            forge(map[string]any{"alg": "ES256", "kid": "ec"}, claims, func(string) []byte { return make([]byte, 64) }),
		"another's signature":       stranger.sign(t, claims),
		"an own key in the header":  forge(map[string]any{"alg": "ES256", "kid": "ec", "jwk": strangerJWK}, claims, none),
		"an own URL in the header":  forge(map[string]any{"alg": "ES256", "kid": "ec", "jku": "https://evil.example/keys"}, claims, none),
		"a critical header":         forge(map[string]any{"alg": "RS256", "kid": "rsa", "crit": []string{"exp"}, "exp": 1}, claims, none),
		"no signature":              parts[0] + "." + parts[1] + ".",
		"two parts":                 parts[0] + "." + parts[1],
		"four parts":                good + ".x",
		"another's claims":          parts[0] + "." + other[1] + "." + parts[2],
		"a byte more":               good + "AAAA",
		"a byte less":               good[:len(good)-4],
		"a duplicated claim":        parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"a","sub":"b"}`)) + "." + parts[2],
		"no JSON":                   "e30.e30.e30",
		"an object of a JWS":        `{"payload":"` + parts[1] + `","signatures":[]}`,
		"dots":                      "..",
		"a kid that is a path":      forge(map[string]any{"alg": "RS256", "kid": "../../dev/null"}, claims, none),
		"a kid that is no string":   forge(map[string]any{"alg": "RS256", "kid": 1}, claims, none),
		"no kid where keys have it": forge(map[string]any{"alg": "RS256"}, claims, none),
		"an encrypted token's form": "a.b.c.d.e",
	} {
		assertJWT(t, name, tokens, token, false)
	}
}

// TestKeysOfASet looks at which keys of a set can sign.
func TestKeysOfASet(t *testing.T) {
	good, weak, ed, private := ecKey(t, "good"), rsaKey(t, "weak", 1024), edKey(t, "ed"), ecKey(t, "private")
	i := newIssuer(t)
	encrypt, unnamed, other := ecKey(t, "encrypt"), ecKey(t, ""), ecKey(t, "other")
	i.keys.Store(&[]jose.JSONWebKey{
		{Key: good.private.Public(), KeyID: "good", Algorithm: "ES256"},
		{Key: weak.private.Public(), KeyID: "weak"},
		{Key: ed.private.Public(), KeyID: "ed"},
		{Key: private.private, KeyID: "private"},
		{Key: encrypt.private.Public(), KeyID: "encrypt", Use: "enc"},
		{Key: []byte("a shared secret of at least 32 bytes"), KeyID: "shared"},
		{Key: unnamed.private.Public()},
		{Key: other.private.Public(), KeyID: "other", Algorithm: "ES384"},
	})
	tokens := newJWTs(i)
	for _, test := range []struct {
		key      signingKey
		accepted bool
	}{{good, true}, {ed, true}, {unnamed, true}, {weak, false}, {private, false}, {encrypt, false}, {other, false}} {
		assertJWT(t, "key "+test.key.id, tokens, test.key.sign(t, i.claims(nil)), test.accepted)
	}
	shared := forge(map[string]any{"alg": "HS256", "kid": "shared"}, i.claims(nil), hs256([]byte("a shared secret of at least 32 bytes")))
	assertJWT(t, "a shared secret", tokens, shared, false)
}

// TestKeyRotation has the issuer sign by a new key, and then withdraw the old.
func TestKeyRotation(t *testing.T) {
	old, next := ecKey(t, "old"), ecKey(t, "next")
	i := newIssuer(t, old)
	tokens := newJWTs(i)
	oldToken := old.sign(t, i.claims(nil))
	assertJWT(t, "old", tokens, oldToken, true)
	assertJWT(t, "next, not published", tokens, next.sign(t, i.claims(nil)), false)
	i.publish(old, next)
	assertJWT(t, "next", tokens, next.sign(t, i.claims(nil)), true)
	assertJWT(t, "old, still published", tokens, oldToken, true)
	i.publish(next)
	assertJWT(t, "unknown", tokens, ecKey(t, "unknown").sign(t, i.claims(nil)), false)
	assertJWT(t, "old, withdrawn", tokens, oldToken, false)
	assertJWT(t, "next, alone", tokens, next.sign(t, i.claims(nil)), true)
}

// TestUnknownKeys asks the issuer once for many tokens of keys that it has not.
func TestUnknownKeys(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i, func(o *auth.JWTOptions) { o.RetryInterval = time.Hour })
	unknown := ecKey(t, "2").sign(t, i.claims(nil))
	done := make(chan error)
	for range 50 {
		go func() {
			_, err := tokens.Authenticate(t.Context(), unknown)
			done <- err
		}()
	}
	for range 50 {
		if err := <-done; err == nil {
			t.Error("let in")
		}
	}
	if n := i.requests.Load(); n != 1 {
		t.Errorf("the issuer saw %d requests", n)
	}
	assertJWT(t, "known", tokens, key.sign(t, i.claims(nil)), true)
}

// TestIssuerDown: at first nobody can be judged, which is not the caller's
// fault; later the keys that are known stay good.
func TestIssuerDown(t *testing.T) {
	key, next := ecKey(t, "1"), ecKey(t, "2")
	i := newIssuer(t, key)
	i.down.Store(true)
	tokens := newJWTs(i)
	_, err := tokens.Authenticate(t.Context(), key.sign(t, i.claims(nil)))
	refusal, ok := errors.AsType[*refusal.Error](err)
	if !ok || refusal.Status != http.StatusServiceUnavailable {
		t.Errorf("down at start: got %v", err)
	}
	assertJWT(t, "garbage", tokens, "garbage", false)
	i.down.Store(false)
	assertJWT(t, "up", tokens, key.sign(t, i.claims(nil)), true)
	i.down.Store(true)
	assertJWT(t, "down later", tokens, key.sign(t, i.claims(nil)), true)
	assertJWT(t, "down later, a new key", tokens, next.sign(t, i.claims(nil)), false)
	i.down.Store(false)
	i.publish()
	assertJWT(t, "an empty set", tokens, next.sign(t, i.claims(nil)), false)
	assertJWT(t, "an empty set, a known key", tokens, key.sign(t, i.claims(nil)), true)
}

// TestAcceptedTwice looks at a token that was accepted before, once it has
// expired.
func TestAcceptedTwice(t *testing.T) {
	t.Parallel()
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i, func(o *auth.JWTOptions) { o.Leeway = 0 })
	expires := time.Now().Add(6 * time.Second).Truncate(time.Second)
	token := key.sign(t, i.claims(map[string]any{"exp": expires.Unix()}))
	first := assertJWT(t, "first", tokens, token, true)
	second := assertJWT(t, "second", tokens, token, true)
	if auth.Caller(first) == "" || auth.Caller(first) != auth.Caller(second) {
		t.Errorf("the callers are %q and %q", auth.Caller(first), auth.Caller(second))
	}
	time.Sleep(time.Until(expires.Add(time.Millisecond)))
	assertJWT(t, "expired", tokens, token, false)
}

// TestWatchJWTs takes keys up, and away, without a request for them.
func TestWatchJWTs(t *testing.T) {
	old, next := ecKey(t, "old"), ecKey(t, "next")
	i := newIssuer(t, old)
	i.down.Store(true)
	log := make(lines, 1000)
	tokens := newJWTs(i, func(o *auth.JWTOptions) {
		o.RefreshInterval, o.RetryInterval, o.Logger = time.Millisecond, time.Millisecond, slog.New(slog.NewTextHandler(log, nil))
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		tokens.Watch(ctx)
		close(ended)
	}()
	if line := <-log; !strings.Contains(line, "keys of -jwt-issuer") {
		t.Errorf("it logs %s", line)
	}
	i.down.Store(false)
	wait := func(requests int64) {
		for target := i.requests.Load() + requests; i.requests.Load() < target; {
			time.Sleep(time.Millisecond)
		}
	}
	wait(2)
	i.publish(next)
	wait(2) // the first of them can have been answered with the old keys
	cancel()
	<-ended
	i.down.Store(true)
	assertJWT(t, "next", tokens, next.sign(t, i.claims(nil)), true)
	assertJWT(t, "old", tokens, old.sign(t, i.claims(nil)), false)
}

// TestDiscovery refuses documents of another issuer or for plain http.
func TestDiscovery(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	for name, change := range map[string]func(*auth.JWTOptions){
		"another issuer":  func(o *auth.JWTOptions) { o.Issuer += "/" },
		"no such issuer":  func(o *auth.JWTOptions) { o.Issuer += "/none" },
		"no such key set": func(o *auth.JWTOptions) { o.KeysURL = i.url + "/none" },
		"a page":          func(o *auth.JWTOptions) { o.KeysURL = i.url + "/.well-known/openid-configuration" },
	} {
		_, err := newJWTs(i, change).Authenticate(t.Context(), key.sign(t, i.claims(nil)))
		if refusal, ok := errors.AsType[*refusal.Error](err); !ok || refusal.Status != http.StatusServiceUnavailable {
			t.Errorf("%s: got %v", name, err)
		}
	}
	direct := newJWTs(i, func(o *auth.JWTOptions) { o.Issuer, o.KeysURL = "https://issuer.example", i.url+"/keys" })
	assertJWT(t, "direct", direct, key.sign(t, i.claims(map[string]any{"iss": "https://issuer.example"})), true)
	assertJWT(t, "direct, another issuer", direct, key.sign(t, i.claims(nil)), false)
}

// TestBadIssuers answer what leads away from the issuer, or what is too large.
func TestBadIssuers(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	redirect := httptest.NewServer(http.RedirectHandler(i.url+"/keys", http.StatusFound))
	t.Cleanup(redirect.Close)
	for name, answer := range map[string]func(w http.ResponseWriter, self string){
		"keys by plain http": func(w http.ResponseWriter, self string) {
			_, _ = io.WriteString(w, `{"issuer":"`+self+`","jwks_uri":"http://keys.example/"}`)
		},
		"keys in a file": func(w http.ResponseWriter, self string) {
			_, _ = io.WriteString(w, `{"issuer":"`+self+`","jwks_uri":"file:///etc/passwd"}`)
		},
		"no keys": func(w http.ResponseWriter, self string) { _, _ = io.WriteString(w, `{"issuer":"`+self+`"}`) },
		"a redirect to keys": func(w http.ResponseWriter, self string) {
			_, _ = io.WriteString(w, `{"issuer":"`+self+`","jwks_uri":"`+redirect.URL+`"}`)
		},
		"2 MB": func(w http.ResponseWriter, self string) {
			_, _ = io.WriteString(w, `{"padding":"`+strings.Repeat("x", 2<<20)+`","issuer":"`+self+`","jwks_uri":"`+i.url+`/keys"}`)
		},
	} {
		var server *httptest.Server
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, server.URL) }))
		t.Cleanup(server.Close)
		tokens := newJWTs(i, func(o *auth.JWTOptions) { o.Issuer = server.URL })
		_, err := tokens.Authenticate(t.Context(), key.sign(t, i.claims(map[string]any{"iss": server.URL})))
		if refusal, ok := errors.AsType[*refusal.Error](err); !ok || refusal.Status != http.StatusServiceUnavailable {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
