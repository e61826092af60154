package auth_test

import (
	"errors"
	"net/http"
	"reflect"
	"testing"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/refusal"
)

// TestAuthenticate: callers are let in by any kind of credentials. Others are told the
// same whatever the reason is; the log gets the reason that says most.
func TestAuthenticate(t *testing.T) {
	key, line := newKey(t, "inbox")
	stranger, _ := newKey(t, "stranger")
	signer := ecKey(t, "1")
	i, down := newIssuer(t, signer), newIssuer(t, signer)
	down.down.Store(true)
	keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: keyFile(t, line)})
	if err != nil {
		t.Fatal(err)
	}
	token, expired := signer.sign(t, i.claims(nil)), signer.sign(t, i.claims(map[string]any{"exp": 1}))
	refused := func(reason auth.Reason, invalidToken bool) *refusal.Error {
		return &refusal.Error{
			Status: http.StatusUnauthorized, Message: "send a credential of this service: Authorization: Bearer CREDENTIAL",
			InvalidToken: invalidToken, Reason: string(reason),
		}
	}
	unavailable := &refusal.Error{Status: http.StatusServiceUnavailable, Message: "The issuer of the tokens can't be reached.", RetryAfter: 1, Reason: "keys unavailable"}
	tokens := newJWTs(i)
	both, reverse := auth.Authenticate(keys, tokens), auth.Authenticate(tokens, keys)
	for name, test := range map[string]struct {
		header []string
		want   *refusal.Error // nil if the caller is let in
	}{
		"an access key":             {[]string{"Bearer " + key}, nil},
		"a JWT":                     {[]string{"Bearer " + token}, nil},
		"no header":                 {nil, refused("no credential", false)},
		"another scheme":            {[]string{"Basic " + key}, refused("malformed", false)},
		"an access key twice":       {[]string{"Bearer " + key, "Bearer " + key}, refused("malformed", false)},
		"an unknown access key":     {[]string{"Bearer " + stranger}, refused("unknown access key", true)},
		"a JWT that is not for now": {[]string{"Bearer " + expired}, refused("expired", true)},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, err := both(requestWith(t, test.header...))
			assertRefused(t, err, test.want)
			if test.want == nil && (auth.Caller(ctx) == "" || ctx.Value(valueKey{}) != "kept") {
				t.Errorf("the caller is %q, and the context is not the request's", auth.Caller(ctx))
			}
		})
	}
	t.Run("what only the first kind calls malformed has the reason of the second", func(t *testing.T) {
		_, err := reverse(requestWith(t, "Bearer "+stranger))
		assertRefused(t, err, refused("unknown access key", true))
	})
	t.Run("what all kinds call malformed is malformed", func(t *testing.T) {
		_, err := auth.Authenticate(tokens)(requestWith(t, "Bearer "+stranger))
		assertRefused(t, err, refused("malformed", true))
	})
	t.Run("the first kind is enough, although the second can't decide", func(t *testing.T) {
		_, err := auth.Authenticate(keys, newJWTs(down))(requestWith(t, "Bearer "+key))
		assertRefused(t, err, nil)
	})
	t.Run("while the issuer's keys are unknown, callers are told to come back", func(t *testing.T) {
		_, err := auth.Authenticate(keys, newJWTs(down))(requestWith(t, "Bearer "+token))
		assertRefused(t, err, unavailable)
	})
	t.Run("a Texter token that is missing has its reason too", func(t *testing.T) {
		_, err := auth.Bearer(requestWith(t))
		assertRefused(t, err, &refusal.Error{Status: http.StatusUnauthorized, Message: "send a Texter API token: Authorization: Bearer TOKEN", Reason: "no credential"})
	})
}

// assertRefused fails unless an error is a refusal; or nil, if want is.
func assertRefused(t *testing.T, err error, want *refusal.Error) {
	t.Helper()
	got, _ := errors.AsType[*refusal.Error](err)
	if (err == nil) != (want == nil) || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
