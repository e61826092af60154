package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"texter-graphql/internal/rule"
	"texter-graphql/texter/cache"
)

// Cache holds the settings of the cache: see package cache.
type Cache struct {
	// TTL is how old a page may be to be used again; 0 means that no page is kept.
	TTL time.Duration
	// Size bounds the memory for kept pages, in bytes.
	Size int
	// StaleWhileRevalidate is the time after TTL in which a page is still used
	// while a newer one is fetched.
	StaleWhileRevalidate time.Duration
	// StaleIfError is the time after TTL in which a page is used if Texter fails.
	StaleIfError time.Duration
	// LabelsTTL is how long the labels of a credential are kept; 0 means that none
	// are kept.
	LabelsTTL time.Duration
	// Key encrypts what instances share in Redis.
	Key string
}

func (c *Config) cacheSettings() []setting {
	return []setting{
		{"cache-ttl", "0s", "`duration` for which a page may be used again; 0 keeps none", delay(&c.Cache.TTL)},
		{"cache-size", "64MiB", "`bytes` of memory for kept pages", size(&c.Cache.Size)},
		{"cache-stale-while-revalidate", "0s", "`duration` after cache-ttl in which a page is still used while a newer one\nis fetched", delay(&c.Cache.StaleWhileRevalidate)},
		{"cache-stale-if-error", "0s", "`duration` after cache-ttl in which a page is used if Texter fails", delay(&c.Cache.StaleIfError)},
		{"labels-ttl", "1m0s", "`duration` for which the names of labels are kept; 0 keeps none", delay(&c.Cache.LabelsTTL)},
	}
}

func (c *Config) cacheSecrets() []secret {
	return []secret{
		{"CACHE_KEY", "the key that encrypts what is in Redis, the same for all instances; openssl rand -base64 32 makes one", c.readKey},
	}
}

func (c *Config) readKey(key string) error {
	c.Cache.Key = key
	return CheckCacheKey(key)
}

// CheckCacheKey errors if a key can't be that of the cache.
func CheckCacheKey(key string) error {
	if len(key) < cache.MinKeyLength {
		return fmt.Errorf("must have at least %d characters", cache.MinKeyLength)
	}
	return nil
}

func (c *Config) checkCache() error {
	if c.Cache.TTL == 0 && (c.Cache.StaleWhileRevalidate > 0 || c.Cache.StaleIfError > 0) {
		return rule.New("cache-ttl", "must be above zero if cache-stale-while-revalidate or cache-stale-if-error is")
	}
	return nil
}

// size reads a number of bytes above zero, with or without a unit.
func size(into *int) func(string) error {
	return func(value string) error {
		number, shift := value, 0
		for unit, by := range map[string]int{"KiB": 10, "MiB": 20, "GiB": 30} {
			if n, ok := strings.CutSuffix(value, unit); ok {
				number, shift = n, by
			}
		}
		n, err := strconv.ParseUint(number, 10, 63-shift)
		if err != nil || n == 0 {
			return errors.New("must be a number of bytes above zero, such as 64MiB; the units are KiB, MiB and GiB")
		}
		*into = int(n << shift)
		return nil
	}
}
