package config

import (
	"texter-graphql/internal/redisclient"
	"texter-graphql/internal/rule"
)

// Redis holds the settings of the Redis that instances share.
type Redis struct {
	redisclient.Options
	// PasswordText is the password for the URL; empty to use the one in the URL.
	PasswordText string
	// SentinelPasswordText is the password for the Sentinels; empty for none.
	SentinelPasswordText string
	// CAFile is the path of the certificates that Redis' own must be signed by; empty
	// for those of the system.
	CAFile string
	// CertFile and KeyFile are the paths of the certificate and of the key that the
	// service shows to Redis; empty for none.
	CertFile, KeyFile string
}

func (c *Config) redisSettings() []setting {
	return []setting{
		{"redis-url", "", "`URL` of the Redis that instances share, such as redis://host:6379/0;\nseveral hosts, with commas between them, are a cluster or Sentinels; needs CACHE_KEY", text(&c.Redis.URL)},
		{"redis-cluster", "false", "`whether` the one host of redis-url is a node of a cluster", boolean(&c.Redis.Cluster)},
		{"redis-sentinel-master", "", "`name` of the master that the hosts of redis-url know, which are Sentinels", text(&c.Redis.SentinelMaster)},
		{"redis-sentinel-user", "", "`name` of the user for the Sentinels", text(&c.Redis.SentinelUser)},
		{"redis-ca-file", "", "`file` of the certificates (PEM) that have signed those of Redis; by default\nthose of the system", text(&c.Redis.CAFile)},
		{"redis-cert-file", "", "`file` of the certificate (PEM) that Redis asks this service for", text(&c.Redis.CertFile)},
		{"redis-key-file", "", "`file` of the key (PEM) of redis-cert-file", text(&c.Redis.KeyFile)},
	}
}

func (c *Config) redisSecrets() []secret {
	return []secret{
		{"REDIS_PASSWORD", "the password for redis-url", text(&c.Redis.PasswordText)},
		{"REDIS_SENTINEL_PASSWORD", "the password for the Sentinels of redis-url", text(&c.Redis.SentinelPasswordText)},
	}
}

func (c *Config) checkRedis() error {
	r := c.Redis
	if r.URL == "" {
		return c.checkNoRedis()
	}
	if err := r.Check(); err != nil {
		return rule.New("redis-url", err.Error())
	}
	switch {
	case c.Cache.Key == "":
		return rule.New("CACHE_KEY", "must be set if redis-url is set")
	case r.SentinelMaster != "" && r.Cluster:
		return rule.New("redis-cluster", "must not be set together with redis-sentinel-master")
	case r.SentinelMaster == "" && (r.SentinelUser != "" || r.SentinelPasswordText != ""):
		return rule.New("redis-sentinel-master", "must be set if a user or a password for Sentinels is")
	case (r.CertFile == "") != (r.KeyFile == ""):
		return rule.New("redis-cert-file", "must be set together with redis-key-file")
	case (r.CAFile != "" || r.CertFile != "") && !r.Encrypted():
		return rule.New("redis-url", "must begin with rediss:// if redis-ca-file or redis-cert-file is set")
	}
	return nil
}

// checkNoRedis refuses settings that have no effect without a Redis.
func (c *Config) checkNoRedis() error {
	r := c.Redis
	for name, given := range map[string]bool{
		"CACHE_KEY": c.Cache.Key != "", "REDIS_PASSWORD": r.PasswordText != "", "redis-cluster": r.Cluster, "redis-sentinel-master": r.SentinelMaster != "",
		"redis-sentinel-user": r.SentinelUser != "", "REDIS_SENTINEL_PASSWORD": r.SentinelPasswordText != "",
		"redis-ca-file": r.CAFile != "", "redis-cert-file": r.CertFile != "", "redis-key-file": r.KeyFile != "",
	} {
		if given {
			return rule.New("redis-url", "must be set if "+name+" is set")
		}
	}
	return nil
}
