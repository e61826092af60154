// Package auth says who calls: it passes the caller's own API token through to
// Texter.
package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"texter-graphql/texter"
)

type tokenKey struct{}

var errNoToken = errors.New("send a Texter API token: Authorization: Bearer TOKEN")

// Bearer takes the bearer token (RFC 6750, section 2.1) from a request and
// returns the request's context with it. It errors if there is none.
func Bearer(r *http.Request) (context.Context, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return nil, errNoToken
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	token = strings.Trim(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || !texter.ValidToken(token) {
		return nil, errNoToken
	}
	return context.WithValue(r.Context(), tokenKey{}, token), nil
}

// Token is the token that Bearer found. It errors if Bearer was not asked.
func Token(ctx context.Context) (string, error) {
	token, ok := ctx.Value(tokenKey{}).(string)
	if !ok {
		return "", errNoToken
	}
	return token, nil
}
