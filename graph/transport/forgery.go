package transport

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// preflightHeaders are headers whose presence proves that a browser asked
// before it sent the request (Fetch standard, CORS-preflight): those that
// Apollo's clients send for this.
var preflightHeaders = []string{"Apollo-Require-Preflight", "X-Apollo-Operation-Name"}

// simpleMediaTypes are what a page may send to any site without asking: Fetch
// standard, CORS-safelisted request-header.
var simpleMediaTypes = []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

// forged reports whether a page of another site may be behind a GET request:
// its browser sends that without asking, with an <img> for instance. Such a
// page could not read the answer, but have Texter called. POST needs no such
// look, for it takes application/json alone.
func (h HTTP) forged(r *http.Request) bool {
	if r.Method != http.MethodGet || preflighted(r.Header) || h.allowsOrigin(r.Header) {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none": // none: the user typed the address
		return false
	case "": // no browser, or one from before 2023
		origin := r.Header.Get("Origin")
		from, err := url.Parse(origin)
		return origin != "" && (err != nil || from.Host != r.Host)
	}
	return true
}

// allowsOrigin reports whether a script of a page that may call sent the request. No
// page can choose its Origin header, and none is sent for an <img>, a form or a link.
func (h HTTP) allowsOrigin(header http.Header) bool {
	origins := header["Origin"]
	return len(origins) == 1 && origins[0] != "" && h.AllowOrigin != nil && h.AllowOrigin(origins[0])
}

// preflighted reports whether the request has what no page of another site
// can add without a preflight.
func preflighted(h http.Header) bool {
	if slices.ContainsFunc(preflightHeaders, func(name string) bool { return h.Get(name) != "" }) {
		return true
	}
	// Browsers add Basic credentials by themselves, but never a bearer token.
	if scheme, _, _ := strings.Cut(h.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && !slices.Contains(simpleMediaTypes, mediaType)
}
