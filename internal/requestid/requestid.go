// Package requestid names each request, so that an error that a client sees
// can be found in the logs.
package requestid

import (
	"context"
	"crypto/rand"
	"net/http"
)

// Header carries the id, in requests and in answers.
const Header = "X-Request-Id"

// maxLength bounds an id that a caller brings, in bytes.
const maxLength = 64

type contextKey struct{}

// From is the id of the request that ctx belongs to, or empty.
func From(ctx context.Context) string {
	id, _ := ctx.Value(contextKey{}).(string)
	return id
}

// Handler gives each request an id and says it in the answer. An id that the
// caller brings is kept if it is made of letters, digits and any of -_.:
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(Header)
		if !valid(id) {
			id = rand.Text()
		}
		w.Header().Set(Header, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, id)))
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
