package config_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph/limits"
	"texter-graphql/internal/config"
	"texter-graphql/internal/cors"
	"texter-graphql/internal/rule"
)

// environment holds the variables of a process.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// defaults returns the settings of a process that is given none.
func defaults() config.Config {
	return config.Config{
		Addr: "127.0.0.1:8080", TexterTimeout: 10 * time.Second, TexterAttemptTimeout: 7 * time.Second, TexterConcurrency: 64, SandboxChats: 5000,
		Cache:          config.Cache{Size: 64 << 20, LabelsTTL: time.Minute},
		Live:           config.Live{Interval: 3 * time.Second, Window: 100, Polls: 10, SandboxTraffic: 2 * time.Second},
		RequestTimeout: 30 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 620 * time.Second,
		MaxAnswerSize: 64 << 20, JWTLeeway: time.Minute, RateBurst: 50, GraphiQL: true, CORS: cors.Policy{Origins: []string{"*"}}, TracesRatio: 0.1, SlowRequest: 5 * time.Second,
		Limits: limits.Limits{Depth: 20, Cost: 1_250_000}, Introspection: true, Suggestions: true,
		Subscriptions: config.Subscriptions{Max: 10_000, MaxPerCaller: 1000, MaxPerConnection: 100},
	}
}

// token are the settings of a service with a token of its own.
var token = environment{"TEXTER_API_TOKEN": "t0ken", "TEXTER_PROJECT": "acme"}

