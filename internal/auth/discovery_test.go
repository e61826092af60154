package auth_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
)

func TestDiscovery(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	for name, test := range map[string]struct {
		change func(*auth.JWTOptions)
		reason string
	}{
		"a document of another issuer": {
			func(o *auth.JWTOptions) { o.Issuer += "/" }, "the discovery document has another issuer: -jwt-issuer must be exactly as there",
		},
		"no document": {func(o *auth.JWTOptions) { o.Issuer += "/none" }, "the discovery document is answered with HTTP status 404"},
		"no key set":  {func(o *auth.JWTOptions) { o.KeysURL = i.url + "/none" }, "the key set is answered with HTTP status 404"},
		"a URL that nobody listens at": {
			func(o *auth.JWTOptions) { o.KeysURL = "http://127.0.0.1:1/keys?secret=canary" }, "the key set can't be fetched: refused",
		},
		"a document that is not a key set": {
			func(o *auth.JWTOptions) { o.KeysURL = i.url + "/.well-known/openid-configuration" },
			"the key set has no key that a signature can be verified by",
		},
	} {
		t.Run(name+" gives no keys", func(t *testing.T) { assertReason(t, i, key.sign(t, i.claims(nil)), test.reason, test.change) })
	}
	direct := newJWTs(i, func(o *auth.JWTOptions) { o.Issuer, o.KeysURL = "https://issuer.example", i.url+"/keys" })
	t.Run("the keys of a URL need no document", func(t *testing.T) {
		assertJWT(t, direct, key.sign(t, i.claims(map[string]any{"iss": "https://issuer.example"})), true)
	})
	t.Run("the keys of a URL are for the issuer only", func(t *testing.T) { assertJWT(t, direct, key.sign(t, i.claims(nil)), false) })
}

// assertReason fails unless a token is refused because the issuer's keys are unknown,
// and the log says why.
func assertReason(t *testing.T, i *issuer, token, reason string, change func(*auth.JWTOptions)) {
	t.Helper()
	log := make(lines, 10)
	tokens := newJWTs(i, change, func(o *auth.JWTOptions) { o.Logger = slog.New(slog.NewTextHandler(log, nil)) })
	assertUnavailable(t, tokens, token)
	select {
	case line := <-log:
		if !strings.Contains(line, "reason="+strconv.Quote(reason)) {
			t.Errorf("the log has %s", line)
		}
	default:
		t.Error("nothing is logged")
	}
}

// TestUnsafeDiscovery has issuers lead away from themselves, or answer too much.
func TestUnsafeDiscovery(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	redirect := httptest.NewServer(http.RedirectHandler(i.url+"/keys", http.StatusFound))
	t.Cleanup(redirect.Close)
	const unsafe = "the discovery document has no jwks_uri of https"
	for name, test := range map[string]struct{ document, reason string }{ // ISSUER is the issuer's URL
		"a URL of plain http":              {`{"issuer":"ISSUER","jwks_uri":"http://keys.example/"}`, unsafe},
		"a URL of a file":                  {`{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}`, unsafe},
		"no URL":                           {`{"issuer":"ISSUER"}`, unsafe},
		"a URL of no form":                 {`{"issuer":"ISSUER","jwks_uri":"https://keys.example/?\u007f"}`, "the key set has no valid URL"},
		"a URL that redirects":             {`{"issuer":"ISSUER","jwks_uri":"` + redirect.URL + `"}`, "the key set is answered with HTTP status 302"},
		"a document of more than 1 MiB":    {strings.Repeat(" ", 1<<20-1) + "{}", "the discovery document is not JSON of the expected form"},
		"a document of 1 MiB is read, but": {strings.Repeat(" ", 1<<20-2) + "{}", "the discovery document has another issuer: -jwt-issuer must be exactly as there"},
	} {
		t.Run(name+" gives no keys", func(t *testing.T) {
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.Replace(test.document, "ISSUER", server.URL, 1))
			}))
			t.Cleanup(server.Close)
			token := key.sign(t, i.claims(map[string]any{"iss": server.URL}))
			assertReason(t, i, token, test.reason, func(o *auth.JWTOptions) { o.Issuer = server.URL })
		})
	}
}
