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

	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/internal/requestid"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

// The values of extensions.code. They are stable, because clients switch on them.
// Packages document and transport have those of requests that are not executed,
// such as GRAPHQL_PARSE_FAILED and BAD_REQUEST.
const (
	codeBadUserInput            = "BAD_USER_INPUT"
	codeCursorInvalid           = "CURSOR_INVALID"
	codeUnauthenticated         = "UNAUTHENTICATED"
	codeForbidden               = "FORBIDDEN"
	codeRateLimited             = "RATE_LIMITED"
	codeUpstreamTimeout         = "UPSTREAM_TIMEOUT"
	codeUpstreamUnavailable     = "UPSTREAM_UNAVAILABLE"
	codeUpstreamInvalidResponse = "UPSTREAM_INVALID_RESPONSE"
	codeUpstreamUnauthorized    = "UPSTREAM_UNAUTHORIZED"
	codeOverloaded              = "OVERLOADED"
	codeAnswerTooLarge          = "ANSWER_TOO_LARGE"
	// CodeInternal is the code of a fault of this service.
	CodeInternal = "INTERNAL_SERVER_ERROR"
)

// messageInternal is the message of every error with CodeInternal.
const messageInternal = "Something went wrong in this service."

// reporter presents errors to clients, and logs what operators must know.
type reporter struct {
	logger       *slog.Logger
	serviceToken bool // see Options.ServiceToken
}

// present returns the error that a client gets. It implements
// graphql.ErrorPresenterFunc. An error of an unknown type gets CodeInternal, and
// shows nothing of itself.
func (r reporter) present(ctx context.Context, err error) *gqlerror.Error {
	presented := graphql.DefaultErrorPresenter(ctx, err)
	message, extensions := r.describe(err)
	switch {
	case message != "":
		presented.Message = message
	case presented.Extensions["code"] != nil: // of a request that is not executed
		extensions = presented.Extensions
	default:
		r.logger.ErrorContext(ctx, "an error without a code", "requestId", requestid.From(ctx), "type", causeType(err))
		presented.Message = messageInternal
		extensions = map[string]any{"code": CodeInternal}
	}
	if upstream, ok := errors.AsType[*texter.Error](err); ok && upstream.Cause == texter.CauseInvalidResponse && upstream.Breach == "" {
		r.logger.WarnContext(ctx, "Texter's response breaks the contract of its API", "requestId", requestid.From(ctx), "reason", upstream.Error())
	}
	extensions["requestId"] = requestid.From(ctx)
	presented.Extensions = extensions
	return presented
}

// causeType returns the type of the innermost error. Nothing else of an unknown
// error is safe to log.
func causeType(err error) string {
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
		err = cause
	}
	return fmt.Sprintf("%T", err)
}

// describe returns the message and the extensions of an error that a resolver
// returns. The message is empty for an error of an unknown type.
func (r reporter) describe(err error) (message string, extensions map[string]any) {
	if upstream, ok := errors.AsType[*texter.Error](err); ok {
		message, code := describeUpstream(upstream)
		if r.serviceToken && (code == codeUnauthenticated || code == codeForbidden) {
			message, code = "Texter does not accept the token of this service. Its operator has to replace it.", codeUpstreamUnauthorized
		}
		extensions = map[string]any{"code": code}
		if upstream.RetryAfter > 0 {
			extensions["retryAfter"] = int(math.Ceil(upstream.RetryAfter.Seconds()))
		}
		return message, extensions
	}
	if broken, ok := errors.AsType[*rule.Error](err); ok {
		return broken.Error() + ".", map[string]any{"code": ruleCode(broken), "argument": broken.Name}
	}
	if budget, ok := errors.AsType[*budgetError](err); ok {
		extensions = map[string]any{"code": budget.code}
		if budget.retryAfter > 0 {
			extensions["retryAfter"] = budget.retryAfter
		}
		return budget.message, extensions
	}
	if errors.Is(err, live.ErrTooManyTopics) || errors.Is(err, live.ErrClosed) {
		return r.describe(errOverloaded)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return "The request took too long.", map[string]any{"code": codeUpstreamTimeout}
	}
	if errors.Is(err, scope.ErrBreach) {
		return "Texter returned chats that the search did not ask for.", map[string]any{"code": codeUpstreamInvalidResponse}
	}
	if _, ok := errors.AsType[*panicError](err); ok {
		return messageInternal, map[string]any{"code": CodeInternal}
	}
	return "", nil
}

// ruleCode returns the code of an argument that breaks a rule.
func ruleCode(broken *rule.Error) string {
	switch {
	case errors.Is(broken, relay.ErrCursor):
		return codeCursorInvalid
	case errors.Is(broken, scope.ErrOutside):
		return codeForbidden
	}
	return codeBadUserInput
}

// describeUpstream returns what a failed call to Texter means to a client.
func describeUpstream(e *texter.Error) (message, code string) {
	switch e.Cause {
	case texter.CauseInvalidRequest:
		return "Texter refused the search. Check the ids in filter.", codeBadUserInput
	case texter.CauseUnauthenticated:
		return "Texter did not accept the API token.", codeUnauthenticated
	case texter.CauseForbidden:
		return `The API token lacks the scope "List all chats".`, codeForbidden
	case texter.CauseRateLimited:
		return "Texter accepts no more requests for now.", codeRateLimited
	case texter.CauseTimeout, texter.CauseCanceled:
		return "Texter did not respond in time.", codeUpstreamTimeout
	case texter.CauseInvalidResponse:
		if e.Breach != "" {
			return "Texter " + e.Breach.Meaning() + ", which breaks the contract of its API." + breachAdvice(e.Breach), codeUpstreamInvalidResponse
		}
		return "Texter's response breaks the contract of its API.", codeUpstreamInvalidResponse
	}
	return "Texter cannot be reached.", codeUpstreamUnavailable
}

// breachAdvice is what the caller can do about a breach.
func breachAdvice(b texter.Breach) string {
	if b == texter.BreachSkip || b == texter.BreachLimit {
		return " Narrow the filter, so that fewer chats match."
	}
	return ""
}

// panicError stands for a panic. It does not hold the value of the panic, which
// may hold anything.
type panicError struct{}

func (*panicError) Error() string { return "panic" }

// recoverPanic logs the stack of a panic, but not its value. It implements
// graphql.RecoverFunc. A panic of another goroutine has the stack of that
// goroutine in its value: see cache.Panic.
func (r reporter) recoverPanic(ctx context.Context, value any) error {
	stack := debug.Stack()
	if elsewhere, ok := value.(interface{ Stack() []byte }); ok {
		stack = elsewhere.Stack()
	}
	r.logger.ErrorContext(ctx, "panic", "requestId", requestid.From(ctx), "stack", string(stack))
	return &panicError{}
}