// settings are flags and environment variables, and how they change the defaults.
var settings = map[string]struct {
	args   []string
	env    environment
	change func(*config.Config)
}{
	"nothing":                 {nil, nil, func(*config.Config) {}},
	"addr":                    {[]string{"-addr", ":0", "-sandbox", "true"}, nil, func(c *config.Config) { c.Addr, c.AllowSandbox = ":0", true }},
	"ADDR":                    {nil, environment{"ADDR": "[::1]:9"}, func(c *config.Config) { c.Addr = "[::1]:9" }},
	"a flag rather than ADDR": {[]string{"-addr=[::1]:1"}, environment{"ADDR": "[::1]:2"}, func(c *config.Config) { c.Addr = "[::1]:1" }},
	"project":                 {[]string{"--texter-project", "acme"}, nil, func(c *config.Config) { c.TexterURL = "https://acme.texterchat.com/server/api/v2" }},
	"PROJECT":                 {nil, environment{"TEXTER_PROJECT": "acme"}, func(c *config.Config) { c.TexterURL = "https://acme.texterchat.com/server/api/v2" }},
	"url":                     {[]string{"-texter-url", "http://localhost:1/x"}, nil, func(c *config.Config) { c.TexterURL = "http://localhost:1/x" }},
	"URL":                     {nil, environment{"TEXTER_URL": "https://x.example"}, func(c *config.Config) { c.TexterURL = "https://x.example" }},
	"sandbox-chats":           {[]string{"-sandbox-chats", "7"}, nil, func(c *config.Config) { c.SandboxChats = 7 }},
	"timeout":                 {[]string{"-texter-timeout", "1m30s"}, nil, func(c *config.Config) { c.TexterTimeout = 90 * time.Second }},
	"TIMEOUT":                 {nil, environment{"TEXTER_TIMEOUT": "5ms"}, func(c *config.Config) { c.TexterTimeout = 5 * time.Millisecond }},
	"attempt timeout":         {[]string{"-texter-attempt-timeout", "1s"}, nil, func(c *config.Config) { c.TexterAttemptTimeout = time.Second }},
	"CONCURRENCY":             {nil, environment{"TEXTER_CONCURRENCY": "1"}, func(c *config.Config) { c.TexterConcurrency = 1 }},
	"texter-transport":        {[]string{"-texter-transport", "standard"}, nil, func(c *config.Config) { c.TexterNetHTTP = true }},
	"live-interval":           {[]string{"-live-interval", "500ms"}, nil, func(c *config.Config) { c.Live.Interval = 500 * time.Millisecond }},
	"LIVE_WINDOW":             {nil, environment{"LIVE_WINDOW": "1000"}, func(c *config.Config) { c.Live.Window = 1000 }},
	"live-polls":              {[]string{"-live-polls", "0.5"}, nil, func(c *config.Config) { c.Live.Polls = 0.5 }},
	"sandbox-traffic":         {[]string{"-sandbox-traffic", "0"}, nil, func(c *config.Config) { c.Live.SandboxTraffic = 0 }},
	"WEBHOOK_SECRET":          {nil, environment{"WEBHOOK_SECRET": "0123456789abcdef"}, func(c *config.Config) { c.Live.WebhookSecret = "0123456789abcdef" }},
	"request timeout":         {[]string{"-request-timeout", "1s"}, nil, func(c *config.Config) { c.RequestTimeout = time.Second }},
	"origins":                 {[]string{"-cors-origins", "https://a.example, https://b.example,"}, nil, func(c *config.Config) { c.CORS.Origins = []string{"https://a.example", "https://b.example"} }},
	"request headers":         {[]string{"-cors-headers", "X-Tenant,x-flag"}, nil, func(c *config.Config) { c.CORS.Headers = []string{"X-Tenant", "x-flag"} }},
	"wildcards":               {[]string{"-cors-origins", "https://*.a.example"}, nil, func(c *config.Config) { c.CORS.Origins = []string{"https://*.a.example"} }},
	"ORIGINS":                 {nil, environment{"CORS_ORIGINS": "https://a.example"}, func(c *config.Config) { c.CORS.Origins = []string{"https://a.example"} }},
	"write-timeout":           {[]string{"-write-timeout", "5s"}, nil, func(c *config.Config) { c.WriteTimeout = 5 * time.Second }},
	"max-answer-size":         {[]string{"-max-answer-size", "1MiB"}, nil, func(c *config.Config) { c.MaxAnswerSize = 1 << 20 }},
	"IDLE_TIMEOUT":            {nil, environment{"IDLE_TIMEOUT": "1h"}, func(c *config.Config) { c.IdleTimeout = time.Hour }},
	"drain-delay":             {[]string{"-drain-delay", "5s"}, nil, func(c *config.Config) { c.DrainDelay = 5 * time.Second }},
	"log-level":               {[]string{"-log-level", "warn"}, nil, func(c *config.Config) { c.LogLevel = slog.LevelWarn }},
	"slow-request":            {[]string{"-slow-request", "0s"}, nil, func(c *config.Config) { c.SlowRequest = 0 }},
	"metrics-addr":            {[]string{"-metrics-addr", ":9090"}, nil, func(c *config.Config) { c.MetricsAddr = ":9090" }},
	"traces":                  {[]string{"-otel-exporter-otlp-endpoint", "http://collector:4318"}, nil, func(c *config.Config) { c.TracesURL = "http://collector:4318" }},
	"TRACES":                  {nil, environment{"OTEL_EXPORTER_OTLP_ENDPOINT": "https://x.example/otlp", "OTEL_TRACES_SAMPLER_ARG": "1"}, func(c *config.Config) { c.TracesURL, c.TracesRatio = "https://x.example/otlp", 1 }},
	"graphiql":                {[]string{"-graphiql=false"}, nil, func(c *config.Config) { c.GraphiQL = false }},
	"GRAPHIQL":                {nil, environment{"GRAPHIQL": "false"}, func(c *config.Config) { c.GraphiQL = false }},
	"max-cost":                {[]string{"-max-cost=7"}, nil, func(c *config.Config) { c.Limits.Cost = 7 }},
	"MAX_DEPTH":               {nil, environment{"MAX_DEPTH": "7"}, func(c *config.Config) { c.Limits.Depth = 7 }},
	"introspection":           {[]string{"-introspection=false"}, nil, func(c *config.Config) { c.Introspection = false }},
	"trusted-documents":       {[]string{"-trusted-documents=a"}, nil, func(c *config.Config) { c.TrustedDocuments = "a" }},
	"SUGGESTIONS":             {nil, environment{"SUGGESTIONS": "false"}, func(c *config.Config) { c.Suggestions = false }},
	"an empty flag":           {[]string{"-texter-project="}, environment{"TEXTER_PROJECT": "acme"}, func(*config.Config) {}},
	"a token": {nil, token, func(c *config.Config) {
		c.LocalOnly = true
		c.TexterURL, c.TexterToken, c.CORS.Origins = "https://acme.texterchat.com/server/api/v2", "t0ken", nil
	}},
	"a token and access keys": {[]string{"-access-keys=keys", "-addr=:0"}, token, func(c *config.Config) {
		c.AccessKeys, c.Addr = "keys", ":0"
		c.TexterURL, c.TexterToken, c.CORS.Origins = "https://acme.texterchat.com/server/api/v2", "t0ken", nil
	}},
	"subscriptions": {[]string{"-max-subscriptions=7", "-max-subscriptions-per-caller=6", "-max-operations-per-connection=5"}, nil, func(c *config.Config) {
		c.Subscriptions = config.Subscriptions{Max: 7, MaxPerCaller: 6, MaxPerConnection: 5}
	}},
	"the longest leeway": {[]string{"-jwt-leeway=10m"}, nil, func(c *config.Config) { c.JWTLeeway = 10 * time.Minute }},
	"the most polls":     {[]string{"-live-polls=1000"}, nil, func(c *config.Config) { c.Live.Polls = 1000 }},
	"the fewest polls":   {[]string{"-live-polls=0.1"}, nil, func(c *config.Config) { c.Live.Polls = 0.1 }},
	"rate limit":         {[]string{"-rate-limit=0.5", "-rate-burst=7"}, nil, func(c *config.Config) { c.RateLimit, c.RateBurst = 0.5, 7 }},
	"a token and JWTs": {[]string{"-jwt-issuer=https://a.example/", "-jwt-audience=b", "-jwt-jwks-url=http://[::1]:1/c?d=e", "-jwt-leeway=0s", "-jwt-scope-claim=https://f/g", "-addr=:0"}, token, func(c *config.Config) {
		c.JWTIssuer, c.JWTAudience, c.JWTKeysURL, c.JWTLeeway, c.JWTScopeClaim, c.Addr = "https://a.example/", "b", "http://[::1]:1/c?d=e", 0, "https://f/g", ":0"
		c.TexterURL, c.TexterToken, c.CORS.Origins = "https://acme.texterchat.com/server/api/v2", "t0ken", nil
	}},
	"a token and origins": {[]string{"-cors-origins=https://a.example"}, token, func(c *config.Config) {
		c.LocalOnly = true
		c.TexterURL, c.TexterToken, c.CORS.Origins = "https://acme.texterchat.com/server/api/v2", "t0ken", []string{"https://a.example"}
	}},
}

