package app

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// newIssuer serves a key set, and returns its URL and what signs by its key.
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

// TestServiceModeWithJWTs lets callers in by their tokens, each to its scope,
// beside callers with access keys.
func TestServiceModeWithJWTs(t *testing.T) {
	keysURL, sign := newIssuer(t)
	url, headers := startUpstream(t)
	key, line := makeKey(t, "inbox")
	s := start(t, environment{"TEXTER_API_TOKEN": "service", "JWT_ISSUER": "https://issuer.example"}, "-texter-url", url,
		"-jwt-audience", "inbox", "-jwt-jwks-url", keysURL, "-jwt-scope-claim", "https://example.com/scope", "-access-keys", keyFile(t, line))
	const claim = "https://example.com/scope"
	pending := map[string]any{"statuses": []string{"PENDING"}}
	for name, test := range map[string]struct {
		token  string
		status int
	}{
		"an access key":     {key, 200},
		"the whole project": {sign(map[string]any{claim: map[string]any{}}), 200},
		"a scope":           {sign(map[string]any{claim: pending}), 200},
		"no scope":          {sign(nil), 401},
		"a null scope":      {sign(map[string]any{claim: nil}), 401},
		"an empty list":     {sign(map[string]any{claim: map[string]any{"statuses": []string{}}}), 401},
		"a text":            {sign(map[string]any{claim: `{"statuses":["PENDING"]}`}), 401},
		"another audience":  {sign(map[string]any{claim: pending, "aud": "other"}), 401},
		"another issuer":    {sign(map[string]any{claim: pending, "iss": keysURL}), 401},
	} {
		res, body := s.search(t, "Authorization: Bearer "+test.token)
		if res.StatusCode != test.status || test.status == 401 && !strings.Contains(res.Header.Get("WWW-Authenticate"), `error="invalid_token"`) {
			t.Errorf("%s: %d, %s", name, res.StatusCode, body)
		}
	}
	if len(*headers) != 3 {
		t.Errorf("the upstream saw %d requests", len(*headers))
	}
	res, body := s.send(t, http.MethodPost, "/graphql", `{"query":"{ searchChats(filter: {statuses: [BOT]}) { totalCount } }"}`,
		"Content-Type: application/json", "Authorization: Bearer "+sign(map[string]any{claim: pending}))
	if res.StatusCode != 200 || !strings.Contains(body, `"code":"FORBIDDEN"`) || !strings.Contains(body, `"argument":"filter.statuses"`) {
		t.Errorf("outside the scope: %d, %s", res.StatusCode, body)
	}
}

// TestHugeToken is refused before it is read whole.
func TestHugeToken(t *testing.T) {
	url, headers := startUpstream(t)
	s := start(t, nil, "-texter-url", url)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	go func() {
		_, _ = connection.Write([]byte("POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + strings.Repeat("A", 1<<20)))
	}()
	answer, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil || !strings.Contains(answer, " 431 ") || len(*headers) > 0 {
		t.Errorf("got %s, %v", answer, err)
	}
}
