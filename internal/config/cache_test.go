package config_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"texter-graphql/internal/config"
)

func TestCache(t *testing.T) {
	t.Run("it reads how pages are kept", func(t *testing.T) {
		env := environment{"CACHE_STALE_WHILE_REVALIDATE": "2s", "CACHE_SIZE": "1MiB"}
		want := config.Cache{TTL: 5 * time.Second, Size: 3072, StaleWhileRevalidate: 2 * time.Second, StaleIfError: time.Minute, LabelsTTL: time.Minute}
		c, err := config.Parse([]string{"-cache-ttl=5s", "-cache-size=3KiB", "-cache-stale-if-error=1m"}, env.get, os.Stderr)
		if err != nil || c.Cache != want {
			t.Errorf("got %+v, %v", c.Cache, err)
		}
	})
	key := strings.Repeat("canary-key ", 3)
	t.Run("it reads where pages are shared, and shows no secret", func(t *testing.T) {
		env := environment{"CACHE_KEY": key, "REDIS_URL": "rediss://me:canary@redis.example:6380/1?client_name=canary", "REDIS_PASSWORD": "canary-word", "CACHE_TTL": "5s"}
		want := config.Cache{TTL: 5 * time.Second, LabelsTTL: time.Minute, Size: 64 << 20, RedisURL: env["REDIS_URL"], RedisPassword: "canary-word", Key: key}
		var output bytes.Buffer
		c, err := config.Check(nil, env.get, &output)
		if err != nil || c.Cache != want || strings.Contains(output.String(), "canary") {
			t.Errorf("got %+v, %v, %s", c.Cache, err, &output)
		}
	})
	for _, test := range []struct {
		env     environment
		setting string
	}{
		{environment{"CACHE_TTL": "canary"}, "cache-ttl"},
		{environment{"CACHE_TTL": "-1s"}, "cache-ttl"},
		{environment{"CACHE_SIZE": "canary"}, "cache-size"},
		{environment{"CACHE_SIZE": "0"}, "cache-size"},
		{environment{"CACHE_SIZE": "-1MiB"}, "cache-size"},
		{environment{"CACHE_SIZE": "64MB"}, "cache-size"},
		{environment{"CACHE_SIZE": "9999999999GiB"}, "cache-size"},
		{environment{"CACHE_STALE_IF_ERROR": "1s"}, "cache-ttl"},
		{environment{"CACHE_STALE_WHILE_REVALIDATE": "1s"}, "cache-ttl"},
		{environment{"REDIS_URL": "canary", "CACHE_KEY": key, "CACHE_TTL": "5s"}, "redis-url"},
		{environment{"REDIS_URL": "redis://:canary@host/x", "CACHE_KEY": key, "CACHE_TTL": "5s"}, "redis-url"},
		{environment{"REDIS_URL": "redis://host", "CACHE_KEY": key}, "cache-ttl"},
		{environment{"REDIS_URL": "redis://host", "CACHE_TTL": "5s"}, "CACHE_KEY"},
		{environment{"REDIS_URL": "redis://host", "CACHE_TTL": "5s", "CACHE_KEY": "canary"}, "CACHE_KEY"},
		{environment{"CACHE_TTL": "5s", "CACHE_KEY": key}, "redis-url"},
	} {
		t.Run(fmt.Sprintf("%s is wrong in %v", test.setting, test.env), func(t *testing.T) {
			_, err := config.Parse(nil, test.env.get, os.Stderr)
			assertNamed(t, err, test.setting)
		})
	}
}