func TestSettings(t *testing.T) {
	for name, test := range settings {
		t.Run("it reads "+name, func(t *testing.T) {
			var output bytes.Buffer
			got, err := config.Parse(test.args, test.env.get, &output)
			want := defaults()
			test.change(&want)
			if len(got.CORS.Headers) == 0 {
				got.CORS.Headers = nil
			}
			if len(got.CORS.Origins) == 0 {
				got.CORS.Origins = nil
			}
			if err != nil || !reflect.DeepEqual(got, want) || output.Len() > 0 {
				t.Errorf("got %+v, %v, %q", got, err, output.String())
			}
			if got.Sandbox() != (want.TexterURL == "") {
				t.Errorf("Sandbox is %t", got.Sandbox())
			}
		})
	}
	t.Run("it reads a token from a file, without the white space around it", func(t *testing.T) {
		env := environment{"TEXTER_PROJECT": "acme", "TEXTER_API_TOKEN_FILE": file(t, "\n t0ken==\r\n")}
		if c, err := config.Parse(nil, env.get, os.Stderr); err != nil || c.TexterToken != "t0ken==" {
			t.Errorf("got %+v, %v", c, err)
		}
	})
}

// file writes a file with a token.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "canary-token")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// project returns the settings of a service for a project, with one more.
func project(name, value string) environment {
	return environment{"TEXTER_PROJECT": "acme", name: value}
}

