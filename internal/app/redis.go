package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"sync/atomic"

	"texter-graphql/internal/config"
	"texter-graphql/internal/redisclient"
	"texter-graphql/internal/rule"
)

// newRedis makes the one client of Redis, which all parts of the service share; nil
// if the settings name no Redis. New connections ask for the password and for the
// certificates, so that these may change.
func newRedis(cfg config.Redis, password func() string) (*redisclient.Client, error) {
	if cfg.URL == "" {
		return nil, nil
	}
	encryption, err := readRedisTLS(cfg)
	if err != nil {
		return nil, err
	}
	options := cfg.Options
	options.Password = password
	options.TLS = func() *tls.Config { return encryption }
	return redisclient.New(options)
}

// readRedisTLS reads the files with certificates.
func readRedisTLS(cfg config.Redis) (*tls.Config, error) {
	encryption := &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg.CAFile != "" {
		pem, err := os.ReadFile(cfg.CAFile)
		encryption.RootCAs = x509.NewCertPool()
		if err != nil || !encryption.RootCAs.AppendCertsFromPEM(pem) {
			return nil, rule.New("redis-ca-file", "must name a file of certificates in PEM")
		}
	}
	if cfg.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(cfg.CertFile, cfg.KeyFile)
		if err != nil {
			return nil, rule.New("redis-cert-file", "and redis-key-file must name files in PEM that belong together")
		}
		encryption.Certificates = []tls.Certificate{certificate}
	}
	return encryption, nil
}

// redis returns a function that observes Redis for one use of it: it counts
// failures, and logs when Redis begins to fail, by a message that says what follows,
// and when it works again.
func (o *observation) redis(message string) func(context.Context, error) {
	var failing atomic.Bool
	return func(ctx context.Context, err error) {
		failed := err != nil
		if failed && o.metrics != nil {
			o.metrics.RedisFailed()
		}
		switch {
		case failing.Swap(failed) == failed:
		case failed:
			o.logger.WarnContext(ctx, message, "error", err.Error())
		default:
			o.logger.InfoContext(ctx, "Redis works again")
		}
	}
}

// limitedLocally returns what counts a request whose caller this instance alone
// limits.
func (o *observation) limitedLocally() func() {
	if o.metrics == nil {
		return nil
	}
	return o.metrics.LimitedLocally
}
