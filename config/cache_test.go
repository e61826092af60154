package config_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"texter-graphql/config"
)

// TestCache reads how pages are kept.
func TestCache(t *testing.T) {
	env := environment{"CACHE_STALE_WHILE_REVALIDATE": "2s", "CACHE_SIZE": "1MiB"}
	want := config.Cache{TTL: 5 * time.Second, Size: 3072, StaleWhileRevalidate: 2 * time.Second, StaleIfError: time.Minute}
	c, err := config.Parse([]string{"-cache-ttl=5s", "-cache-size=3KiB", "-cache-stale-if-error=1m"}, env.get, os.Stderr)
	if err != nil || c.Cache != want {
		t.Errorf("got %+v, %v", c.Cache, err)
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
		if bad, ok := errors.AsType[*config.Error](err); !ok || bad.Setting != test.blamed {
			t.Errorf("%s %s: got %v", test.flag, test.value, err)
		}
	}
}