// badSettings are flags and environment variables with a mistake, and the setting
// that an error names.
var badSettings = []struct {
	args    []string
	env     environment
	setting string
}{
	{[]string{"-addr", "canary"}, nil, "addr"},
	{[]string{"-addr", "canary:"}, nil, "addr"},
	{[]string{"-addr", "::1:canary"}, nil, "addr"},
	{nil, environment{"ADDR": "canary"}, "addr"},
	{[]string{"-addr", "127.0.0.1:99999"}, nil, "addr"},
	{[]string{"-addr", "127.0.0.1:canary"}, nil, "addr"},
	{[]string{"-texter-url", "canary"}, nil, "texter-url"},
	{[]string{"-addr", ":0"}, nil, "texter-project"},
	{[]string{"-addr", "192.168.1.1:0"}, nil, "texter-project"},
	{[]string{"-sandbox", "canary"}, nil, "sandbox"},
	{nil, project("SANDBOX", "true"), "sandbox"},
	{[]string{"-texter-url", "http://canary.example"}, nil, "texter-url"},
	{[]string{"-cors-origins", "canary not an origin"}, nil, "cors-origins"},
	{[]string{"-cors-origins", "https://canary.example/path"}, nil, "cors-origins"},
	{[]string{"-cors-origins", "*"}, project("TEXTER_API_TOKEN", "t0ken"), "cors-origins"},
	{[]string{"-sandbox-chats", "canary"}, nil, "sandbox-chats"},
	{[]string{"-sandbox-chats", "0"}, nil, "sandbox-chats"},
	{[]string{"-texter-timeout", "canary"}, nil, "texter-timeout"},
	{[]string{"-texter-timeout", "10"}, nil, "texter-timeout"},
	{[]string{"-texter-timeout", "0s"}, nil, "texter-timeout"},
	{nil, environment{"TEXTER_TIMEOUT": "-1s"}, "texter-timeout"},
	{[]string{"-live-interval", "499ms"}, nil, "live-interval"},
	{[]string{"-live-interval", "canary"}, nil, "live-interval"},
	{[]string{"-live-window", "0"}, nil, "live-window"},
	{[]string{"-live-window", "1001"}, nil, "live-window"},
	{[]string{"-live-polls", "0"}, nil, "live-polls"},
	{[]string{"-live-polls", "NaN"}, nil, "live-polls"},
	{[]string{"-live-polls", "1000.1"}, nil, "live-polls"},
	{[]string{"-sandbox-traffic", "-1s"}, nil, "sandbox-traffic"},
	{nil, environment{"WEBHOOK_SECRET": "canary"}, "WEBHOOK_SECRET"},
	{[]string{"-metrics-addr", "canary"}, nil, "metrics-addr"},
	{[]string{"-admin-addr", ":6060"}, nil, "admin-addr"},
	{[]string{"-admin-addr", "localhost:canary"}, nil, "admin-addr"},
	{[]string{"-otel-exporter-otlp-endpoint", "canary"}, nil, "otel-exporter-otlp-endpoint"},
	{[]string{"-otel-exporter-otlp-endpoint", "http://canary@collector"}, nil, "otel-exporter-otlp-endpoint"},
	{[]string{"-otel-exporter-otlp-endpoint", "http://collector?canary"}, nil, "otel-exporter-otlp-endpoint"},
	{[]string{"-otel-traces-sampler-arg", "canary"}, nil, "otel-traces-sampler-arg"},
	{[]string{"-otel-traces-sampler-arg", "1.1"}, nil, "otel-traces-sampler-arg"},
	{[]string{"-otel-traces-sampler-arg", "-0.1"}, nil, "otel-traces-sampler-arg"},
	{[]string{"-otel-traces-sampler-arg", "NaN"}, nil, "otel-traces-sampler-arg"},
	{[]string{"-log-level", "canary"}, nil, "log-level"},
	{[]string{"-log-level", "INFO+3"}, nil, "log-level"},
	{[]string{"-drain-delay", "canary"}, nil, "drain-delay"},
	{[]string{"-drain-delay", "-1s"}, nil, "drain-delay"},
	{[]string{"-access-keys", "canary"}, nil, "access-keys"},
	{[]string{"-access-keys", "canary", "-texter-project", "acme"}, nil, "access-keys"},
	{[]string{"-texter-attempt-timeout", "canary"}, nil, "texter-attempt-timeout"},
	{[]string{"-request-timeout", "0s"}, nil, "request-timeout"},
	{[]string{"-texter-concurrency", "canary"}, nil, "texter-concurrency"},
	{[]string{"-texter-transport", "canary"}, nil, "texter-transport"},
	{[]string{"-texter-concurrency", "0"}, nil, "texter-concurrency"},
	{[]string{"-texter-concurrency", "100001"}, nil, "texter-concurrency"},
	{[]string{"-jwt-issuer", "https://canary.example", "-jwt-audience", "canary"}, nil, "jwt-issuer"},
	{[]string{"-jwt-issuer", "https://canary.example"}, project("TEXTER_API_TOKEN", "canary"), "jwt-issuer"},
	{[]string{"-jwt-issuer", "http://canary.example", "-jwt-audience", "canary"}, project("TEXTER_API_TOKEN", "canary"), "jwt-issuer"},
	{[]string{"-jwt-issuer", "https://canary@canary.example"}, nil, "jwt-issuer"},
	{[]string{"-jwt-jwks-url", "canary.example?canary"}, nil, "jwt-jwks-url"},
	{[]string{"-jwt-jwks-url", "https://canary.example?canary"}, nil, "jwt-jwks-url"},
	{[]string{"-jwt-audience", "canary"}, nil, "jwt-audience"},
	{[]string{"-jwt-scope-claim", "canary"}, nil, "jwt-scope-claim"},
	{[]string{"-rate-limit", "canary"}, nil, "rate-limit"},
	{[]string{"-rate-limit", "-1"}, nil, "rate-limit"},
	{[]string{"-rate-limit", "NaN"}, nil, "rate-limit"},
	{[]string{"-rate-limit", "1000001"}, nil, "rate-limit"},
	{[]string{"-rate-limit", "Inf"}, nil, "rate-limit"},
	{[]string{"-rate-burst", "0"}, nil, "rate-burst"},
	{[]string{"-jwt-leeway", "canary"}, nil, "jwt-leeway"},
	{[]string{"-jwt-leeway", "-1s"}, nil, "jwt-leeway"},
	{[]string{"-jwt-leeway", "11m"}, nil, "jwt-leeway"},
	{[]string{"-graphiql", "canary"}, nil, "graphiql"},
	{[]string{"-max-cost", "canary"}, nil, "max-cost"},
	{[]string{"-max-cost", "0"}, nil, "max-cost"},
	{nil, environment{"MAX_DEPTH": "-1"}, "max-depth"},
	{[]string{"-introspection", "canary"}, nil, "introspection"},
	{[]string{"-suggestions", "canary"}, nil, "suggestions"},
	{nil, environment{"GRAPHIQL": "canary"}, "graphiql"},
	{[]string{"-texter-project", "canary.example/"}, nil, "texter-project"},
	{nil, environment{"TEXTER_PROJECT": "-canary"}, "texter-project"},
	{[]string{"-texter-project", "canary", "-texter-url", "https://canary.example"}, nil, "texter-url"},
	{[]string{"-texter-url", "https://canary.example"}, environment{"TEXTER_PROJECT": "acme"}, "texter-url"},
	{nil, project("TEXTER_API_TOKEN", "canary canary"), "TEXTER_API_TOKEN"},
	{nil, project("TEXTER_API_TOKEN", "canary\n"), "TEXTER_API_TOKEN"},
	{nil, project("TEXTER_API_TOKEN", "קנרית"), "TEXTER_API_TOKEN"},
	{nil, environment{"TEXTER_API_TOKEN": "canary"}, "TEXTER_API_TOKEN"},
	{[]string{"canary"}, nil, "the command line"},
	{[]string{"-addr", ":0", "canary"}, nil, "the command line"},
	{[]string{"-unknown=canary"}, nil, "the command line"},
	{[]string{"-texter-api-token=canary"}, nil, "the command line"},
	{[]string{"-addr"}, nil, "the command line"},
	{[]string{"-=canary"}, nil, "the command line"},
}

