// Package requestid gives each request an id, by which the error that a client
// got can be found in the logs.
package requestid

import (
	"context"
	"crypto/rand"
	"net/http"
)

// Header is the header with the id, in requests and in responses.
const Header = "X-Request-Id"

// maxLength bounds an id that a caller sends, in bytes.
const maxLength = 64

type contextKey struct{}

// From returns the id of the request that ctx belongs to, or "".
func From(ctx context.Context) string {
	id, _ := ctx.Value(contextKey{}).(string)
	return id
}

// NewContext returns a context of a request with this id.
func NewContext(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, contextKey{}, id)
}

// Handler gives each request an id, in its context and in the response. It keeps
// an id that the caller sends if that consists of 1 to 64 letters, digits and any
// of -_.:
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(Header)
		if !valid(id) {
			id = rand.Text()
		}
		w.Header().Set(Header, id)
		next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), id)))
	})
}

func valid(id string) bool {
	for _, c := range []byte(id) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return id != "" && len(id) <= maxLength
}
