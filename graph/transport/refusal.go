package transport

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Refusal is an error of HTTP.Authenticate that says how to refuse a request.
type Refusal struct {
	// Status is 401, 429 or 503, and makes the extensions.code.
	Status int
	// Message is shown.
	Message string
	// InvalidToken says of a 401 that there was a bearer token, and that it is
	// not accepted.
	InvalidToken bool
	// RetryAfter is how long to wait before the next try; 0 is not known.
	RetryAfter time.Duration
}

// Error is the message.
func (e *Refusal) Error() string { return e.Message }

// challenge is the value of WWW-Authenticate: RFC 6750, section 3.
func (e *Refusal) challenge() string {
	const bearer = `Bearer realm="texter-graphql"`
	if e.InvalidToken {
		return bearer + `, error="invalid_token"`
	}
	return bearer
}

func (e *Refusal) code() string {
	switch e.Status {
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusTooManyRequests:
		return "RATE_LIMITED"
	case http.StatusServiceUnavailable:
		return "UPSTREAM_UNAVAILABLE"
	}
	return codeBadRequest
}

// refuseCaller answers a request that Authenticate did not let in.
func (a answer) refuseCaller(ctx context.Context, exec Executor, err error) {
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		refusal = &Refusal{Status: http.StatusUnauthorized, Message: err.Error()}
	}
	extensions := map[string]any{"code": refusal.code()}
	if refusal.Status == http.StatusUnauthorized {
		a.w.Header().Set("WWW-Authenticate", refusal.challenge())
	}
	if refusal.RetryAfter > 0 {
		seconds := int(math.Ceil(refusal.RetryAfter.Seconds()))
		a.w.Header().Set("Retry-After", strconv.Itoa(seconds))
		extensions["retryAfter"] = seconds
	}
	a.write(refusal.Status, exec.Refuse(ctx, gqlerror.List{{Message: refusal.Message, Extensions: extensions}}))
}
