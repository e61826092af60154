package config_test

import (
	"strings"
	"testing"

	"texter-graphql/internal/config"
)

func TestCheckNames(t *testing.T) {
	for name, meant := range map[string]string{
		"TEXTER_PROJET": "TEXTER_PROJECT", "TEXTER_PROJECT_ID": "TEXTER_PROJECT", "texter_project": "TEXTER_PROJECT", "TEXTER_API_URL": "TEXTER_URL",
		"TEXTER_API_TOKENFILE": "TEXTER_API_TOKEN_FILE", "TEXTER_API_KEY": "TEXTER_API_TOKEN", "TEXTER_TIMEOUTS": "TEXTER_TIMEOUT", "TEXTER_CONCURENCY": "TEXTER_CONCURRENCY",
		"TEXTER_PORTS": "", "TEXTER_GRAPHQL_PORT_80": "", "TEXTER_GRAPHQL_SERVICE": "",
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			err := config.CheckNames([]string{"PATH=/bin", name + "=canary"})
			assertNamed(t, err, name)
			if !strings.Contains(err.Error(), "did you mean "+meant) {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, variable := range []string{
		"TEXTER_PROJECT=acme", "TEXTER_API_TOKEN=canary", "TEXTER_API_TOKEN_FILE=canary", "TEXTER_PROJET=", "TEXTER=canary", "MY_TEXTER_PROJET=canary", "PATH=/bin", "=C:=C:",
		// Those of services called texter, texter-graphql and texter-redis, as Kubernetes makes them.
		"TEXTER_SERVICE_HOST=10.0.0.1", "TEXTER_SERVICE_PORT=80", "TEXTER_PORT=tcp://10.0.0.1:80",
		"TEXTER_GRAPHQL_SERVICE_HOST=10.0.0.1", "TEXTER_GRAPHQL_SERVICE_PORT=80", "TEXTER_GRAPHQL_SERVICE_PORT_HTTP=80", "TEXTER_GRAPHQL_PORT=tcp://10.0.0.1:80",
		"TEXTER_GRAPHQL_PORT_80_TCP=tcp://10.0.0.1:80", "TEXTER_GRAPHQL_PORT_80_TCP_PROTO=tcp", "TEXTER_GRAPHQL_PORT_80_TCP_PORT=80", "TEXTER_GRAPHQL_PORT_80_TCP_ADDR=10.0.0.1",
		"TEXTER_REDIS_PORT_6379_TCP_ADDR=10.0.0.2", "TEXTER_DNS_PORT_53_UDP=udp://10.0.0.3:53",
	} {
		t.Run(variable+" is not refused", func(t *testing.T) {
			if err := config.CheckNames([]string{variable}); err != nil {
				t.Error(err)
			}
		})
	}
}
