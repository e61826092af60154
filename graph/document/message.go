package document

import (
	"errors"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document/syntax"
	"texter-graphql/graph/limits"
)

// CodeTooComplex is the extensions.code of an operation that exceeds a limit.
// For documents that are not GraphQL, or not of the schema, it is gqlgen's.
const CodeTooComplex = "QUERY_TOO_COMPLEX"

// codeBadUserInput is the extensions.code of a field whose arguments break a rule.
const codeBadUserInput = "BAD_USER_INPUT"

// invalid is an error of a request that the schema does not allow.
func invalid(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": errcode.ValidationFailed}}
}

// limitError is an error of package limits.
func limitError(err error) *gqlerror.Error {
	if exceeded, ok := errors.AsType[*limits.Exceeded](err); ok {
		return &gqlerror.Error{Message: err.Error(), Extensions: map[string]any{"code": CodeTooComplex, "exceeded": exceeded}}
	}
	return invalid(err.Error())
}

// syntaxError is an error of the parser.
func syntaxError(broken *syntax.Error) *gqlerror.Error {
	if broken.TooManyTokens {
		return limitError(&limits.Exceeded{Name: "tokens", Value: limits.MaxTokens + 1, Limit: limits.MaxTokens})
	}
	return &gqlerror.Error{
		Message:    "Syntax error: " + broken.Message + ".",
		Locations:  []gqlerror.Location{{Line: broken.Line, Column: broken.Column}},
		Extensions: map[string]any{"code": errcode.ParseFailed},
	}
}
