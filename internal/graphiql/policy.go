package graphiql

import (
	"net/http"
	"strings"
)

// policy is the Content-Security-Policy (https://www.w3.org/TR/CSP3/) of the
// page and, as workers have the policy they come with, of every other file: the
// browser asks no other host for anything, and runs no script but the built ones.
var policy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self'",
	"worker-src 'self'",
	// Monaco writes its theme's colours into style elements, and the places of
	// the lines it draws into style attributes.
	"style-src 'self' 'unsafe-inline'",
	// Monaco's style sheet has small pictures, such as the wave below errors.
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}, "; ")

// setPolicy says what the answer may do in a browser.
func setPolicy(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}
