package graphiql

import (
	"net/http"
	"strings"
)

// policy is the Content-Security-Policy (https://www.w3.org/TR/CSP3/) of the page.
// The browser loads nothing from other hosts, and runs only the built scripts. All
// other files have the policy too, because a worker uses the policy of its own file.
var policy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self'",
	"worker-src 'self'",
	// Monaco writes the colours of its theme into style elements, and the positions
	// of lines into style attributes.
	"style-src 'self' 'unsafe-inline'",
	// Monaco's style sheet has small images, such as the wavy line below errors.
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}, "; ")

// setPolicy sets the headers that restrict what a file may do in a browser.
func setPolicy(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}
