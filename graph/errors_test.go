package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/relay"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

func TestPresentedErrors(t *testing.T) {
	const internal = "Something went wrong in this service."
	for _, test := range []struct {
		name, message string
		err           error
		code          string
		argument      any
		log           string
	}{
		{"an argument that breaks a rule", "first must not be negative.", rule.New("first", "must not be negative"), "BAD_USER_INPUT", "first", ""},
		{"a cursor that is not valid", "after must be a cursor.", &rule.Error{Name: "after", Rule: "must be a cursor", Kind: relay.ErrCursor}, "CURSOR_INVALID", "after", ""},
		{"a filter outside of the scope", "filter must be within the scope.", &rule.Error{Name: "filter", Rule: "must be within the scope", Kind: scope.ErrOutside}, "FORBIDDEN", "filter", ""},
		{"a token that Texter refuses", "Texter did not accept the API token.", &texter.Error{Cause: texter.CauseUnauthenticated}, "UNAUTHENTICATED", nil, ""},
		{"a token without the scope", `The API token lacks the scope "List all chats".`, &texter.Error{Cause: texter.CauseForbidden}, "FORBIDDEN", nil, ""},
		{"a deadline", "The request took too long.", context.DeadlineExceeded, "UPSTREAM_TIMEOUT", nil, ""},
		{"a caller who is gone", "The request took too long.", context.Canceled, "UPSTREAM_TIMEOUT", nil, ""},
		{"chats outside of the scope", "Texter returned chats that the search did not ask for.", scope.ErrBreach, "UPSTREAM_INVALID_RESPONSE", nil, ""},
		{"a panic, which is logged where it is recovered", internal, &panicError{}, "INTERNAL_SERVER_ERROR", nil, ""},
		{"an error with a code", "canary", &gqlerror.Error{Message: "canary", Extensions: map[string]any{"code": "GRAPHQL_PARSE_FAILED"}}, "GRAPHQL_PARSE_FAILED", nil, ""},
		{"an unknown error", internal, fmt.Errorf("canary: %w", errors.New("canary")), "INTERNAL_SERVER_ERROR", nil, "*errors.errorString"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			r := reporter{logger: slog.New(slog.NewTextHandler(&log, nil))}
			e := r.present(t.Context(), test.err)
			if e.Message != test.message || e.Extensions["code"] != test.code || e.Extensions["argument"] != test.argument {
				t.Errorf("got %q %v", e.Message, e.Extensions)
			}
			if _, ok := e.Extensions["requestId"]; !ok {
				t.Error("it has no requestId")
			}
			r.serviceToken = true
			ofService := r.present(t.Context(), test.err)
			if refused := test.code == "UNAUTHENTICATED" || test.code == "FORBIDDEN" && test.argument == nil; refused != (ofService.Extensions["code"] == "UPSTREAM_UNAUTHORIZED") ||
				!refused && ofService.Message != test.message {
				t.Errorf("with the token of the service: %q %v", ofService.Message, ofService.Extensions)
			}
			if (log.Len() > 0) != (test.log != "") || !strings.Contains(log.String(), test.log) || strings.Contains(log.String(), "canary") {
				t.Errorf("the log is %q", &log)
			}
		})
	}
}
