package config_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
)

// TestCache reads how pages are kept.
func TestCache(t *testing.T) {
	env := environment{"CACHE_STALE_WHILE_REVALIDATE": "2s", "CACHE_SIZE": "1MiB"}
	want := config.Cache{TTL: 5 * time.Second, Size: 3072, StaleWhileRevalidate: 2 * time.Second, StaleIfError: time.Minute}
	c, err := config.Parse([]string{"-cache-ttl=5s", "-cache-size=3KiB", "-cache-stale-if-error=1m"}, env.get, os.Stderr)
	if err != nil || c.Cache != want {
		t.Errorf("got %+v, %v", c.Cache, err)
	}
	key := strings.Repeat("canary-key ", 3)
	env = environment{"CACHE_KEY": key, "REDIS_URL": "rediss://me:canary@redis.example:6380/1", "REDIS_PASSWORD": "canary-word", "CACHE_TTL": "5s"}
	want = config.Cache{TTL: 5 * time.Second, Size: 64 << 20, RedisURL: env["REDIS_URL"], RedisPassword: "canary-word", Key: key}
	var output bytes.Buffer
	c, err = config.Check(nil, env.get, &output)
	if err != nil || c.Cache != want || strings.Contains(output.String(), "canary") {
		t.Errorf("got %+v, %v, %s", c.Cache, err, &output)
	}
	for _, test := range []struct{ flag, value, blamed string }{
		{"cache-ttl", "canary", "cache-ttl"},
		{"cache-ttl", "-1s", "cache-ttl"},
		{"cache-size", "canary", "cache-size"},
		{"cache-size", "0", "cache-size"},
		{"cache-size", "-1MiB", "cache-size"},
		{"cache-size", "64MB", "cache-size"},
		{"cache-size", "9999999999GiB", "cache-size"},
		{"cache-stale-if-error", "1s", "cache-ttl"},
		{"cache-stale-while-revalidate", "1s", "cache-ttl"},
	} {
		_, err := config.Parse([]string{"-" + test.flag, test.value}, environment{}.get, os.Stderr)
		assertBlamed(t, err, test.blamed)
	}
	for _, test := range []struct {
		env    environment
		blamed string
	}{
		{environment{"REDIS_URL": "canary", "CACHE_KEY": key, "CACHE_TTL": "5s"}, "redis-url"},
		{environment{"REDIS_URL": "redis://:canary@host/x", "CACHE_KEY": key, "CACHE_TTL": "5s"}, "redis-url"},
		{environment{"REDIS_URL": "redis://host", "CACHE_KEY": key}, "cache-ttl"},
		{environment{"REDIS_URL": "redis://host", "CACHE_TTL": "5s"}, "CACHE_KEY"},
		{environment{"REDIS_URL": "redis://host", "CACHE_TTL": "5s", "CACHE_KEY": "canary"}, "CACHE_KEY"},
		{environment{"CACHE_TTL": "5s", "CACHE_KEY": key}, "redis-url"},
	} {
		_, err := config.Parse(nil, test.env.get, os.Stderr)
		assertBlamed(t, err, test.blamed)
	}
}

func assertBlamed(t *testing.T, err error, setting string) {
	t.Helper()
	if bad, ok := errors.AsType[*rule.Error](err); !ok || bad.Name != setting || strings.Contains(bad.Error(), "canary") {
		t.Errorf("got %v, want one about %s", err, setting)
	}
}
