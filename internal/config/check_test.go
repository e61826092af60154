package config_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"texter-graphql/internal/config"
)

// TestCheck: what is written of settings tells no secret.
func TestCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(redisKey), 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment{"TEXTER_API_TOKEN": "canary", "CACHE_KEY_FILE": file, "TEXTER_PROJECT": "acme"}
	for name, test := range map[string]struct {
		args []string
		want string // one line
	}{
		"a value":                   {[]string{"-cache-ttl=5s"}, "cache-ttl = 5s"},
		"a default":                 {nil, "labels-ttl = 1m0s"},
		"a user":                    {[]string{"-redis-url=redis://me@a,b:1"}, "redis-url = redis://me@a,b:1"},
		"a user with a password":    {[]string{"-redis-url=redis://me:canary@a,b:1"}, "redis-url = redis://me:xxxxx@a,b:1"},
		"a password without a user": {[]string{"-redis-url=redis://:canary@a/1"}, "redis-url = redis://:xxxxx@a/1"},
		"a password with an @":      {[]string{"-redis-url=redis://me:canary@canary@a"}, "redis-url = redis://me:xxxxx@a"},
		"a query":                   {[]string{"-jwt-jwks-url=https://a.example/keys?key=canary"}, "jwt-jwks-url = https://a.example/keys?xxxxx"},
		"a query with an @":         {[]string{"-jwt-jwks-url=https://a.example/keys?a:canary@canary"}, "jwt-jwks-url = https://a.example/keys?xxxxx"},
		"a secret that is set":      {nil, "TEXTER_API_TOKEN is set"},
		"a secret in a file":        {nil, "CACHE_KEY is set"},
		"a secret that is not set":  {nil, "WEBHOOK_SECRET is not set"},
	} {
		t.Run(name, func(t *testing.T) {
			var output bytes.Buffer
			args := append([]string{"-redis-url=redis://a", "-jwt-issuer=https://a.example/", "-jwt-audience=b"}, test.args...)
			if _, err := config.Check(args, env.get, &output); err != nil {
				t.Fatal(err)
			}
			if text := output.String(); !strings.Contains("\n"+text, "\n"+test.want+"\n") || strings.Contains(text, "canary") {
				t.Errorf("it writes %s", text)
			}
		})
	}
}
