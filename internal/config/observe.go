package config

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"

	"texter-graphql/texter"
)

func (c *Config) observeSettings() []setting {
	return []setting{
		{"log-level", "info", "lowest `level` that is logged: debug, info, warn or error; requests are\nlogged at info, and those that fail or are slow at any level", c.readLogLevel},
		{"slow-request", "5s", "`duration` from which a request is slow, for the log; 0: none is", delay(&c.SlowRequest)},
		{"admin-addr", "", "`host:port` on this machine for operators: metrics, health, the settings in\neffect, and profiles; none by default", c.readAdminAddr},
		{"metrics-addr", "", "`host:port` of /metrics, for Prometheus; none by default", c.readMetricsAddr},
		{"otel-exporter-otlp-endpoint", "", "base `URL` of the OpenTelemetry collector for traces (OTLP over HTTP);\nnone by default", c.readTracesURL},
		{"otel-traces-sampler-arg", "0.1", "`share` of the traces that begin here that is recorded, from 0 to 1;\na caller who began a trace decides about it", c.readTracesRatio},
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

// readAdminAddr reads an address of loopback: who reaches it needs no credential.
func (c *Config) readAdminAddr(addr string) error {
	if addr == "" {
		return nil
	}
	if host, _, _ := net.SplitHostPort(addr); !texter.IsLoopback(host) {
		return errors.New("must be a loopback address, such as 127.0.0.1:6060: whoever reaches it needs no credential")
	}
	return address(&c.AdminAddr)(addr)
}

func (c *Config) readTracesURL(raw string) error {
	u, err := url.Parse(raw)
	if raw != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "") {
		return errors.New("must be an http or https URL without a user or query")
	}
	c.TracesURL = raw
	return nil
}

func (c *Config) readTracesRatio(share string) (err error) {
	c.TracesRatio, err = strconv.ParseFloat(share, 64)
	if err != nil || !(c.TracesRatio >= 0 && c.TracesRatio <= 1) {
		return errors.New("must be a number from 0 to 1")
	}
	return nil
}
