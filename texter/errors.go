package texter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/internal/rule"
)

// Cause says why a call failed, in terms of what a caller can do about it.
type Cause int

// The causes of an Error.
const (
	// CauseCanceled: the caller gave up.
	CauseCanceled Cause = iota + 1
	// CauseInvalidRequest: Texter refused a parameter (400).
	CauseInvalidRequest
	// CauseUnauthenticated: no token, or not a valid one (401).
	CauseUnauthenticated
	// CauseForbidden: the token lacks the scope "List all chats" (403).
	CauseForbidden
	// CauseRateLimited: too many requests (429).
	CauseRateLimited
	// CauseTimeout: no complete response within the deadline.
	CauseTimeout
	// CauseUnavailable: no connection, a broken one, or 5xx.
	CauseUnavailable
	// CauseInvalidResponse: a response that breaks the contract: another status,
	// not JSON, a missing or mistyped field, too large.
	CauseInvalidResponse
)

// Error is a failed call. Its text is safe to log and to show: it holds no
// token, no parameter and no part of a body.
type Error struct {
	// Cause says why the call failed.
	Cause Cause
	// Failure is why there was no response that can be used; empty if there was
	// one, with a status that is an error, and if the call was not sent.
	Failure failure.Class
	// Status is the HTTP status of Texter's response, 0 if there is none.
	Status int
	// RetryAfter is how long to wait, as Texter asked with 429 or 503, or as
	// Options.Transport holds requests back; 0 if nobody asked.
	RetryAfter time.Duration
	// Breach is the breach that caused a CauseInvalidResponse; empty if the response
	// by itself is not what it must be.
	Breach Breach

	detail string
	err    error
}

// Error says what failed.
func (e *Error) Error() string { return "texter: " + e.detail }

// Unwrap returns the underlying error, if any. It may hold addresses.
func (e *Error) Unwrap() error { return e.err }

// statusError is the error of a response whose status is not 200.
func statusError(res *http.Response, now time.Time) *Error {
	e := &Error{Status: res.StatusCode}
	e.Cause, e.detail = CauseInvalidResponse, fmt.Sprintf("unexpected status %d", res.StatusCode)
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		e.RetryAfter = RetryAfter(res.Header, now)
	}
	switch code := res.StatusCode; {
	case code == http.StatusBadRequest:
		e.Cause, e.detail = CauseInvalidRequest, "a parameter was refused (400)"
	case code == http.StatusUnauthorized:
		e.Cause, e.detail = CauseUnauthenticated, "the token was refused (401)"
	case code == http.StatusForbidden:
		e.Cause, e.detail = CauseForbidden, `the token lacks the scope "List all chats" (403)`
	case code == http.StatusTooManyRequests:
		e.Cause, e.detail = CauseRateLimited, "too many requests (429)"
	case code >= 500:
		e.Cause, e.detail = CauseUnavailable, fmt.Sprintf("server error (%d)", code)
	}
	return e
}

// transportError is the error of a request without a complete response. It
// leaves out the text of err, which may hold the URL, and with it the search.
func transportError(ctx context.Context, err error) *Error {
	e := &Error{Cause: CauseUnavailable, detail: "the connection failed", err: err}
	var timeout interface{ Timeout() bool }
	var heldBack interface{ RetryAfter() time.Duration }
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e.Cause, e.detail = CauseCanceled, "the call was canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		e.Cause, e.detail = CauseTimeout, "no complete response within the deadline"
	case errors.As(err, &heldBack):
		e.RetryAfter, e.detail = heldBack.RetryAfter(), "the request was held back"
		if asked, ok := heldBack.(interface{ StatusCode() int }); ok && asked.StatusCode() == http.StatusTooManyRequests {
			e.Cause = CauseRateLimited
		}
		return e
	}
	if e.Cause != CauseCanceled {
		e.Failure = failure.Of(err)
	}
	return e
}

// ContextError is the error of a caller whose context ended while it waited. The
// context must be done.
func ContextError(ctx context.Context) *Error { return transportError(ctx, ctx.Err()) }

func invalidResponse(err error) *Error {
	return &Error{Cause: CauseInvalidResponse, Failure: failure.Body, Status: http.StatusOK, detail: err.Error(), err: err}
}

func tooLarge(limit int64) *Error {
	return invalidResponse(fmt.Errorf("the response is larger than %d bytes", limit))
}

// RetryAfter is how long a response asks to wait, in either form of the header:
// seconds or a date (RFC 9110, section 10.2.3). 0 if it does not ask. More than
// MaxRetryAfter counts as that.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	asked := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(asked, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return min(time.Duration(seconds)*time.Second, MaxRetryAfter)
	}
	if date, err := http.ParseTime(asked); err == nil && date.After(now) {
		return min(date.Sub(now), MaxRetryAfter)
	}
	return 0
}

// MaxRetryAfter bounds what RetryAfter returns. Nobody is held back for longer,
// because the wait may be a mistake, which only another request shows.
const MaxRetryAfter = 10 * time.Minute

// failContract ends the decoding: a documented field breaks a rule.
func (d *decoder) failContract(field, broken string) {
	if d.Pos >= len(d.Text) {
		d.FailSyntax() // the body is cut off here, which is the cause
		return
	}
	d.fail(field, broken)
}

// fail ends the decoding with an error about a field of the row that is read.
func (d *decoder) fail(field, broken string) {
	if d.row >= 0 {
		field = fmt.Sprintf("data[%d].%s", d.row, field)
	}
	d.Fail(fmt.Errorf("breaks the contract: %w", rule.New(field, broken)))
}
