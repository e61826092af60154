// Package auth finds out who calls. A service without a Texter token passes on
// the Texter token of each caller. A service with a Texter token has credentials
// of its own for callers: access keys and JSON Web Tokens.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync/atomic"
	"time"

	"texter-graphql/texter/scope"
)

type callerKey struct{}

// Caller returns a name for the caller of the request that ctx belongs to, for
// logs and rate limits. The name is stable, and neither secret nor personal:
// key:NAME for an access key, jwt:HASH for the subject of a JWT, token:HASH for a
// Texter token that is passed on. It is empty if the service asks callers for no
// credentials.
func Caller(ctx context.Context) string {
	if id, ok := ctx.Value(callerKey{}).(*identity); ok {
		return id.name
	}
	return ""
}

// identity is who calls, and by which credential.
type identity struct {
	name string
	// The rest is set if the credential can end.
	kind    endable
	token   string
	expires time.Time     // zero if it does not by itself
	checked atomic.Uint64 // the version of kind that Validity last found to accept the token
}

// endable are credentials that are not accepted for ever. Authenticate does not end
// with its context.
type endable interface {
	Credentials
	// version changes whenever credentials may have been withdrawn.
	version() uint64
}

func withCaller(ctx context.Context, id *identity) context.Context {
	return context.WithValue(ctx, callerKey{}, id)
}

// Validity returns a function that reports whether the credential that let in the
// caller of ctx would still let in the same caller, with the same scope. That takes no
// time as long as the file of access keys and the issuer's keys stay as they are. It
// returns nil for a Texter token that is passed on: Texter decides that.
func Validity(ctx context.Context) func() bool {
	id, ok := ctx.Value(callerKey{}).(*identity)
	if !ok || id.kind == nil {
		return nil
	}
	return func() bool { return id.valid(ctx) }
}

func (id *identity) valid(ctx context.Context) bool {
	if !id.expires.IsZero() && time.Now().After(id.expires) {
		return false
	}
	version := id.kind.version()
	if id.checked.Load() == version {
		return true
	}
	now, err := id.kind.Authenticate(ctx, id.token) // although ctx may have ended
	if err != nil || Caller(now) != id.name || !scope.Same(ctx, now) {
		return false
	}
	id.checked.Store(version)
	return true
}

// shortHash returns 64 bits of SHA-256: enough to distinguish values, and too
// little to find them.
func shortHash(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}
