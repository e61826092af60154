package app

import (
	"context"
	"sync/atomic"

	"texter-graphql/internal/config"
	"texter-graphql/internal/redisclient"
)

// newRedis makes the one client of Redis, which all parts of the service share; nil
// if the settings name no Redis. New connections ask for the password and for the
// certificates, so that these may change.
func newRedis(cfg config.Redis, secrets *secrets) (*redisclient.Client, error) {
	if cfg.URL == "" {
		return nil, nil
	}
	options := cfg.Options
	options.Password, options.SentinelPassword, options.TLS = secrets.redisPassword.Get, secrets.sentinelPassword.Get, secrets.redisTLS
	return redisclient.New(options)
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