// TestBadSettings: an error names the setting, and does not repeat its value.
func TestBadSettings(t *testing.T) {
	for _, test := range badSettings {
		t.Run(fmt.Sprintf("%s is wrong in %q, %v", test.setting, test.args, test.env), func(t *testing.T) {
			var output bytes.Buffer
			_, err := config.Parse(test.args, test.env.get, &output)
			assertNamed(t, err, test.setting)
			if strings.Contains(output.String(), "canary") {
				t.Errorf("the value is repeated: %s", &output)
			}
		})
	}
}

func TestBadTokenFiles(t *testing.T) {
	for name, env := range map[string]environment{
		"a file beside a token":       {"TEXTER_API_TOKEN": "canary", "TEXTER_API_TOKEN_FILE": file(t, "canary")},
		"an empty file":               project("TEXTER_API_TOKEN_FILE", file(t, " \n")),
		"a file with two lines":       project("TEXTER_API_TOKEN_FILE", file(t, "canary\ncanary")),
		"a path that leads nowhere":   project("TEXTER_API_TOKEN_FILE", file(t, "x")+"/canary"),
		"a folder in place of a file": project("TEXTER_API_TOKEN_FILE", t.TempDir()),
	} {
		t.Run(name+" is an error", func(t *testing.T) {
			_, err := config.Parse(nil, env.get, os.Stderr)
			assertNamed(t, err, "TEXTER_API_TOKEN_FILE")
		})
	}
}

