// Package cors says from which web origins browsers may call (Fetch standard,
// CORS protocol).
package cors

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rs/cors"
)

// Any is the origin that stands for all.
const Any = "*"

// preflightMaxAge is how long browsers may go by the answer to a preflight, in
// seconds.
const preflightMaxAge = 600

// requestHeaders are those that dashboards send: of the GraphQL clients, and of
// W3C Trace Context and Baggage.
var requestHeaders = []string{
	"Accept", "Authorization", "Content-Type", "X-Request-Id",
	"Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Apollo-Operation-Id", "Apollographql-Client-Name", "Apollographql-Client-Version",
	"Traceparent", "Tracestate", "Baggage",
}

// responseHeaders are those that pages may read.
var responseHeaders = []string{"X-Request-Id", "Retry-After"}

var errNotAnOrigin = errors.New("must list origins as browsers send them, such as https://app.example.com, or https://*.example.com for all below one, or *")

// Check errors unless an origin is Any, an origin as browsers send it, or one
// with *. before its host for all hosts below, in any depth.
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
		return errors.New("must list origins without the scheme's own port, as browsers send them")
	}
	return nil
}

// Handler lets pages of these origins, each one that Check takes, call next.
// Cookies are never allowed.
func Handler(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next // rs/cors takes an empty list for any origin
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
		// Its own patterns let * be anything, such as evil.example/.
		options.AllowOriginFunc = func(origin string) bool {
			return slices.ContainsFunc(origins, func(allowed string) bool { return matches(origin, allowed) })
		}
	}
	return cors.New(options).Handler(next)
}

// hostCharacters are those of host names, as browsers send them.
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
