package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/refusal"
)

// newJWTs returns credentials for the tokens of an issuer.
func newJWTs(i *issuer, change ...func(*auth.JWTOptions)) *auth.JWTs {
	o := auth.JWTOptions{
		Issuer: i.url, Audience: "texter-graphql", Leeway: time.Minute, RetryInterval: time.Nanosecond,
		Logger: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&o)
	}
	return auth.NewJWTs(o)
}

// assertJWT fails unless a token is accepted or refused, as it should be. It
// returns the context for the token's holder.
func assertJWT(t *testing.T, tokens *auth.JWTs, token string, accepted bool) context.Context {
	t.Helper()
	ctx, err := tokens.Authenticate(t.Context(), token)
	if _, unavailable := errors.AsType[*refusal.Error](err); accepted != (err == nil) || unavailable || !accepted && ctx != nil {
		t.Errorf("accepted is %t: %v", err == nil, err)
	}
	return ctx
}

// assertUnavailable fails unless a token is refused because the issuer's keys are
// unknown.
func assertUnavailable(t *testing.T, tokens *auth.JWTs, token string) {
	t.Helper()
	_, err := tokens.Authenticate(t.Context(), token)
	if r, ok := errors.AsType[*refusal.Error](err); !ok || r.Status != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestClaims(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i)
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	for name, test := range map[string]struct {
		claims   map[string]any
		accepted bool
	}{
		"the usual claims":                    {nil, true},
		"one of several audiences":            {map[string]any{"aud": []string{"other", "texter-graphql"}}, true},
		"no nbf and no iat":                   {map[string]any{"nbf": nil, "iat": nil}, true},
		"an exp that has passed, with leeway": {map[string]any{"exp": ago(30 * time.Second)}, true},
		"an nbf to come, with leeway":         {map[string]any{"nbf": ago(-30 * time.Second)}, true},
		"an exp that has passed":              {map[string]any{"exp": ago(2 * time.Minute)}, false},
		"an nbf to come":                      {map[string]any{"nbf": ago(-2 * time.Minute)}, false},
		"an iat to come":                      {map[string]any{"iat": ago(-2 * time.Minute)}, false},
		"no exp":                              {map[string]any{"exp": nil}, false},
		"an exp that is a string":             {map[string]any{"exp": "tomorrow"}, false},
		"an exp that is too large":            {map[string]any{"exp": 1e300}, false},
		"no iss":                              {map[string]any{"iss": nil}, false},
		"another issuer":                      {map[string]any{"iss": "https://evil.example/tenant"}, false},
		"the beginning of the issuer":         {map[string]any{"iss": strings.TrimSuffix(i.url, "/tenant")}, false},
		"the issuer with a slash":             {map[string]any{"iss": i.url + "/"}, false},
		"a list of issuers":                   {map[string]any{"iss": []string{i.url}}, false},
		"no aud":                              {map[string]any{"aud": nil}, false},
		"an empty list of audiences":          {map[string]any{"aud": []string{}}, false},
		"another audience":                    {map[string]any{"aud": "other"}, false},
		"the beginning of the audience":       {map[string]any{"aud": "texter"}, false},
		"the audience in capitals":            {map[string]any{"aud": "TEXTER-GRAPHQL"}, false},
		"no sub":                              {map[string]any{"sub": nil}, false},
		"an empty sub":                        {map[string]any{"sub": ""}, false},
		"a leeway of the token's own":         {map[string]any{"exp": ago(time.Hour), "leeway": 7200}, false},
	} {
		t.Run(fmt.Sprintf("with %s, accepted is %t", name, test.accepted), func(t *testing.T) {
			ctx := assertJWT(t, tokens, key.sign(t, i.claims(test.claims)), test.accepted)
			if test.accepted && (!strings.HasPrefix(auth.Caller(ctx), "jwt:") || strings.Contains(auth.Caller(ctx), "canary")) {
				t.Errorf("the caller is %s", auth.Caller(ctx))
			}
		})
	}
}

func TestCallerOfAJWT(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i)
	caller := func(t *testing.T, sub, id string) string {
		t.Helper()
		return auth.Caller(assertJWT(t, tokens, key.sign(t, i.claims(map[string]any{"sub": sub, "jti": id})), true))
	}
	t.Run("two tokens of one subject have one caller", func(t *testing.T) {
		if caller(t, "a", "1") != caller(t, "a", "2") {
			t.Error("they have two")
		}
	})
	t.Run("two subjects are two callers", func(t *testing.T) {
		if caller(t, "a", "1") == caller(t, "b", "1") {
			t.Error("they are one")
		}
	})
}

// TestExpiryOfARememberedToken has a token expire that was accepted before.
func TestExpiryOfARememberedToken(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i, func(o *auth.JWTOptions) { o.Leeway = 0 })
	assertJWT(t, tokens, key.sign(t, i.claims(nil)), true) // fetches the keys
	synctest.Test(t, func(t *testing.T) {
		token := key.sign(t, i.claims(map[string]any{"exp": time.Now().Add(time.Minute).Unix()}))
		first, second := assertJWT(t, tokens, token, true), assertJWT(t, tokens, token, true)
		if auth.Caller(first) == "" || auth.Caller(first) != auth.Caller(second) {
			t.Errorf("the callers are %q and %q", auth.Caller(first), auth.Caller(second))
		}
		time.Sleep(time.Minute + time.Second) // of the fake clock
		assertJWT(t, tokens, token, false)
	})
}
