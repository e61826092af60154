package causes

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// issuer signs JSON Web Tokens.
type issuer struct {
	key     *ecdsa.PrivateKey
	keysURL string
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "known", Algorithm: "ES256", Use: "sig"}}}
	return &issuer{key, serve(t, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(set) })}
}

// claims are those of a token that is good.
func claims(changes map[string]any) map[string]any {
	all := map[string]any{
		"iss": "https://issuer.example", "aud": "inbox", "sub": "canary@example.com", "exp": time.Now().Add(time.Hour).Unix(), "scope": map[string]any{"statuses": []string{"PENDING"}},
	}
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

// sign signs claims. The key's id may be another one than that of the key.
func (i *issuer) sign(t *testing.T, id string, claims map[string]any) string {
	t.Helper()
	return sign(t, jose.SigningKey{Algorithm: jose.ES256, Key: i.key}, id, claims)
}

func sign(t *testing.T, key jose.SigningKey, id string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithHeader("kid", id))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestRefusedCredentials: the log says why a credential is refused.
func TestRefusedCredentials(t *testing.T) {
	good, stranger := newIssuer(t), newIssuer(t)
	hour := func(hours int) int64 { return time.Now().Add(time.Duration(hours) * time.Hour).Unix() }
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{
		"-texter-url", serve(t, chats), "-log-level", "error", "-access-keys", keys,
		"-jwt-issuer", "https://issuer.example", "-jwt-audience", "inbox", "-jwt-scope-claim", "scope", "-jwt-jwks-url",
	}
	p := start(t, ownToken, append(flags, good.keysURL)...)
	reasons := map[string]string{} // by the id of the request
	for reason, header := range map[string]string{
		"no credential":      "",
		"malformed":          "Basic canary",
		"unknown access key": "Bearer texter_graphql_canary",
		"expired":            "Bearer " + good.sign(t, "known", claims(map[string]any{"exp": hour(-2)})),
		"not yet valid":      "Bearer " + good.sign(t, "known", claims(map[string]any{"nbf": hour(2)})),
		"audience":           "Bearer " + good.sign(t, "known", claims(map[string]any{"aud": "canary"})),
		"issuer":             "Bearer " + good.sign(t, "known", claims(map[string]any{"iss": "https://canary.example"})),
		"unknown key":        "Bearer " + good.sign(t, "canary", claims(nil)),
		"bad signature":      "Bearer " + stranger.sign(t, "known", claims(nil)),
		"algorithm":          "Bearer " + sign(t, jose.SigningKey{Algorithm: jose.HS256, Key: make([]byte, 32)}, "known", claims(nil)),
		"no expiry":          "Bearer " + good.sign(t, "known", claims(map[string]any{"exp": nil})),
		"no subject":         "Bearer " + good.sign(t, "known", claims(map[string]any{"sub": nil})),
		"scope":              "Bearer " + good.sign(t, "known", claims(map[string]any{"scope": nil})),
	} {
		id := strings.ReplaceAll(reason, " ", "-")
		reasons[id] = reason
		var headers []string
		if header != "" {
			headers = []string{"Authorization: " + header}
		}
		if code := p.search(t, id, headers...); code != "UNAUTHENTICATED" {
			t.Errorf("%s: the caller gets %q", reason, code)
		}
	}
	if code := p.search(t, "good", "Authorization: Bearer "+good.sign(t, "known", claims(nil))); code != "" {
		t.Errorf("a good token gets %q", code)
	}
	lines := p.lines(t)
	for id, reason := range reasons {
		t.Run(reason, func(t *testing.T) {
			if l := requestLine(t, lines, id); l.Credential != reason || l.Status != http.StatusUnauthorized || l.ErrorCodes != "UNAUTHENTICATED" {
				t.Errorf("the line is %+v", l)
			}
		})
	}
	t.Run("keys unavailable", func(t *testing.T) {
		p := start(t, ownToken, append(flags, "http://"+closedPort(t))...)
		p.search(t, "r-1", "Authorization: Bearer "+good.sign(t, "known", claims(nil)))
		lines := p.lines(t)
		if l := requestLine(t, lines, "r-1"); l.Credential != "keys unavailable" || l.Status != http.StatusServiceUnavailable {
			t.Errorf("the line is %+v", l)
		}
		const reason = "the key set can't be fetched: refused" // it can be logged before the program listens
		if why := withMessage(lines, "the keys of -jwt-issuer can't be fetched"); !strings.Contains(p.Banner, reason) && (len(why) == 0 || why[0].Reason != reason) {
			t.Errorf("the log says %+v", why)
		}
	})
}

// TestBadArguments: the log says which arguments are wrong, but not their values.
func TestBadArguments(t *testing.T) {
	p := start(t, nil, "-texter-url", serve(t, chats), "-log-level", "error")
	tests := map[string]struct{ query, code, arguments string }{
		"r-search": {`{ searchChats(filter: { search: "c" }) { totalCount } }`, "BAD_USER_INPUT", "filter.search"},
		"r-cursor": {`{ searchChats(after: "canary") { totalCount } }`, "CURSOR_INVALID", "after"},
		"r-page":   {`{ searchChats(page: { first: 1, last: 1 }) { totalCount } }`, "BAD_USER_INPUT", "page.last"},
	}
	for id, test := range tests {
		if code := p.query(t, id, test.query, caller); code != test.code {
			t.Errorf("%s: the caller gets %q", id, code)
		}
	}
	lines := p.lines(t)
	for id, test := range tests {
		t.Run(test.arguments, func(t *testing.T) {
			if l := requestLine(t, lines, id); l.ErrorArguments != test.arguments || l.ErrorCodes != test.code {
				t.Errorf("the line is %+v", l)
			}
		})
	}
}

// TestSlowRequests are logged at any level; others are not.
func TestSlowRequests(t *testing.T) {
	for name, test := range map[string]struct {
		slow   string
		logged int
	}{"a nanosecond is slow": {"1ns", 1}, "an hour is slow": {"1h", 0}, "nothing is slow": {"0s", 0}} {
		t.Run(name, func(t *testing.T) {
			p := start(t, nil, "-texter-url", serve(t, chats), "-log-level", "error", "-slow-request", test.slow)
			p.search(t, "r-1", caller)
			if got := withMessage(p.lines(t), "request"); len(got) != test.logged || test.logged > 0 && got[0].Level != "WARN" {
				t.Errorf("the lines are %+v", got)
			}
		})
	}
}
