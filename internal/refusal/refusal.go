// Package refusal has the error for HTTP requests that are refused, and writes it
// as a response.
package refusal

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"texter-graphql/internal/requestid"
)

// Error says why a request is refused. It implements http.Handler.
type Error struct {
	// Status is the HTTP status of the response, 4xx or 5xx. extensions.code
	// depends on it.
	Status int
	// Code is extensions.code, if it does not depend on Status alone.
	Code string
	// Message is for the caller. It holds nothing personal and no secret.
	Message string
	// Allow is the list of allowed methods, such as "GET, POST", for status 405.
	Allow string
	// InvalidToken says, for status 401, that the request has a bearer token which
	// is not accepted.
	InvalidToken bool
	// Reason says why a credential is refused, for logs; callers do not get it.
	Reason string
	// RetryAfter is how long to wait before the next request; 0 if it is not known.
	RetryAfter time.Duration
}

// New returns a refusal with a status and a message.
func New(status int, message string) *Error { return &Error{Status: status, Message: message} }

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// code returns the value of extensions.code: see docs/errors.md.
func (e *Error) code() string {
	if e.Code != "" {
		return e.Code
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusTooManyRequests:
		return "RATE_LIMITED"
	case http.StatusServiceUnavailable:
		return "UPSTREAM_UNAVAILABLE"
	}
	return "BAD_REQUEST"
}

// Extensions returns the extensions of the GraphQL error: code, and retryAfter in
// seconds if it is known.
func (e *Error) Extensions() map[string]any {
	extensions := map[string]any{"code": e.code()}
	if e.RetryAfter > 0 {
		extensions["retryAfter"] = e.retryAfter()
	}
	return extensions
}

// SetHeader sets the headers that go with the status: Allow (RFC 9110, section
// 10.2.1), Retry-After (10.2.3) and WWW-Authenticate (RFC 6750, section 3).
func (e *Error) SetHeader(h http.Header) {
	if e.Allow != "" {
		h.Set("Allow", e.Allow)
	}
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(e.retryAfter()))
	}
	if e.Status == http.StatusUnauthorized {
		challenge := `Bearer realm="texter-graphql"`
		if e.InvalidToken {
			challenge += `, error="invalid_token"`
		}
		h.Set("WWW-Authenticate", challenge)
	}
}

// retryAfter returns RetryAfter in whole seconds, rounded up.
func (e *Error) retryAfter() int { return int(math.Ceil(e.RetryAfter.Seconds())) }

// ServeHTTP sends the refusal as a GraphQL response. It is for requests that do not
// reach a GraphQL handler.
func (e *Error) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	extensions := e.Extensions()
	extensions["requestId"] = requestid.From(r.Context())
	type graphQLError struct {
		Message    string         `json:"message"`
		Extensions map[string]any `json:"extensions"`
	}
	e.SetHeader(w.Header())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(e.Status)
	_ = json.NewEncoder(w).Encode(map[string][]graphQLError{"errors": {{e.Message, extensions}}}) // the client may be gone
}
