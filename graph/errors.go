package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/relay"
	"texter-graphql/internal/requestid"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

// The values of extensions.code. They are stable: clients switch on them.
// GRAPHQL_PARSE_FAILED and GRAPHQL_VALIDATION_FAILED are gqlgen's, BAD_REQUEST
// and the like are those of package transport.
const (
	codeBadUserInput            = "BAD_USER_INPUT"
	codeCursorInvalid           = "CURSOR_INVALID"
	codeUnauthenticated         = "UNAUTHENTICATED"
	codeForbidden               = "FORBIDDEN"
	codeRateLimited             = "RATE_LIMITED"
	codeUpstreamTimeout         = "UPSTREAM_TIMEOUT"
	codeUpstreamUnavailable     = "UPSTREAM_UNAVAILABLE"
	codeUpstreamInvalidResponse = "UPSTREAM_INVALID_RESPONSE"
	CodeInternal                = "INTERNAL_SERVER_ERROR"
)

// reporter turns errors into what clients see and what operators see.
type reporter struct{ logger *slog.Logger }

// present makes the error that a client sees. What it does not know it does
// not show.
func (r reporter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := graphql.DefaultErrorPresenter(ctx, err)
	message, extensions := describe(err)
	switch {
	case message != "":
		shown.Message = message
	case shown.Extensions["code"] != nil: // from parsing, validation or the transport
		extensions = shown.Extensions
	default:
		r.logger.ErrorContext(ctx, "an error without a code", "requestId", requestid.From(ctx), "type", causeType(err))
		shown.Message = "Something went wrong in this service."
		extensions = map[string]any{"code": CodeInternal}
	}
	if broken, ok := errors.AsType[*texter.Error](err); ok && broken.Cause == texter.CauseInvalidResponse {
		r.logger.WarnContext(ctx, "Texter's answer is not what its API promises", "requestId", requestid.From(ctx), "reason", broken.Error())
	}
	extensions["requestId"] = requestid.From(ctx)
	shown.Extensions = extensions
	return shown
}

// causeType is the type of the innermost error: all that is safe to log of one
// that is not known.
func causeType(err error) string {
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
		err = cause
	}
	return fmt.Sprintf("%T", err)
}

// describe says what an error of a resolver means, or nothing if it is none.
func describe(err error) (message string, extensions map[string]any) {
	if upstream, ok := errors.AsType[*texter.Error](err); ok {
		message, code := describeUpstream(upstream)
		extensions = map[string]any{"code": code}
		if upstream.RetryAfter > 0 {
			extensions["retryAfter"] = int(math.Ceil(upstream.RetryAfter.Seconds()))
		}
		return message, extensions
	}
	if broken, ok := errors.AsType[*rule.Error](err); ok {
		return broken.Error() + ".", map[string]any{"code": ruleCode(broken), "argument": broken.Name}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return "The request took too long.", map[string]any{"code": codeUpstreamTimeout}
	}
	if errors.Is(err, scope.ErrBreach) {
		return "Texter's answer is not what was asked for.", map[string]any{"code": codeUpstreamInvalidResponse}
	}
	if _, ok := errors.AsType[*panicError](err); ok {
		return "Something went wrong in this service.", map[string]any{"code": CodeInternal}
	}
	return "", nil
}

// ruleCode is the code of an error about an argument.
func ruleCode(broken *rule.Error) string {
	switch {
	case errors.Is(broken, relay.ErrCursor):
		return codeCursorInvalid
	case errors.Is(broken, scope.ErrOutside):
		return codeForbidden
	}
	return codeBadUserInput
}

// describeUpstream says what a failed call means to a client.
func describeUpstream(e *texter.Error) (message, code string) {
	switch e.Cause {
	case texter.CauseInvalidRequest:
		return "Texter refused the search. Check the ids in filter.", codeBadUserInput
	case texter.CauseUnauthenticated:
		return "Texter did not accept the API token.", codeUnauthenticated
	case texter.CauseForbidden:
		return `The API token lacks the scope "List all chats".`, codeForbidden
	case texter.CauseRateLimited:
		return "Texter takes no more requests for now.", codeRateLimited
	case texter.CauseTimeout, texter.CauseCanceled:
		return "Texter did not answer in time.", codeUpstreamTimeout
	case texter.CauseInvalidResponse:
		return "Texter's answer is not what its API promises.", codeUpstreamInvalidResponse
	}
	return "Texter can't be reached.", codeUpstreamUnavailable
}

// panicError stands for a panic, whose value may hold anything.
type panicError struct{}

func (*panicError) Error() string { return "panic" }

// recoverPanic logs where a panic came from, but not its value. One that comes
// from another goroutine brings its own stack: see cache.Panic.
func (r reporter) recoverPanic(ctx context.Context, value any) error {
	stack := debug.Stack()
	if elsewhere, ok := value.(interface{ Stack() []byte }); ok {
		stack = elsewhere.Stack()
	}
	r.logger.ErrorContext(ctx, "panic", "requestId", requestid.From(ctx), "stack", string(stack))
	return &panicError{}
}
