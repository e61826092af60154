package auth_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"texter-graphql/internal/auth"
)

func TestKeysOfASet(t *testing.T) {
	good, weak, ed, private := ecKey(t, "good"), rsaKey(t, "weak", 2047), edKey(t, "ed"), ecKey(t, "private")
	i := newIssuer(t)
	encrypt, unnamed, other := ecKey(t, "encrypt"), ecKey(t, ""), ecKey(t, "other")
	i.keys.Store(&[]jose.JSONWebKey{
		{Key: good.private.Public(), KeyID: "good", Algorithm: "ES256"},
		{Key: weak.private.Public(), KeyID: "weak"},
		{Key: ed.private.Public(), KeyID: "ed"},
		{Key: private.private, KeyID: "private"},
		{Key: encrypt.private.Public(), KeyID: "encrypt", Use: "enc"},
		{Key: []byte("a shared secret of at least 32 bytes"), KeyID: "shared"},
		{Key: unnamed.private.Public()},
		{Key: other.private.Public(), KeyID: "other", Algorithm: "ES384"},
	})
	tokens := newJWTs(i)
	for name, test := range map[string]struct {
		key    signingKey
		reason auth.Reason // why its tokens are refused, if they are
	}{
		"a key for its algorithm is used":         {good, ""},
		"an Ed25519 key is used":                  {ed, ""},
		"a key without an id is used":             {unnamed, ""},
		"a short RSA key is not used":             {weak, auth.UnknownKey},
		"a private key is not used":               {private, auth.UnknownKey},
		"a key for encryption is not used":        {encrypt, auth.UnknownKey},
		"a key for another algorithm is not used": {other, auth.UnknownKey},
	} {
		t.Run(name, func(t *testing.T) { assertRefusedJWT(t, tokens, test.key.sign(t, i.claims(nil)), test.reason) })
	}
	t.Run("a shared secret is not used", func(t *testing.T) {
		token := forge(map[string]any{"alg": "HS256", "kid": "shared"}, i.claims(nil), hs256([]byte("a shared secret of at least 32 bytes")))
		assertRefusedJWT(t, tokens, token, auth.Algorithm)
	})
}

// TestKeyRotation has the issuer sign with a new key, and then withdraw the old
// one.
func TestKeyRotation(t *testing.T) {
	old, next, unknown := ecKey(t, "old"), ecKey(t, "next"), ecKey(t, "unknown")
	i := newIssuer(t, old)
	tokens := newJWTs(i)
	accepted := func(name string, key signingKey, want bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) { assertJWT(t, tokens, key.sign(t, i.claims(nil)), want) })
	}
	oldToken := old.sign(t, i.claims(nil))
	remembered := func(name string, want bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) { assertJWT(t, tokens, oldToken, want) })
	}
	remembered("a token of the old key is accepted", true)
	accepted("the new key is unknown before it is published", next, false)
	i.publish(old, next)
	accepted("the new key is found once it is published", next, true)
	remembered("a token of the old key is still accepted", true)
	i.publish(next)
	accepted("a token of an unknown key is refused", unknown, false) // and has the keys fetched
	remembered("a token of the withdrawn key is refused, although it was accepted before", false)
	accepted("the new key is still found", next, true)
}

func TestTokensOfUnknownKeysAskTheIssuerOnce(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	tokens := newJWTs(i, func(o *auth.JWTOptions) { o.RetryInterval = time.Hour })
	unknown := ecKey(t, "2").sign(t, i.claims(nil))
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := tokens.Authenticate(t.Context(), unknown); err == nil {
				t.Error("a token is accepted")
			}
		})
	}
	all.Wait()
	if n := i.requests.Load(); n != 1 {
		t.Errorf("the issuer got %d requests", n)
	}
	assertJWT(t, tokens, key.sign(t, i.claims(nil)), true)
}

// TestTheKeysAreFetchedForACallerWhoHasLeft: all other callers need them too.
func TestTheKeysAreFetchedForACallerWhoHasLeft(t *testing.T) {
	key := ecKey(t, "1")
	i := newIssuer(t, key)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := newJWTs(i).Authenticate(ctx, key.sign(t, i.claims(nil))); err != nil {
		t.Errorf("got %v", err)
	}
}

// TestKeysWithOneID: an issuer may give one id to several keys.
func TestKeysWithOneID(t *testing.T) {
	first, second, ed, unknown := ecKey(t, "1"), ecKey(t, "1"), edKey(t, "1"), ecKey(t, "1")
	i := newIssuer(t, ed, first, second)
	tokens := newJWTs(i)
	for name, test := range map[string]struct {
		key    signingKey
		reason auth.Reason // why its tokens are refused, if they are
	}{
		"the first key": {ed, ""}, "the second key": {first, ""}, "the third key": {second, ""}, "no key of the set": {unknown, auth.BadSignature},
	} {
		t.Run("a token of "+name, func(t *testing.T) { assertRefusedJWT(t, tokens, test.key.sign(t, i.claims(nil)), test.reason) })
	}
}

func TestIssuerDown(t *testing.T) {
	key, next := ecKey(t, "1"), ecKey(t, "2")
	i := newIssuer(t, key)
	i.down.Store(true)
	tokens := newJWTs(i)
	known, unknown := key.sign(t, i.claims(nil)), next.sign(t, i.claims(nil))
	t.Run("before the first fetch, a token can't be verified", func(t *testing.T) { assertUnavailable(t, tokens, known) })
	t.Run("before the first fetch, what is no token is refused", func(t *testing.T) { assertJWT(t, tokens, "garbage", false) })
	i.down.Store(false)
	t.Run("once the issuer answers, a token is accepted", func(t *testing.T) { assertJWT(t, tokens, known, true) })
	i.down.Store(true)
	t.Run("later, a token of a known key is accepted", func(t *testing.T) { assertJWT(t, tokens, key.sign(t, i.claims(nil)), true) })
	t.Run("later, a token of a new key is refused", func(t *testing.T) { assertJWT(t, tokens, unknown, false) })
	i.down.Store(false)
	i.publish()
	t.Run("an empty set does not replace the keys", func(t *testing.T) {
		assertJWT(t, tokens, unknown, false) // has the keys fetched
		assertJWT(t, tokens, key.sign(t, i.claims(nil)), true)
	})
}

// TestWatchJWTs: new and withdrawn keys are found before a token needs them.
func TestWatchJWTs(t *testing.T) {
	old, next := ecKey(t, "old"), ecKey(t, "next")
	i := newIssuer(t, old)
	i.down.Store(true)
	log := make(lines, 1000)
	tokens := newJWTs(i, func(o *auth.JWTOptions) {
		o.RefreshInterval, o.RetryInterval, o.Logger = time.Millisecond, time.Millisecond, slog.New(slog.NewTextHandler(log, nil))
	})
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { tokens.Watch(ctx) })
	if line := <-log; !strings.Contains(line, "keys of -jwt-issuer") {
		t.Errorf("it logs %s", line)
	}
	i.down.Store(false)
	i.publish(next)
	for range 2 { // the first gets the new keys, and has ended once the second begins
		<-i.asked
	}
	cancel()
	watching.Wait()
	i.down.Store(true)
	t.Run("the new key is known", func(t *testing.T) { assertJWT(t, tokens, next.sign(t, i.claims(nil)), true) })
	t.Run("the withdrawn key is unknown", func(t *testing.T) { assertJWT(t, tokens, old.sign(t, i.claims(nil)), false) })
}
