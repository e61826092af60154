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

// requestHeaders are the headers that dashboards send: those of GraphQL clients,
// of W3C Trace Context and of Baggage.
var requestHeaders = []string{
	"Accept", "Authorization", "Content-Type", "X-Request-Id",
	"Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Apollo-Operation-Id", "Apollographql-Client-Name", "Apollographql-Client-Version",
	"Traceparent", "Tracestate", "Baggage",
}

// responseHeaders are the headers that pages may read.
var responseHeaders = []string{"X-Request-Id", "Retry-After"}

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

// Handler lets pages of these origins call next. Check must accept each of them.
// Cookies are never allowed.
func Handler(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next // to rs/cors, an empty list means any origin
	}
	options := cors.Options{
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: requestHeaders,
		ExposedHeaders: responseHeaders,
		MaxAge:         preflightMaxAge,
	}
	if slices.Contains(origins, Any) {
		options.AllowedOrigins = []string{Any}
	} else {
		// In the patterns of rs/cors, * stands for anything, such as evil.example/.
		options.AllowOriginFunc = func(origin string) bool {
			return slices.ContainsFunc(origins, func(allowed string) bool { return matches(origin, allowed) })
		}
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
