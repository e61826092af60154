package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"

	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
	"texter-graphql/internal/secret"
)

// secrets are those of the settings. They follow their files.
type secrets struct {
	texterToken, cacheKey, redisPassword, sentinelPassword, webhook *secret.Value[string]
	redisCA                                                         *secret.Value[*x509.CertPool]
	redisCertificate                                                *secret.Value[[]tls.Certificate]
}

// readSecrets reads the files of secrets, which are followed as long as the watchers
// of the service run.
func (s *service) readSecrets(cfg config.Config, logger *slog.Logger) error {
	text := func(check func(string) error) secret.Options[string] {
		return secret.Options[string]{Parse: secret.Text(check), Logger: logger}
	}
	sentinels := text(nil)
	sentinels.Changed = func() { s.redis.Reconnect() }
	authorities := secret.Options[*x509.CertPool]{Setting: "redis-ca-file", Paths: nonEmpty(cfg.Redis.CAFile), Parse: parseAuthorities, Logger: logger}
	certificate := secret.Options[[]tls.Certificate]{Setting: "redis-cert-file", Paths: nonEmpty(cfg.Redis.CertFile, cfg.Redis.KeyFile), Parse: parseCertificate, Logger: logger}
	var errs [7]error
	s.secrets.texterToken, errs[0] = s.follow(cfg, "TEXTER_API_TOKEN", cfg.TexterToken, text(config.CheckToken))
	s.secrets.cacheKey, errs[1] = s.follow(cfg, "CACHE_KEY", cfg.Cache.Key, text(config.CheckCacheKey))
	s.secrets.webhook, errs[2] = s.follow(cfg, "WEBHOOK_SECRET", cfg.Live.WebhookSecret, text(config.CheckWebhookSecret))
	s.secrets.redisPassword, errs[3] = s.follow(cfg, "REDIS_PASSWORD", cfg.Redis.PasswordText, text(nil))
	s.secrets.sentinelPassword, errs[4] = s.follow(cfg, "REDIS_SENTINEL_PASSWORD", cfg.Redis.SentinelPasswordText, sentinels)
	s.secrets.redisCA, errs[5] = load(s, nil, authorities)
	s.secrets.redisCertificate, errs[6] = load(s, nil, certificate)
	return errors.Join(errs[:]...)
}

// follow returns a secret of the settings, which follows its file if it is in one.
func (s *service) follow(cfg config.Config, name, value string, o secret.Options[string]) (*secret.Value[string], error) {
	o.Setting, o.Paths = name+"_FILE", nonEmpty(cfg.SecretFiles[name])
	return load(s, value, o)
}

// load returns a value that follows its files; without files, the given one.
func load[T any](s *service, fixed T, o secret.Options[T]) (*secret.Value[T], error) {
	if len(o.Paths) == 0 {
		return secret.Fixed(fixed), nil
	}
	value, err := secret.Load(o)
	if err != nil {
		return nil, rule.New(o.Setting, err.Error())
	}
	s.watchers = append(s.watchers, value.Watch)
	return value, nil
}

// nonEmpty returns the paths, or none if the first one is empty: then all are.
func nonEmpty(paths ...string) []string {
	if paths[0] == "" {
		return nil
	}
	return paths
}

// parseAuthorities parses a file of certificates.
func parseAuthorities(contents []string) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(contents[0])) {
		return nil, errors.New("must name a file of certificates in PEM")
	}
	return pool, nil
}

// parseCertificate parses the file of a certificate and that of its key. While one of
// both is replaced before the other, they do not belong together.
func parseCertificate(contents []string) ([]tls.Certificate, error) {
	certificate, err := tls.X509KeyPair([]byte(contents[0]), []byte(contents[1]))
	if err != nil {
		return nil, errors.New("and redis-key-file must name files in PEM that belong together")
	}
	return []tls.Certificate{certificate}, nil
}

// redisTLS is how a new connection to Redis is encrypted.
func (s *secrets) redisTLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.redisCA.Get(), Certificates: s.redisCertificate.Get()}
}
