package auth_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/refusal"
	"texter-graphql/texter"
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

// assertRefusedJWT fails unless a token is refused for a reason; or accepted, if the
// reason is empty. It returns the context for the token's holder.
func assertRefusedJWT(t *testing.T, tokens *auth.JWTs, token string, reason auth.Reason) context.Context {
	t.Helper()
	ctx, err := tokens.Authenticate(t.Context(), token)
	if got, _ := errors.AsType[auth.Reason](err); got != reason || (err == nil) != (reason == "") || err != nil && ctx != nil {
		t.Errorf("got %v, want %q", err, reason)
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
		claims map[string]any
		reason auth.Reason // why it is refused, if it is
	}{
		"the usual claims":                    {nil, ""},
		"one of several audiences":            {map[string]any{"aud": []string{"other", "texter-graphql"}}, ""},
		"no nbf and no iat":                   {map[string]any{"nbf": nil, "iat": nil}, ""},
		"an exp that has passed, with leeway": {map[string]any{"exp": ago(30 * time.Second)}, ""},
		"an nbf to come, with leeway":         {map[string]any{"nbf": ago(-30 * time.Second)}, ""},
		"an exp that has passed":              {map[string]any{"exp": ago(2 * time.Minute)}, auth.Expired},
		"an nbf to come":                      {map[string]any{"nbf": ago(-2 * time.Minute)}, auth.NotYetValid},
		"an iat to come":                      {map[string]any{"iat": ago(-2 * time.Minute)}, auth.NotYetValid},
		"no exp":                              {map[string]any{"exp": nil}, auth.NoExpiry},
		"an exp that is a string":             {map[string]any{"exp": "tomorrow"}, auth.Malformed},
		"an exp that is too large":            {map[string]any{"exp": 1e300}, auth.Malformed},
		"no iss":                              {map[string]any{"iss": nil}, auth.WrongIssuer},
		"another issuer":                      {map[string]any{"iss": "https://evil.example/tenant"}, auth.WrongIssuer},
		"the beginning of the issuer":         {map[string]any{"iss": strings.TrimSuffix(i.url, "/tenant")}, auth.WrongIssuer},
		"the issuer with a slash":             {map[string]any{"iss": i.url + "/"}, auth.WrongIssuer},
		"a list of issuers":                   {map[string]any{"iss": []string{i.url}}, auth.Malformed},
		"no aud":                              {map[string]any{"aud": nil}, auth.WrongAudience},
		"an empty list of audiences":          {map[string]any{"aud": []string{}}, auth.WrongAudience},
		"another audience":                    {map[string]any{"aud": "other"}, auth.WrongAudience},
		"the beginning of the audience":       {map[string]any{"aud": "texter"}, auth.WrongAudience},
		"the audience in capitals":            {map[string]any{"aud": "TEXTER-GRAPHQL"}, auth.WrongAudience},
		"no sub":                              {map[string]any{"sub": nil}, auth.NoSubject},
		"an empty sub":                        {map[string]any{"sub": ""}, auth.NoSubject},
		"a leeway of the token's own":         {map[string]any{"exp": ago(time.Hour), "leeway": 7200}, auth.Expired},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := assertRefusedJWT(t, tokens, key.sign(t, i.claims(test.claims)), test.reason)
			if test.reason == "" && (!strings.HasPrefix(auth.Caller(ctx), "jwt:") || strings.Contains(auth.Caller(ctx), "canary")) {
				t.Errorf("the caller is %s", auth.Caller(ctx))
			}
		})
	}
}

// TestScopeOfAJWT: with -jwt-scope-claim, a token is for what its claim says, and for
// nothing without it.
func TestScopeOfAJWT(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	scoped, bot := newJWTs(i, func(o *auth.JWTOptions) { o.ScopeClaim = "texter" }), map[string]any{"statuses": []string{"BOT"}}
	ctx := assertRefusedJWT(t, scoped, key.sign(t, i.claims(map[string]any{"texter": bot})), "")
	assertScope(ctx, t, []texter.ChatStatus{texter.StatusBot})
	ctx = assertRefusedJWT(t, newJWTs(i), key.sign(t, i.claims(map[string]any{"texter": bot})), "")
	assertScope(ctx, t, nil)
	for name, claims := range map[string]map[string]any{
		"no claim": nil, "another claim": {"scope": bot}, "a text": {"texter": "BOT"}, "an unknown status": {"texter": map[string]any{"statuses": []string{"canary"}}},
	} {
		t.Run(name, func(t *testing.T) { assertRefusedJWT(t, scoped, key.sign(t, i.claims(claims)), "scope") })
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
	t.Run("equal subjects of two issuers are two callers", func(t *testing.T) {
		other := newIssuer(t, key)
		of := auth.Caller(assertJWT(t, newJWTs(other), key.sign(t, other.claims(map[string]any{"sub": "a"})), true))
		if of == caller(t, "a", "1") {
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
		another := key.sign(t, i.claims(nil)) // does not take its place
		if n := testing.AllocsPerRun(10, func() { assertJWT(t, tokens, token, true); assertJWT(t, tokens, another, true) }); n > 60 {
			t.Errorf("%v allocations: signatures are verified again", n)
		}
		time.Sleep(time.Minute + time.Second) // of the fake clock
		assertJWT(t, tokens, token, false)
	})
}
