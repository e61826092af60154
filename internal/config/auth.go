package config

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

func (c *Config) authSettings() []setting {
	return []setting{
		{"access-keys", "", "`file` of access keys that let callers in while TEXTER_API_TOKEN is set;\ntexter-graphql access-key NAME makes them", text(&c.AccessKeys)},
		{"jwt-issuer", "", "`URL` of the issuer of the JSON Web Tokens that let callers in while\nTEXTER_API_TOKEN is set: their iss", httpsURL(&c.JWTIssuer)},
		{"jwt-audience", "", "`audience` of these tokens: their aud", text(&c.JWTAudience)},
		{"jwt-jwks-url", "", "`URL` of the issuer's JSON Web Key Set; without it, OpenID Connect Discovery\nfinds it", httpsURL(&c.JWTKeysURL)},
		{"jwt-leeway", "1m0s", "`duration` by which the issuer's clock may differ from this one", c.readLeeway},
		{"jwt-scope-claim", "", "`claim` with a token's scope; without it, each token is for the whole project", text(&c.JWTScopeClaim)},
		{"rate-limit", "0", "`requests` per second that one caller may send; 0 means no limit", c.readRateLimit},
		{"rate-burst", "50", "`requests` that one caller may send at once, if there is a rate-limit", count(&c.RateBurst, 100_000)},
	}
}

// httpsURL reads a URL of https, or of http on this machine.
func httpsURL(into *string) func(string) error {
	return func(value string) error {
		*into = value
		withoutQuery, _, _ := strings.Cut(value, "?")
		if value != "" && texter.CheckBaseURL(withoutQuery) != nil {
			return errors.New("must be a URL of https; plain http is for loopback only")
		}
		return nil
	}
}

// maxLeeway bounds the time in which an expired token is still accepted.
const maxLeeway = 10 * time.Minute

func (c *Config) readLeeway(value string) (err error) {
	if c.JWTLeeway, err = time.ParseDuration(value); err != nil || c.JWTLeeway < 0 || c.JWTLeeway > maxLeeway {
		return errors.New("must be a duration from 0s to 10m")
	}
	return nil
}

// maxRateLimit bounds a rate, in requests per second.
const maxRateLimit = 1e6

func (c *Config) readRateLimit(value string) (err error) {
	if c.RateLimit, err = strconv.ParseFloat(value, 64); err != nil || !(c.RateLimit >= 0 && c.RateLimit <= maxRateLimit) {
		return errors.New("must be a number of requests per second, such as 5 or 0.5, or 0 for no limit")
	}
	return nil
}

func (c *Config) checkAuth() error {
	c.LocalOnly = c.TexterToken != "" && !c.Credentials()
	for name, given := range map[string]bool{"access-keys": c.AccessKeys != "", "jwt-issuer": c.JWTIssuer != ""} {
		if given && c.TexterToken == "" {
			return rule.New(name, "needs TEXTER_API_TOKEN: without it, callers send their own Texter tokens")
		}
	}
	for name, given := range map[string]bool{"jwt-audience": c.JWTAudience != "", "jwt-jwks-url": c.JWTKeysURL != "", "jwt-scope-claim": c.JWTScopeClaim != ""} {
		if given && c.JWTIssuer == "" {
			return rule.New(name, "needs jwt-issuer")
		}
	}
	if c.JWTIssuer != "" && c.JWTAudience == "" {
		return rule.New("jwt-issuer", "needs jwt-audience: without it, the issuer's tokens for other services would be accepted")
	}
	return nil
}
