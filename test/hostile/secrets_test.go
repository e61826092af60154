package hostile

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/test/harness"
)

// chat is a row with a canary in each field that has personal data.
const chat = `{"_id":"canary-id","title":"canary-name","displayName":"canary-name","clientPhone":"+canary-phone","channelInfo":{"name":"email","id":"canary-phone","accountId":"canary"},
"labels":["canary"],"crmData":{"canary-key":"canary-value"},"crmDeepLink":"https://canary:canary@crm.example/canary","agent":{"uid":"canary-agent","displayName":"canary-agent"},
"botState":{"id":"canary","userState":{"canary-key":"canary-value"}},"last_message_timestamp":1700000000000%s}`

// misbehaviors returns what Texter may respond with, by what is searched for. Each
// has canaries.
func misbehaviors() map[string]http.HandlerFunc {
	all := map[string]http.HandlerFunc{}
	for _, status := range []int{201, 204, 301, 304, 307, 400, 401, 403, 404, 418, 429, 500, 503} {
		all[fmt.Sprint("status ", status)] = func(w http.ResponseWriter, _ *http.Request) {
			h := w.Header()
			h.Set("Location", "http://canary:canary@127.0.0.1:1/canary?canary=canary")
			h.Set("Retry-After", "canary")
			h.Set("WWW-Authenticate", `Bearer realm="canary"`)
			h.Set("Set-Cookie", "canary=canary")
			h.Set("X-Request-Id", "canary")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"error":"canary"}`) // fails for a status that has no body
		}
	}
	for name, body := range map[string]string{
		"HTML": "<title>canary</title>", "cut JSON": `{"data":[{"_id":"canary`, "JSON and more": `{"data":[],"total":0}canary`, "no total": `{"data":[` + fmt.Sprintf(chat, "") + `]}`,
		"a number for a name": `{"data":[` + fmt.Sprintf(chat, `,"title":5`) + `],"total":1}`, "text for a status": `{"data":[` + fmt.Sprintf(chat, `,"status":"canary"`) + `],"total":1}`,
		"text for a time": `{"data":[` + fmt.Sprintf(chat, `,"created":"canary"`) + `],"total":1}`, "text for an agent": `{"data":[` + fmt.Sprintf(chat, `,"agent":"canary"`) + `],"total":1}`,
		"text for labels": `{"data":[` + fmt.Sprintf(chat, `,"labels":"canary"`) + `],"total":1}`, "text for a row": `{"data":["canary"],"total":1}`, "no id": `{"data":[{"title":"canary"}],"total":1}`,
	} {
		all[name] = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
	}
	all["a broken connection"] = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	all["a short body"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "canary")
	}
	all["broken gzip"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, "canary")
	}
	all["a broken header"] = func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 200 canary\r\nCanary canary\r\n\r\n")
			_ = c.Close()
		}
	}
	return all
}

// TestSecretsOfRequests: whatever Texter responds with, no log, trace, metric or
// error has anything of the request or of Texter's response.
func TestSecretsOfRequests(t *testing.T) {
	all := misbehaviors()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Query().Get("search"), "canary ")
		if misbehave := all[name]; misbehave != nil {
			misbehave(w, r)
			return
		}
		_, _ = io.WriteString(w, `{"data":[`+fmt.Sprintf(chat, "")+`],"total":1}`)
	}))
	t.Cleanup(server.Close)
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, fmt.Appendf(nil, "inbox sha256:%x\n", sha256.Sum256([]byte("canary-key"))), 0o600); err != nil {
		t.Fatal(err)
	}
	i := newIssuer(t)
	jwt := token(map[string]any{"alg": "ES256", "kid": "e"}, i.claims(map[string]any{"sub": "canary@canary.example", "email": "canary"}), i.byEC)
	args := []string{"-texter-url", server.URL + "/base", "-cache-ttl", "1m", "-cache-stale-if-error", "1m", "-rate-limit", "100000"}
	service := settings{"TEXTER_API_TOKEN=canary-token"}
	for name, mode := range map[string]struct {
		settings   settings
		args       []string
		credential string
	}{
		"tokens passed through": {nil, nil, "canary-token"},
		"access keys":           {service, []string{"-access-keys", keys}, "canary-key"},
		"JSON Web Tokens":       {service, []string{"-jwt-issuer", i.url, "-jwt-audience", audience, "-jwt-jwks-url", i.url}, jwt},
	} {
		t.Run(name, func(t *testing.T) {
			p := start(t, append(tracing(t), mode.settings...), append(args, mode.args...)...)
			headers := append(plantedHeaders(), "Authorization: Bearer "+mode.credential)
			if ok := p.send(t, plantedSearch("canary chat", headers)); !strings.Contains(ok.body, "canary-phone") {
				t.Fatalf("the response has no chats: %d, %s", ok.StatusCode, ok.body)
			}
			for name := range all {
				got := p.send(t, plantedSearch("canary "+name, headers))
				if code := got.code(t); !strings.HasPrefix(code, "UPSTREAM_") && code != "UNAUTHENTICATED" && code != "FORBIDDEN" && code != "RATE_LIMITED" && code != "BAD_USER_INPUT" {
					t.Errorf("%s: code %q", name, code)
				}
				assertClean(t, name, fmt.Sprint(got.Header, got.body))
			}
			for _, path := range []string{"/readyz", "/healthz", "/canary", "/graphql?canary=canary"} {
				got := p.send(t, request("GET "+path+" HTTP/1.1", "", append(headers, "Host: localhost")...))
				assertClean(t, path, fmt.Sprint(got.Header, got.body))
			}
		})
	}
}

