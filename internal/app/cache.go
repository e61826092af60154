package app

import (
	"context"
	"log/slog"

	"texter-graphql/internal/config"
	"texter-graphql/internal/observe"
	"texter-graphql/texter/cache"
)

// newCache keeps pages by the settings.
func newCache(cfg config.Config, o cache.Options, observed observation) (*cache.Cache, error) {
	o.BaseURL = cfg.TexterURL
	o.TTL, o.MaxBytes = cfg.Cache.TTL, cfg.Cache.Size
	o.StaleWhileRevalidate, o.StaleIfError = cfg.Cache.StaleWhileRevalidate, cfg.Cache.StaleIfError
	if observed.on() {
		o.Observe = observe.Cache
	}
	if cfg.Cache.RedisURL != "" {
		o.Redis = &cache.RedisOptions{
			URL: cfg.Cache.RedisURL, Password: cfg.Cache.RedisPassword, Key: cfg.Cache.Key,
			Failed: func(ctx context.Context, err error) {
				if observed.metrics != nil {
					observed.metrics.RedisFailed()
				}
				observed.logger.WarnContext(ctx, "Redis fails; pages are kept without it", slog.Any("error", err))
			},
		}
	}
	return cache.New(o)
}
