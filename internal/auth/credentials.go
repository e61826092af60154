package auth

import (
	"context"
	"errors"
	"net/http"

	"texter-graphql/internal/refusal"
)

// Credentials are one kind of credentials that callers can send.
type Credentials interface {
	// Authenticate returns a context for the request of a bearer token's holder.
	// It has a name for Caller, and a scope for scope.Searcher. Authenticate
	// errors with a Reason if the token is of another kind, or is not accepted.
	Authenticate(ctx context.Context, token string) (context.Context, error)
}

// Authenticate returns a function that lets in requests with a bearer token that
// any of these kinds accepts. Its error is a *refusal.Error: the one that a kind
// returned, or one that does not tell the caller why the token is refused.
func Authenticate(kinds ...Credentials) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		token, err := bearerToken(r.Header)
		if err != nil {
			return nil, refuse(err, false)
		}
		var why error
		for _, kind := range kinds {
			ctx, err := kind.Authenticate(r.Context(), token)
			if _, refused := errors.AsType[*refusal.Error](err); err == nil || refused {
				return ctx, err
			}
			if why == nil || !errors.Is(err, Malformed) { // what is malformed for one kind is of another one
				why = err
			}
		}
		return nil, refuse(why, true)
	}
}

func refuse(why error, invalidToken bool) error {
	reason, _ := errors.AsType[Reason](why)
	return &refusal.Error{
		Status:       http.StatusUnauthorized,
		Message:      "send a credential of this service: Authorization: Bearer CREDENTIAL",
		InvalidToken: invalidToken,
		Reason:       string(reason),
	}
}
