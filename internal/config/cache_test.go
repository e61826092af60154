package config_test

import (
	"fmt"
	"os"
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
		{environment{"CACHE_TTL": "5s", "CACHE_KEY": "canary"}, "CACHE_KEY"},
	} {
		t.Run(fmt.Sprintf("%s is wrong in %v", test.setting, test.env), func(t *testing.T) {
			_, err := config.Parse(nil, test.env.get, os.Stderr)
			assertNamed(t, err, test.setting)
		})
	}
}
