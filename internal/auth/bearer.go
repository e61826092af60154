package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"texter-graphql/internal/refusal"
	"texter-graphql/texter"
)

type tokenKey struct{}

var errNoToken = errors.New("send a Texter API token: Authorization: Bearer TOKEN")

// Bearer returns the request's context with the bearer token of the request, for
// Token, and with a name for Caller. The token is the caller's own Texter token: Texter decides whether it is
// valid. Bearer errors with a *refusal.Error if there is none.
func Bearer(r *http.Request) (context.Context, error) {
	token, err := bearerToken(r.Header)
	if err != nil {
		reason, _ := errors.AsType[Reason](err)
		return nil, &refusal.Error{Status: http.StatusUnauthorized, Message: errNoToken.Error(), Reason: string(reason)}
	}
	ctx := withCaller(r.Context(), &identity{name: "token:" + shortHash(token)})
	return context.WithValue(ctx, tokenKey{}, token), nil
}

// Token returns the token that Bearer stored in ctx. It errors if there is none.
func Token(ctx context.Context) (string, error) {
	token, ok := ctx.Value(tokenKey{}).(string)
	if !ok {
		return "", errNoToken
	}
	return token, nil
}

// bearerToken returns the bearer token of a request: RFC 6750, section 2.1. Its
// error is a Reason.
func bearerToken(h http.Header) (token string, err error) {
	headers := h.Values("Authorization")
	if len(headers) == 0 {
		return "", NoCredential
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	token = strings.Trim(token, " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") || !texter.ValidToken(token) {
		return "", Malformed
	}
	return token, nil
}
