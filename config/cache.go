package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Cache is how pages are kept: see package cache.
type Cache struct {
	// TTL is how old a page may be to be answered again; 0 keeps none.
	TTL time.Duration
	// Size bounds the memory that kept pages take, in bytes.
	Size int
	// StaleWhileRevalidate is for how long after TTL a page is still answered
	// while a new one is asked for.
	StaleWhileRevalidate time.Duration
	// StaleIfError is for how long after TTL a page is answered when Texter
	// fails.
	StaleIfError time.Duration
}

func (c *Config) cacheSettings() []setting {
	return []setting{
		{"cache-ttl", "0s", "`duration` for which a page may be answered again; 0 keeps none", delay(&c.Cache.TTL)},
		{"cache-size", "64MiB", "`bytes` of memory that kept pages may take", size(&c.Cache.Size)},
		{"cache-stale-while-revalidate", "0s", "`duration` after cache-ttl in which a page is still answered, while a new\none is asked for", delay(&c.Cache.StaleWhileRevalidate)},
		{"cache-stale-if-error", "0s", "`duration` after cache-ttl in which a page is answered when Texter fails", delay(&c.Cache.StaleIfError)},
	}
}

func (c *Config) checkCache() error {
	if c.Cache.TTL == 0 && (c.Cache.StaleWhileRevalidate > 0 || c.Cache.StaleIfError > 0) {
		return &Error{"cache-ttl", "must be above zero for pages to be answered after it"}
	}
	return nil
}

// size takes numbers of bytes above zero, with a unit or without.
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