// assertNamed fails unless an error names a setting, and does not repeat its
// value.
func assertNamed(t *testing.T, err error, setting string) {
	t.Helper()
	bad, ok := errors.AsType[*rule.Error](err)
	if !ok || bad.Name != setting || !strings.HasPrefix(err.Error(), setting+" ") || bad.Rule == "" {
		t.Errorf("got %v, want an error about %s", err, setting)
	} else if strings.Contains(err.Error(), "canary") {
		t.Errorf("the value is repeated: %v", err)
	}
}

// TestLoopbackWithAToken: with a token and without credentials, who can connect
// can read every chat, so that only this machine may connect.
func TestLoopbackWithAToken(t *testing.T) {
	env := environment{"TEXTER_PROJECT": "acme", "TEXTER_API_TOKEN": "canary"}
	for addr, allowed := range map[string]bool{
		"127.0.0.1:0": true, "127.8.8.8:80": true, "localhost:80": true, "[::1]:80": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "192.168.1.1:80": false, "acme.example:80": false, "localhost.example:80": false,
	} {
		t.Run(fmt.Sprintf("with a token, %s is allowed: %t", addr, allowed), func(t *testing.T) {
			if _, err := config.Parse([]string{"-addr", addr}, env.get, os.Stderr); !allowed {
				assertNamed(t, err, "addr")
			} else if err != nil {
				t.Error(err)
			}
		})
		t.Run("without a token, "+addr+" is allowed", func(t *testing.T) {
			if _, err := config.Parse([]string{"-addr", addr, "-texter-project", "acme"}, environment{}.get, os.Stderr); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help"} {
		t.Run(arg+" lists the settings and their defaults", func(t *testing.T) {
			var output bytes.Buffer
			if _, err := config.Parse([]string{arg}, environment{}.get, &output); !errors.Is(err, flag.ErrHelp) {
				t.Errorf("got %v", err)
			}
			for _, want := range []string{
				"  -addr ", "  -texter-project ", "  -texter-url ", "  -texter-timeout ", "  -cors-origins ", "  -graphiql ", "  -max-cost ", "  -max-depth ", "  -introspection ", "  -suggestions ", "TEXTER_API_TOKEN ",
				"TEXTER_API_TOKEN_FILE ", "127.0.0.1:8080", "10s", "sandbox",
			} {
				if !strings.Contains(output.String(), want) {
					t.Errorf("%q is missing: %s", want, &output)
				}
			}
		})
	}
}
