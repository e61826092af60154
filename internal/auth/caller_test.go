package auth_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/auth"
)

// assertValid fails unless a caller is still let in, or no more.
func assertValid(t *testing.T, validity func() bool, want bool) {
	t.Helper()
	for range 2 { // the second time, it may be remembered
		if got := validity(); got != want {
			t.Errorf("valid is %t", got)
		}
	}
}

// TestValidityOfAnAccessKey: a subscription goes on only as long as its caller's line
// is there and is the same.
func TestValidityOfAnAccessKey(t *testing.T) {
	key, line := newKey(t, "one")
	_, other := newKey(t, "two")
	for name, test := range map[string]struct {
		before, after string
		want          bool
	}{
		"another key is added":   {line, line + "\n" + other, true},
		"the line is gone":       {line, other, false},
		"it has another name":    {line, strings.Replace(line, "one", "renamed", 1), false},
		"it gets a scope":        {line, line + ` {"statuses":["BOT"]}`, false},
		"its scope is another":   {line + ` {"labels":["a"]}`, line + ` {"labels":["a","b"]}`, false},
		"its scope goes":         {line + ` {"labels":["a"]}`, line, false},
		"its scope is the same":  {line + ` {"labels":["a"]}`, "# all\n" + line + ` { "labels": ["a"] }`, true},
		"there are no keys left": {line, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			path := keyFile(t, test.before)
			keys := watch(t, path)
			ctx, leave := context.WithCancel(t.Context())
			caller, err := keys.Authenticate(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			leave() // the request ends before the connection that it opened
			validity := auth.Validity(caller)
			assertValid(t, validity, true)
			write(t, path, test.after)
			keys.awaitLog("keys=")
			assertValid(t, validity, test.want)
		})
	}
}

// TestValidityOfAJWT has keys change, and time pass.
func TestValidityOfAJWT(t *testing.T) {
	old, next, unknown := ecKey(t, "old"), ecKey(t, "next"), ecKey(t, "unknown")
	i := newIssuer(t, old)
	tokens := newJWTs(i)
	ctx, leave := context.WithCancel(t.Context())
	caller, err := tokens.Authenticate(ctx, old.sign(t, i.claims(nil)))
	if err != nil {
		t.Fatal(err)
	}
	leave() // the request ends before the connection that it opened
	validity := auth.Validity(caller)
	fetch := func() { assertJWT(t, tokens, unknown.sign(t, i.claims(nil)), false) }
	assertValid(t, validity, true)
	i.publish(old, next)
	fetch()
	assertValid(t, validity, true)
	synctest.Test(t, func(t *testing.T) { // whose clock is that of the year 2000
		token := old.sign(t, i.claims(map[string]any{"exp": time.Now().Add(time.Minute).Unix()}))
		validity := auth.Validity(assertJWT(t, tokens, token, true))
		time.Sleep(2 * time.Minute) // with the leeway
		assertValid(t, validity, true)
		time.Sleep(time.Second)
		assertValid(t, validity, false)
	})
	i.down.Store(true)
	fetch()
	assertValid(t, validity, true)
	i.down.Store(false)
	i.publish(next)
	fetch()
	assertValid(t, validity, false)
}

// TestCallersWithoutCredentialsOfTheService: Texter decides how long its tokens are valid.
func TestCallersWithoutCredentialsOfTheService(t *testing.T) {
	ctx, err := auth.Bearer(requestWith(t, "Bearer t0ken"))
	if err != nil {
		t.Fatal(err)
	}
	another, err := auth.Bearer(requestWith(t, "Bearer t0ken2"))
	if err != nil {
		t.Fatal(err)
	}
	if auth.Validity(ctx) != nil || auth.Validity(t.Context()) != nil {
		t.Error("the service decides")
	}
	name := auth.Caller(ctx)
	if !strings.HasPrefix(name, "token:") || len(name) != len("token:")+16 || strings.Contains(name, "t0ken") || name == auth.Caller(another) {
		t.Errorf("the callers are %q and %q", name, auth.Caller(another))
	}
	if name := auth.Caller(t.Context()); name != "" {
		t.Errorf("nobody is %q", name)
	}
}
