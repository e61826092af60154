package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// newIssuer serves a key set. It returns the URL of the set, and a function that
// signs tokens with its key.
func newIssuer(t *testing.T) (keysURL string, sign func(claims map[string]any) string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), KeyID: "1"}}})
	}))
	t.Cleanup(server.Close)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: private, KeyID: "1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, func(claims map[string]any) string {
		all := map[string]any{"iss": "https://issuer.example", "aud": "inbox", "sub": "dana", "exp": time.Now().Add(time.Hour).Unix()}
		for name, value := range claims {
			all[name] = value
		}
		token, err := jwt.Signed(signer).Claims(all).Serialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
}

func TestJWTs(t *testing.T) {
	keysURL, sign := newIssuer(t)
	url, headers := startTexter(t)
	key, line := makeKey(t, "inbox")
	const claim = "https://example.com/scope"
	s := start(t, environment{"TEXTER_API_TOKEN": "service", "JWT_ISSUER": "https://issuer.example"}, "-texter-url", url,
		"-jwt-audience", "inbox", "-jwt-jwks-url", keysURL, "-jwt-scope-claim", claim, "-access-keys", keyFile(t, line))
	pending := map[string]any{"statuses": []string{"PENDING"}}
	for name, test := range map[string]struct {
		token  string
		status int
	}{
		"an access key":               {key, 200},
		"a token for all chats":       {sign(map[string]any{claim: map[string]any{}}), 200},
		"a token with a scope":        {sign(map[string]any{claim: pending}), 200},
		"a token without a scope":     {sign(nil), 401},
		"a null scope":                {sign(map[string]any{claim: nil}), 401},
		"an empty list in a scope":    {sign(map[string]any{claim: map[string]any{"statuses": []string{}}}), 401},
		"a scope that is a string":    {sign(map[string]any{claim: `{"statuses":["PENDING"]}`}), 401},
		"a token for another service": {sign(map[string]any{claim: pending, "aud": "other"}), 401},
		"a token of another issuer":   {sign(map[string]any{claim: pending, "iss": keysURL}), 401},
	} {
		t.Run(fmt.Sprint(name, " gets ", test.status), func(t *testing.T) {
			before := len(*headers)
			res, body := s.search(t, "Authorization: Bearer "+test.token)
			if res.StatusCode != test.status || test.status == 401 && !strings.Contains(res.Header.Get("WWW-Authenticate"), `error="invalid_token"`) {
				t.Errorf("%d, %s", res.StatusCode, body)
			}
			if searched := len(*headers) > before; searched != (test.status == 200) {
				t.Errorf("Texter was asked: %t", searched)
			}
		})
	}
	t.Run("a search outside of the scope is refused", func(t *testing.T) {
		res, body := s.query(t, "{ searchChats(filter: {statuses: [BOT]}) { totalCount } }", "Authorization: Bearer "+sign(map[string]any{claim: pending}))
		if res.StatusCode != 200 || !strings.Contains(body, `"code":"FORBIDDEN"`) || !strings.Contains(body, `"argument":"filter.statuses"`) {
			t.Errorf("%d, %s", res.StatusCode, body)
		}
	})
}
