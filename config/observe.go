package config

import (
	"errors"
	"slices"
)

func (c *Config) observeSettings() []setting {
	return []setting{
		{"log-level", "info", "`level` from which on lines are logged: debug, info, warn or error;\nrequests are logged at info", c.readLogLevel},
		{"metrics-addr", "", "`host:port` at which Prometheus finds /metrics; none by default", c.readMetricsAddr},
	}
}

func (c *Config) readLogLevel(name string) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, name) {
		return errors.New("must be debug, info, warn or error")
	}
	return c.LogLevel.UnmarshalText([]byte(name))
}

func (c *Config) readMetricsAddr(addr string) error {
	if addr == "" {
		return nil
	}
	return address(&c.MetricsAddr)(addr)
}
