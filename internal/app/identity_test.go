package app

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
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

// TestAccessKeyCommand refuses what is not one name.
func TestAccessKeyCommand(t *testing.T) {
	for _, args := range [][]string{{}, {""}, {"two words"}, {"one", "{}", "{}"}, {"one", "two"}, {"one", `{"labels":[]}`}, {"a/b"}} {
		var stdout, stderr bytes.Buffer
		err := execute(t.Context(), append([]string{"access-key"}, args...), environment{}.get, &stdout, &stderr)
		if err == nil || stdout.Len()+stderr.Len() > 0 {
			t.Errorf("%q: got %v, %s%s", args, err, &stdout, &stderr)
		}
	}
}

var requestID = regexp.MustCompile(`"requestId":"[^"]*"`)

// TestServiceModeWithAccessKeys lets callers in by their keys, which Texter
// never sees, and answers all others alike.
func TestServiceModeWithAccessKeys(t *testing.T) {
	url, headers := startUpstream(t)
	key, line := makeKey(t, "inbox")
	stranger, _ := makeKey(t, "inbox")
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url, "-access-keys", keyFile(t, line), "-addr", "0.0.0.0:0")
	const realm = `Bearer realm="texter-graphql"`
	bodies := map[string]bool{}
	for credentials, challenge := range map[string]string{
		"X-None: 1":                                 realm,
		"Authorization: Basic aW5ib3g6" + key:       realm,
		"Authorization: Bearer ":                    realm,
		"Cookie: token=" + key:                      realm,
		"Authorization: Bearer " + stranger:         realm + `, error="invalid_token"`,
		"Authorization: Bearer service":             realm + `, error="invalid_token"`,
		"Authorization: Bearer inbox":               realm + `, error="invalid_token"`,
		"Authorization: Bearer " + key[:len(key)-1]: realm + `, error="invalid_token"`,
	} {
		res, body := s.search(t, credentials)
		if res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") != challenge {
			t.Errorf("%.20s: %d, %v", credentials, res.StatusCode, res.Header)
		}
		bodies[requestID.ReplaceAllString(body, "")] = true
	}
	if len(bodies) != 1 || len(*headers) != 0 {
		t.Errorf("the bodies are %v, the upstream saw %v", bodies, *headers)
	}
	if res, body := s.search(t, "Authorization: Bearer "+key); res.StatusCode != 200 || strings.Contains(body, "errors") {
		t.Errorf("%d: %s", res.StatusCode, body)
	}
	assertHeaders(t, *headers, "Bearer service")
}

// TestBadAccessKeys does not start without keys that it can read.
func TestBadAccessKeys(t *testing.T) {
	var stderr bytes.Buffer
	err := run(t.Context(), []string{"-texter-project", "acme", "-access-keys", keyFile(t, "canary")}, environment{"TEXTER_API_TOKEN": "canary"}.get, &stderr)
	if err == nil || !strings.Contains(err.Error(), "access-keys") || !strings.Contains(err.Error(), "line 1") || strings.Contains(err.Error()+stderr.String(), "canary") {
		t.Errorf("got %v, %s", err, &stderr)
	}
}

// TestDNSRebinding asks a service for this machine only by the name of another
// site.
func TestDNSRebinding(t *testing.T) {
	url, headers := startUpstream(t)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url)
	for _, path := range []string{"/graphql", "/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader(`{"query":"{ searchChats { totalCount } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "evil.example" + s.url[strings.LastIndex(s.url, ":"):]
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = res.Body.Close(); res.StatusCode != 421 {
			t.Errorf("%s is %d", path, res.StatusCode)
		}
	}
	if len(*headers) != 0 {
		t.Errorf("the upstream saw %v", *headers)
	}
}

// TestCallersInTheLog names callers, but not by what they bring.
func TestCallersInTheLog(t *testing.T) {
	url, _ := startUpstream(t)
	keysURL, sign := newIssuer(t)
	key, line := makeKey(t, "inbox")
	token := sign(map[string]any{"sub": "canary@example.com"})
	const texterToken = "canary-texter-token"
	services := []*service{
		start(t, environment{"TEXTER_API_TOKEN": "canary-service"}, "-texter-url", url, "-access-keys", keyFile(t, line), "-log-level", "debug",
			"-jwt-issuer", "https://issuer.example", "-jwt-audience", "inbox", "-jwt-jwks-url", keysURL, "-rate-limit", "0.01", "-rate-burst", "1"),
		start(t, nil, "-texter-url", url, "-log-level", "debug"),
	}
	var log string
	for _, s := range services {
		for _, credential := range []string{key, key, token, texterToken} {
			s.search(t, "Authorization: Bearer "+credential)
		}
		s.stop()
		<-s.done
		log += <-s.log
	}
	for _, want := range []string{
		`"caller":"key:inbox","rootFields"`, `"caller":"key:inbox","status":429`, `"caller":"jwt:`, `"caller":"token:`, `"status":401,"errorCodes":"UNAUTHENTICATED"`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%s is missing: %s", want, log)
		}
	}
	for _, secret := range []string{"canary", key, key[len("texter_graphql_"):], token, strings.Split(token, ".")[1]} {
		if strings.Contains(log, secret) {
			t.Errorf("%s is in the log: %s", secret, log)
		}
	}
}
