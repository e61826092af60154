package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/ratelimit"
	"texter-graphql/internal/redisclient"
	"texter-graphql/internal/refusal"
	"texter-graphql/internal/rule"
)

// authenticateFunc lets a request in and returns its context, or refuses it by
// an error.
type authenticateFunc func(*http.Request) (context.Context, error)

// callers says who may call, and how often.
type callers struct {
	authenticate authenticateFunc // nil lets in everybody
	identify     authenticateFunc // the same, without a rate limit
	watchers     []func(context.Context)
}

func newCallers(cfg config.Config, observed *observation, redis *redisclient.Client, key func() string) (c callers, err error) {
	if cfg.TexterToken == "" {
		c.authenticate = auth.Bearer
	} else if err := c.addCredentials(cfg, observed.logger); err != nil {
		return c, err
	}
	if c.authenticate != nil {
		c.authenticate = observeCaller(c.authenticate)
	}
	c.identify = c.authenticate
	if cfg.RateLimit > 0 {
		options := ratelimit.Options{Rate: cfg.RateLimit, Burst: cfg.RateBurst, Authenticate: c.authenticate, Caller: auth.Caller}
		if redis != nil {
			options.Redis = &ratelimit.RedisOptions{Client: redis, Key: key, Changed: observed.redis("Redis fails; this instance limits callers by itself"), Local: observed.limitedLocally()}
		}
		c.authenticate = ratelimit.New(options)
	}
	return c, nil
}

// forSubscriptions says who may call on connections that stay open.
func (c *callers) forSubscriptions() transport.Callers {
	return transport.Callers{Authenticate: c.authenticate, Identify: c.identify, Name: auth.Caller, Validity: auth.Validity}
}

// addCredentials lets in the holders of the credentials that the settings name.
func (c *callers) addCredentials(cfg config.Config, logger *slog.Logger) error {
	var kinds []auth.Credentials
	if cfg.AccessKeys != "" {
		keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: cfg.AccessKeys, Logger: logger})
		if err != nil {
			return rule.New("access-keys", err.Error())
		}
		kinds, c.watchers = append(kinds, keys), append(c.watchers, keys.Watch)
	}
	if cfg.JWTIssuer != "" {
		tokens := auth.NewJWTs(auth.JWTOptions{
			Issuer: cfg.JWTIssuer, KeysURL: cfg.JWTKeysURL, Audience: cfg.JWTAudience, Leeway: cfg.JWTLeeway, ScopeClaim: cfg.JWTScopeClaim, Logger: logger,
		})
		kinds, c.watchers = append(kinds, tokens), append(c.watchers, tokens.Watch)
	}
	if len(kinds) > 0 {
		c.authenticate = auth.Authenticate(kinds...)
	}
	return nil
}

// observeCaller adds to what is observed of requests who is let in, and why others
// are not.
func observeCaller(authenticate authenticateFunc) authenticateFunc {
	return func(r *http.Request) (context.Context, error) {
		ctx, err := authenticate(r)
		if err == nil {
			observe.SetCaller(ctx, auth.Caller(ctx))
		} else if refused, ok := errors.AsType[*refusal.Error](err); ok && refused.Reason != "" {
			observe.SetRefusal(r.Context(), refused.Reason)
		}
		return ctx, err
	}
}
