package app

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// makeKey makes an access key by the command.
func makeKey(t *testing.T, name string, scope ...string) (key, line string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if err := execute(t.Context(), append([]string{"access-key", name}, scope...), environment{}.get, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	return strings.Fields(stderr.String())[0], stdout.String()
}

// keyFile writes a file of access keys.
func keyFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "access-keys")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var requestID = regexp.MustCompile(`"requestId":"[^"]*"`)

func TestAccessKeys(t *testing.T) {
	url, headers := startTexter(t)
	key, line := makeKey(t, "inbox")
	stranger, _ := makeKey(t, "inbox")
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url, "-access-keys", keyFile(t, line), "-addr", "0.0.0.0:0")
	const realm = `Bearer realm="texter-graphql"`
	const invalid = realm + `, error="invalid_token"`
	bodies := map[string]bool{}
	for name, test := range map[string]struct{ header, challenge string }{
		"no credential":           {"X-None: 1", realm},
		"a key as a password":     {"Authorization: Basic aW5ib3g6" + key, realm},
		"an empty token":          {"Authorization: Bearer ", realm},
		"a key in a cookie":       {"Cookie: token=" + key, realm},
		"an unknown key":          {"Authorization: Bearer " + stranger, invalid},
		"the service's own token": {"Authorization: Bearer service", invalid},
		"the name of a key":       {"Authorization: Bearer inbox", invalid},
		"a key cut short":         {"Authorization: Bearer " + key[:len(key)-1], invalid},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			res, body := s.search(t, test.header)
			if res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") != test.challenge {
				t.Errorf("%d, %v", res.StatusCode, res.Header)
			}
			bodies[requestID.ReplaceAllString(body, "")] = true
		})
	}
	t.Run("all are refused alike, without a search", func(t *testing.T) {
		if len(bodies) > 1 || len(*headers) != 0 {
			t.Errorf("the bodies are %v, Texter got %v", bodies, *headers)
		}
	})
	t.Run("a key is let in, and Texter gets the service's token", func(t *testing.T) {
		if res, body := s.search(t, "Authorization: Bearer "+key); res.StatusCode != 200 || strings.Contains(body, "errors") {
			t.Errorf("%d: %s", res.StatusCode, body)
		}
		assertHeaders(t, *headers, "Bearer service")
	})
}

func TestCallersInTheLog(t *testing.T) {
	url, _ := startTexter(t)
	keysURL, sign := newIssuer(t)
	key, line := makeKey(t, "inbox")
	token := sign(map[string]any{"sub": "canary@example.com"})
	const texterToken = "canary-texter-token"
	var log string
	for _, s := range []*instance{
		start(t, environment{"TEXTER_API_TOKEN": "canary-service"}, "-texter-url", url, "-access-keys", keyFile(t, line), "-log-level", "debug",
			"-jwt-issuer", "https://issuer.example", "-jwt-audience", "inbox", "-jwt-jwks-url", keysURL, "-rate-limit", "0.01", "-rate-burst", "1"),
		start(t, nil, "-texter-url", url, "-log-level", "debug"),
	} {
		for _, credential := range []string{key, key, token, texterToken} {
			s.search(t, "Authorization: Bearer "+credential)
		}
		log += s.end(t)
	}
	for name, want := range map[string]string{
		"the holder of a key":              `"caller":"key:inbox","rootFields"`,
		"one beyond the rate":              `"caller":"key:inbox","status":429`,
		"the subject of a JWT":             `"caller":"jwt:`,
		"the holder of a token":            `"caller":"token:`,
		"nobody, if the caller is refused": `"status":401,"errorCodes":"UNAUTHENTICATED"`,
	} {
		t.Run("it names "+name, func(t *testing.T) {
			if !strings.Contains(log, want) {
				t.Errorf("%s is missing: %s", want, log)
			}
		})
	}
	t.Run("it has no secret", func(t *testing.T) {
		for _, secret := range []string{"canary", key, key[len("texter_graphql_"):], token, strings.Split(token, ".")[1]} {
			if strings.Contains(log, secret) {
				t.Errorf("%s is in the log: %s", secret, log)
			}
		}
	})
}

func TestRateLimit(t *testing.T) {
	url, headers := startTexter(t)
	inbox, inboxLine := makeKey(t, "inbox")
	phone, phoneLine := makeKey(t, "phone")
	limits := []string{"-texter-url", url, "-rate-limit", "0.01", "-rate-burst", "3"}
	keyed := start(t, environment{"TEXTER_API_TOKEN": "service"}, append(limits, "-access-keys", keyFile(t, inboxLine, phoneLine))...)
	passThrough := start(t, nil, limits...)
	sandbox := start(t, nil, "-rate-limit", "0.01", "-rate-burst", "3")
	for name, test := range map[string]struct {
		s       *instance
		headers string
		status  int
	}{
		"an access key":      {keyed, "Authorization: Bearer " + inbox, 200},
		"another access key": {keyed, "Authorization: Bearer " + phone, 200},
		"an unknown key":     {keyed, "Authorization: Bearer x", 401},
		"a token":            {passThrough, "Authorization: Bearer x", 200},
		"another token":      {passThrough, "Authorization: Bearer y", 200},
		"no token":           {passThrough, "X-None: 1", 401},
		"the sandbox":        {sandbox, "X-None: 1", 200},
	} {
		t.Run(name+" has three requests", func(t *testing.T) {
			for range 3 {
				if res, body := test.s.search(t, test.headers); res.StatusCode != test.status || res.Header.Get("Retry-After") != "" {
					t.Errorf("%d, %s", res.StatusCode, body)
				}
			}
			before := len(*headers)
			res, body := test.s.search(t, test.headers, "Origin: https://page.example")
			wait, _ := strconv.Atoi(res.Header.Get("Retry-After"))
			if res.StatusCode != http.StatusTooManyRequests || wait < 1 || wait > 100 || len(*headers) != before ||
				!strings.Contains(body, `"code":"RATE_LIMITED"`) || !strings.Contains(body, `"retryAfter":`+strconv.Itoa(wait)) {
				t.Errorf("the fourth: %d, %v, %s", res.StatusCode, res.Header, body)
			}
			if exposed := res.Header.Get("Access-Control-Expose-Headers"); test.s != keyed && !strings.Contains(exposed, "Retry-After") {
				t.Errorf("pages can read %s", exposed)
			}
		})
	}
}