// tracing returns settings by which every request is traced. No trace may have a
// canary.
func tracing(t *testing.T) settings {
	var traces atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("a trace can't be read: %v, %v", err, r.Header)
		}
		traces.Add(1)
		assertClean(t, "a trace", fmt.Sprint(r.Header, string(body)))
	}))
	t.Cleanup(func() { // after the end of the service, which sends its last trace then
		collector.Close()
		if traces.Load() == 0 {
			t.Error("nothing was traced")
		}
	})
	return settings{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL, "OTEL_TRACES_SAMPLER_ARG=1"}
}

// send sends a request and returns its response.
func (p *program) send(t *testing.T, bytes string) *response {
	t.Helper()
	return p.exchange(t, attack{send: bytes})
}

// plantedHeaders returns headers of a caller with canaries.
func plantedHeaders() []string {
	return []string{
		"Cookie: session=canary", "User-Agent: canary", "Referer: https://canary:canary@page.example/?canary", "X-Forwarded-For: canary", "Accept-Language: canary",
		"X-Api-Key: canary", "Proxy-Authorization: Basic canary", "X-Apollo-Operation-Name: canary", "apollographql-client-name: canary", "baggage: canary=canary", "tracestate: canary=canary",
	}
}

// plantedSearch returns a request for a search, with canaries in its document and
// in its variables.
func plantedSearch(search string, headers []string) string {
	document := `query($search: String!, $first: Int) { searchChats(filter: {search: $search, channel: {name: EMAIL, accountId: "canary"}, labels: ["canary"]}, first: $first) { nodes { id name clientPhone raw } } # canary
}`
	return postAs("application/json", operation(document, map[string]any{"search": search, "first": 1, "canary": "canary"}), headers...)
}

// TestSecretsOfSettings: what the program prints about its settings has no secret,
// whether they are good or bad.
func TestSecretsOfSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "canary")
	if err := os.WriteFile(file, []byte("canary canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := settings{"TEXTER_API_TOKEN=canary-token", "TEXTER_URL=http://127.0.0.1:1"}
	for name, test := range map[string]struct {
		settings settings
		args     []string
		exit     int
	}{
		"help":                 {good, []string{"-h"}, 0},
		"version":              {good, []string{"-version"}, 0},
		"check":                {good, []string{"config", "check"}, 0},
		"check, token in file": {settings{"TEXTER_API_TOKEN_FILE=" + file, "TEXTER_URL=http://127.0.0.1:1"}, []string{"config", "check"}, 1},
		"token of two words":   {settings{"TEXTER_API_TOKEN=canary canary"}, nil, 1},
		"token without a URL":  {settings{"TEXTER_API_TOKEN=canary"}, nil, 1},
		"credentials in a URL": {nil, []string{"-texter-url", "https://canary:canary@texter.example"}, 1},
		"key in a URL":         {nil, []string{"-texter-url", "https://texter.example?key=canary"}, 1},
		"token as a flag":      {nil, []string{"-texter-api-token", "canary"}, 1},
		"token as a word":      {nil, []string{"canary"}, 1},
		"bad access keys":      {good, []string{"-access-keys", file}, 1},
		"bad number":           {nil, []string{"-rate-limit", "canary"}, 1},
		"bad flag":             {nil, []string{"-canary"}, 1},
		"bad address":          {nil, []string{"-addr", "canary.example:80"}, 1},
		"credentials, issuer":  {good, []string{"-jwt-issuer", "https://canary:canary@issuer.example", "-jwt-audience", audience}, 1},
		"credentials, keys":    {good, []string{"-jwt-issuer", "https://issuer.example", "-jwt-audience", audience, "-jwt-jwks-url", "https://canary:canary@issuer.example"}, 1},
		"an access key's name": {nil, []string{"access-key", "canary canary"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			output, exit, err := harness.Command{Path: harness.Binary(t), Args: test.args, Env: test.settings}.Run(t.Context())
			if err != nil || exit != test.exit || output == "" {
				t.Errorf("exit code %d, want %d (%v): %s", exit, test.exit, err, output)
			}
			assertClean(t, name, output)
		})
	}
}

// TestSecretsOfAnIssuer: when an issuer fails, nothing shows a part of its
// response, or of its URL, which has a key.
func TestSecretsOfAnIssuer(t *testing.T) {
	for name, serve := range map[string]http.HandlerFunc{
		"500":          func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "canary", http.StatusInternalServerError) },
		"no JSON":      func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "canary") },
		"no keys":      func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"canary":"canary"}`) },
		"a redirect":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/canary", http.StatusFound) },
		"a cut answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			i, server := newIssuer(t), httptest.NewServer(serve)
			t.Cleanup(server.Close)
			p := start(t, settings{"TEXTER_API_TOKEN=canary"}, "-texter-url", "http://127.0.0.1:1", "-jwt-issuer", i.url, "-jwt-audience", audience, "-jwt-jwks-url", server.URL+"?key="+url.QueryEscape("canary"))
			got := p.send(t, postAs("application/json", operation(count, nil), "Authorization: Bearer "+token(map[string]any{"alg": "ES256", "kid": "e"}, i.claims(nil), i.byEC)))
			if got.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("status %d", got.StatusCode)
			}
			assertClean(t, name, fmt.Sprint(got.Header, got.body))
		})
	}
}
