package app

import (
	"context"
	"log/slog"
	"net/http"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/ratelimit"
	"texter-graphql/internal/rule"
)

// newAuthenticate says who is let in, and how often; nil is everybody, always.
func newAuthenticate(ctx context.Context, cfg config.Config, observed observation) (func(*http.Request) (context.Context, error), error) {
	authenticate, err := newCredentials(ctx, cfg, observed.logger)
	if authenticate != nil && observed.on() {
		authenticate = tellCaller(authenticate)
	}
	if err != nil || cfg.RateLimit == 0 {
		return authenticate, err
	}
	return ratelimit.New(ratelimit.Options{Rate: cfg.RateLimit, Burst: cfg.RateBurst, Authenticate: authenticate, Caller: auth.Caller}), nil
}

// tellCaller tells who is let in.
func tellCaller(authenticate func(*http.Request) (context.Context, error)) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		ctx, err := authenticate(r)
		if err == nil {
			observe.Caller(ctx, auth.Caller(ctx))
		}
		return ctx, err
	}
}

// newCredentials says what lets callers in; nil lets in everybody.
func newCredentials(ctx context.Context, cfg config.Config, logger *slog.Logger) (func(*http.Request) (context.Context, error), error) {
	if cfg.TexterToken == "" {
		return auth.Bearer, nil
	}
	var kinds []auth.Credentials
	if cfg.AccessKeys != "" {
		keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: cfg.AccessKeys, Logger: logger})
		if err != nil {
			return nil, rule.New("access-keys", "must name a file of access keys: "+err.Error())
		}
		go keys.Watch(ctx)
		kinds = append(kinds, keys)
	}
	if cfg.JWTIssuer != "" {
		tokens := auth.NewJWTs(auth.JWTOptions{
			Issuer: cfg.JWTIssuer, KeysURL: cfg.JWTKeysURL, Audience: cfg.JWTAudience, Leeway: cfg.JWTLeeway, ScopeClaim: cfg.JWTScopeClaim, Logger: logger,
		})
		go tokens.Watch(ctx)
		kinds = append(kinds, tokens)
	}
	if kinds == nil {
		return nil, nil
	}
	return auth.Authenticate(kinds...), nil
}
