package auth_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
)

func TestDiscovery(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	for name, change := range map[string]func(*auth.JWTOptions){
		"a document of another issuer":     func(o *auth.JWTOptions) { o.Issuer += "/" },
		"no document":                      func(o *auth.JWTOptions) { o.Issuer += "/none" },
		"no key set":                       func(o *auth.JWTOptions) { o.KeysURL = i.url + "/none" },
		"a document that is not a key set": func(o *auth.JWTOptions) { o.KeysURL = i.url + "/.well-known/openid-configuration" },
	} {
		t.Run(name+" gives no keys", func(t *testing.T) {
			assertUnavailable(t, newJWTs(i, change), key.sign(t, i.claims(nil)))
		})
	}
	direct := newJWTs(i, func(o *auth.JWTOptions) { o.Issuer, o.KeysURL = "https://issuer.example", i.url+"/keys" })
	t.Run("the keys of a URL need no document", func(t *testing.T) {
		assertJWT(t, direct, key.sign(t, i.claims(map[string]any{"iss": "https://issuer.example"})), true)
	})
	t.Run("the keys of a URL are for the issuer only", func(t *testing.T) { assertJWT(t, direct, key.sign(t, i.claims(nil)), false) })
}

// TestUnsafeDiscovery has issuers lead away from themselves, or answer too much.
func TestUnsafeDiscovery(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	redirect := httptest.NewServer(http.RedirectHandler(i.url+"/keys", http.StatusFound))
	t.Cleanup(redirect.Close)
	for name, document := range map[string]string{ // ISSUER is the issuer's URL
		"a URL of plain http":  `{"issuer":"ISSUER","jwks_uri":"http://keys.example/"}`,
		"a URL of a file":      `{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}`,
		"no URL":               `{"issuer":"ISSUER"}`,
		"a URL that redirects": `{"issuer":"ISSUER","jwks_uri":"` + redirect.URL + `"}`,
		"a document of 2 MB":   `{"padding":"` + strings.Repeat("x", 2<<20) + `","issuer":"ISSUER","jwks_uri":"` + i.url + `/keys"}`,
	} {
		t.Run(name+" gives no keys", func(t *testing.T) {
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.Replace(document, "ISSUER", server.URL, 1))
			}))
			t.Cleanup(server.Close)
			tokens := newJWTs(i, func(o *auth.JWTOptions) { o.Issuer = server.URL })
			assertUnavailable(t, tokens, key.sign(t, i.claims(map[string]any{"iss": server.URL})))
		})
	}
}
