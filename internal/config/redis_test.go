package config_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"texter-graphql/internal/config"
	"texter-graphql/internal/redisclient"
)

var redisKey = strings.Repeat("canary-key ", 3)

// TestRedis: how the settings say where Redis is, and that none shows a secret.
func TestRedis(t *testing.T) {
	for name, test := range map[string]struct {
		env  environment
		want config.Redis
	}{
		"one server": {
			environment{"REDIS_URL": "redis://me:canary@redis.example:6380/1", "REDIS_PASSWORD": "canary-word"},
			config.Redis{Options: redisclient.Options{URL: "redis://me:canary@redis.example:6380/1"}, PasswordText: "canary-word"},
		},
		"a socket": {environment{"REDIS_URL": "unix:///run/redis.sock"}, config.Redis{Options: redisclient.Options{URL: "unix:///run/redis.sock"}}},
		"a cluster": {
			environment{"REDIS_URL": "rediss://:canary@a,b:1,[::1]:2", "REDIS_CA_FILE": "ca.pem", "REDIS_CERT_FILE": "cert.pem", "REDIS_KEY_FILE": "key.pem"},
			config.Redis{Options: redisclient.Options{URL: "rediss://:canary@a,b:1,[::1]:2"}, CAFile: "ca.pem", CertFile: "cert.pem", KeyFile: "key.pem"},
		},
		"a cluster with one address": {environment{"REDIS_URL": "redis://a", "REDIS_CLUSTER": "true"}, config.Redis{Options: redisclient.Options{URL: "redis://a", Cluster: true}}},
		"Sentinels": {
			environment{"REDIS_URL": "redis://a,b/3", "REDIS_SENTINEL_MASTER": "main", "REDIS_SENTINEL_USER": "me", "REDIS_SENTINEL_PASSWORD": "canary"},
			config.Redis{Options: redisclient.Options{URL: "redis://a,b/3", SentinelMaster: "main", SentinelUser: "me"}, SentinelPasswordText: "canary"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			maps.Copy(test.env, environment{"CACHE_KEY": redisKey, "CACHE_TTL": "5s"})
			var output bytes.Buffer
			c, err := config.Check(nil, test.env.get, &output)
			if err != nil || fmt.Sprintf("%+v", c.Redis) != fmt.Sprintf("%+v", test.want) || strings.Contains(output.String(), "canary") {
				t.Errorf("got %+v, %v, %s", c.Redis, err, &output)
			}
		})
	}
	t.Run("for a rate limit alone", func(t *testing.T) {
		env := environment{"REDIS_URL": "redis://a", "CACHE_KEY": redisKey, "RATE_LIMIT": "5"}
		if _, err := config.Parse(nil, env.get, os.Stderr); err != nil {
			t.Error(err)
		}
	})
}

// TestWrongRedis: which settings are refused, by the name of the one to change.
func TestWrongRedis(t *testing.T) {
	for _, test := range []struct {
		env     environment
		setting string
	}{
		{environment{"REDIS_URL": "canary"}, "redis-url"},
		{environment{"REDIS_URL": "http://:canary@host"}, "redis-url"},
		{environment{"REDIS_URL": "redis://"}, "redis-url"},
		{environment{"REDIS_URL": "redis://a,,b"}, "redis-url"},
		{environment{"REDIS_URL": "redis://a:canary,b"}, "redis-url"},
		{environment{"REDIS_URL": "redis://:canary@host/x"}, "redis-url"},
		{environment{"REDIS_URL": "redis://host?client_name=canary"}, "redis-url"},
		{environment{"REDIS_URL": "redis://host#canary"}, "redis-url"},
		{environment{"REDIS_URL": "unix://canary"}, "redis-url"},
		{environment{"REDIS_URL": "redis://a,b/1"}, "redis-url"},
		{environment{"REDIS_URL": "redis://a/1", "REDIS_CLUSTER": "true"}, "redis-url"},
		{environment{"REDIS_URL": "unix:///canary", "REDIS_CLUSTER": "true"}, "redis-url"},
		{environment{"REDIS_URL": "unix:///canary", "REDIS_SENTINEL_MASTER": "main"}, "redis-url"},
		{environment{"REDIS_URL": "redis://a", "REDIS_CLUSTER": "canary"}, "redis-cluster"},
		{environment{"REDIS_URL": "redis://a", "REDIS_CLUSTER": "true", "REDIS_SENTINEL_MASTER": "main"}, "redis-cluster"},
		{environment{"REDIS_URL": "redis://a", "REDIS_SENTINEL_USER": "canary"}, "redis-sentinel-master"},
		{environment{"REDIS_URL": "redis://a", "REDIS_SENTINEL_PASSWORD": "canary"}, "redis-sentinel-master"},
		{environment{"REDIS_URL": "rediss://a", "REDIS_CERT_FILE": "canary"}, "redis-cert-file"},
		{environment{"REDIS_URL": "rediss://a", "REDIS_KEY_FILE": "canary"}, "redis-cert-file"},
		{environment{"REDIS_URL": "redis://a", "REDIS_CA_FILE": "canary"}, "redis-url"},
		{environment{"REDIS_URL": "redis://a", "REDIS_CERT_FILE": "canary", "REDIS_KEY_FILE": "canary"}, "redis-url"},
		{environment{"REDIS_URL": "redis://host", "CACHE_KEY": ""}, "CACHE_KEY"},
		{environment{}, "redis-url"}, // there is a key
		{environment{"CACHE_KEY": "", "REDIS_PASSWORD": "canary"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_SENTINEL_MASTER": "canary"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_CLUSTER": "true"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_CA_FILE": "canary"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_CERT_FILE": "canary"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_KEY_FILE": "canary"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_SENTINEL_USER": "canary"}, "redis-url"},
		{environment{"CACHE_KEY": "", "REDIS_SENTINEL_PASSWORD": "canary"}, "redis-url"},
	} {
		t.Run(fmt.Sprintf("%s is wrong in %v", test.setting, test.env), func(t *testing.T) {
			env := environment{"CACHE_KEY": redisKey, "CACHE_TTL": "5s"}
			maps.Copy(env, test.env)
			_, err := config.Parse(nil, env.get, os.Stderr)
			assertNamed(t, err, test.setting)
		})
	}
}
