package auth_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
)

type callerKey struct{}

// TestBearer looks at which headers bring a token.
func TestBearer(t *testing.T) {
	for _, test := range []struct {
		headers []string
		want    string // empty is an error
	}{
		{[]string{"Bearer t0ken"}, "t0ken"},
		{[]string{"bearer t0ken"}, "t0ken"},
		{[]string{"BEARER   t0ken  "}, "t0ken"},
		{[]string{"Bearer a-._~+/b=="}, "a-._~+/b=="},
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"Bearer"}, ""},
		{[]string{"Bearer "}, ""},
		{[]string{"Bearer    "}, ""},
		{[]string{"canary"}, ""},
		{[]string{" Bearer canary"}, ""},
		{[]string{"Basic canary"}, ""},
		{[]string{"Bearer: canary"}, ""},
		{[]string{"Bearer\tcanary"}, ""},
		{[]string{"Bearer canary canary"}, ""},
		{[]string{"Bearercanary"}, ""},
		{[]string{"Bearer canary", "Bearer canary"}, ""},
		{[]string{"Basic canary", "Bearer canary"}, ""},
	} {
		r, err := http.NewRequestWithContext(context.WithValue(t.Context(), callerKey{}, "kept"), http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header["Authorization"] = test.headers
		ctx, err := auth.Bearer(r)
		if test.want == "" {
			if err == nil || ctx != nil || strings.Contains(err.Error(), "canary") {
				t.Errorf("%q: got %v, %v", test.headers, ctx, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", test.headers, err)
			continue
		}
		if got, err := auth.Token(ctx); err != nil || got != test.want || ctx.Value(callerKey{}) != "kept" {
			t.Errorf("%q: got %q, %v", test.headers, got, err)
		}
	}
}

// TestNoToken asks for a token that Bearer did not find.
func TestNoToken(t *testing.T) {
	if got, err := auth.Token(t.Context()); err == nil || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
}
