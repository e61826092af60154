// Package cors lets browsers call from some web origins (Fetch standard, CORS
// protocol).
package cors

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rs/cors"
)

// Any stands for all origins.
const Any = "*"

// preflightMaxAge is how long browsers may use the response to a preflight, in
// seconds.
const preflightMaxAge = 600

// requestHeaders are the headers that pages may send: those of GraphQL clients,
// and those that scripts which observe a page add to its requests by themselves:
// W3C Trace Context and Baggage, then those of Sentry, Datadog, B3, New Relic,
// Elastic and AWS X-Ray.
var requestHeaders = []string{
	"Accept", "Authorization", "Content-Type", "X-Request-Id",
	"Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Apollo-Operation-Id", "Apollographql-Client-Name", "Apollographql-Client-Version",
	"Traceparent", "Tracestate", "Baggage",
	"Sentry-Trace", "X-Datadog-Trace-Id", "X-Datadog-Parent-Id", "X-Datadog-Origin", "X-Datadog-Sampling-Priority", "X-Datadog-Tags",
	"B3", "X-B3-Traceid", "X-B3-Spanid", "X-B3-Parentspanid", "X-B3-Sampled", "X-B3-Flags",
	"Newrelic", "Elastic-Apm-Traceparent", "X-Amzn-Trace-Id",
}

// responseHeaders are the headers that pages may read.
var responseHeaders = []string{"X-Request-Id", "Retry-After", "X-Sandbox"}

var errNotAnOrigin = errors.New("must list origins as browsers send them, such as https://app.example.com, or https://*.example.com for all below one, or *")

// Check checks an origin of a list. It errors unless that is Any, an origin as
// browsers send it, or one with *. before its host. The latter stands for all
// hosts below, at any depth.
func Check(origin string) error {
	scheme, host, _ := strings.Cut(origin, "://")
	host = strings.TrimPrefix(host, "*.")
	u, err := url.Parse(scheme + "://" + host)
	switch {
	case origin == Any:
		return nil
	case err != nil || u.Host == "" || u.Host != host || u.Scheme != scheme || strings.Contains(host, "*"):
		return errNotAnOrigin
	case strings.ToLower(origin) != origin:
		return errors.New("must list origins in lower case, as browsers send them")
	case scheme == "https" && u.Port() == "443", scheme == "http" && u.Port() == "80":
		return errors.New("must list origins without the default port of their scheme, as browsers send them")
	}
	return nil
}

// CheckHeader checks the name of a request header of a list. It errors unless the
// name has only letters, digits, - and _.
func CheckHeader(name string) error {
	if name == "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		return errors.New("must list names of request headers, such as X-Tenant")
	}
	return nil
}

// Policy says which pages may call, and how.
type Policy struct {
	// Origins are those whose pages may call. Check must accept each of them.
	Origins []string
	// Headers are request headers that pages may send, besides those that GraphQL
	// clients and tracing scripts send. CheckHeader must accept each of them.
	Headers []string
}

// Allows reports whether pages of an origin may call.
func (p Policy) Allows(origin string) bool {
	return slices.ContainsFunc(p.Origins, func(allowed string) bool { return allowed == Any || matches(origin, allowed) })
}

// Handler lets pages call next as the policy says. Cookies are never allowed.
func (p Policy) Handler(next http.Handler) http.Handler {
	if len(p.Origins) == 0 {
		return next // to rs/cors, an empty list means any origin
	}
	options := cors.Options{
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: slices.Concat(requestHeaders, p.Headers),
		ExposedHeaders: responseHeaders,
		MaxAge:         preflightMaxAge,
	}
	if slices.Contains(p.Origins, Any) {
		options.AllowedOrigins = []string{Any}
	} else {
		options.AllowOriginFunc = p.Allows // in the patterns of rs/cors, * stands for anything, such as evil.example/
	}
	return cors.New(options).Handler(next)
}

// hostCharacters are the characters of host names, as browsers send them.
const hostCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

func matches(origin, allowed string) bool {
	before, below, isPattern := strings.Cut(allowed, "*")
	if !isPattern {
		return origin == allowed
	}
	rest, hasScheme := strings.CutPrefix(origin, before)
	name, isBelow := strings.CutSuffix(rest, below)
	return hasScheme && isBelow && name != "" && strings.Trim(name, hostCharacters) == ""
}
