package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
)

type valueKey struct{}

// requestWith returns a request with these Authorization headers, and with a
// value in its context.
func requestWith(t *testing.T, authorization ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithValue(t.Context(), valueKey{}, "kept"), http.MethodGet, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["Authorization"] = authorization
	return r
}

func TestBearer(t *testing.T) {
	for header, token := range map[string]string{
		"Bearer t0ken": "t0ken", "bearer t0ken": "t0ken", "BEARER   t0ken  ": "t0ken", "Bearer a-._~+/b==": "a-._~+/b==",
	} {
		t.Run(fmt.Sprintf("%q has the token %s", header, token), func(t *testing.T) {
			ctx, err := auth.Bearer(requestWith(t, header))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := auth.Token(ctx); err != nil || got != token || ctx.Value(valueKey{}) != "kept" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	for _, headers := range [][]string{
		nil, {""}, {"Bearer"}, {"Bearer "}, {"Bearer    "}, {"canary"}, {" Bearer canary"}, {"Basic canary"}, {"Bearer: canary"}, {"Bearer\tcanary"},
		{"Bearer canary canary"}, {"Bearercanary"}, {"Bearer canary", "Bearer canary"}, {"Basic canary", "Bearer canary"},
	} {
		t.Run(fmt.Sprintf("%q have no token", headers), func(t *testing.T) {
			ctx, err := auth.Bearer(requestWith(t, headers...))
			if err == nil || ctx != nil || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v, %v", ctx, err)
			}
		})
	}
	t.Run("a context that Bearer did not return has no token", func(t *testing.T) {
		if got, err := auth.Token(t.Context()); err == nil || got != "" {
			t.Errorf("got %q, %v", got, err)
		}
	})
}
