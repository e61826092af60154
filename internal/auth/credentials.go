package auth

import (
	"context"
	"errors"
	"net/http"

	"texter-graphql/internal/refusal"
)

// Credentials are one kind of credentials that callers may bring.
type Credentials interface {
	// Authenticate returns the context to serve the holder of a bearer token
	// in: with a name for Caller, and a scope for scope.Searcher. It errors if
	// the token is not one of this kind, or not accepted.
	Authenticate(ctx context.Context, token string) (context.Context, error)
}

// Authenticate lets requests in by the first kind of credentials that accepts
// their bearer token. Its error is a *refusal.Error: one that a kind
// returned, or else one that says the same for whatever reason.
func Authenticate(kinds ...Credentials) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		token, ok := bearerToken(r.Header)
		if !ok {
			return nil, refuse(false)
		}
		for _, kind := range kinds {
			ctx, err := kind.Authenticate(r.Context(), token)
			if _, refused := errors.AsType[*refusal.Error](err); err == nil || refused {
				return ctx, err
			}
		}
		return nil, refuse(true)
	}
}

func refuse(invalidToken bool) error {
	return &refusal.Error{
		Status:       http.StatusUnauthorized,
		Message:      "send a credential of this service: Authorization: Bearer CREDENTIAL",
		InvalidToken: invalidToken,
	}
}
