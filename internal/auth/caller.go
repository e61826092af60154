// Package auth finds out who calls. A service without a Texter token passes on
// the Texter token of each caller. A service with a Texter token has credentials
// of its own for callers: access keys and JSON Web Tokens.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

type callerKey struct{}

// Caller returns a name for the caller of the request that ctx belongs to, for
// logs and rate limits. The name is stable, and neither secret nor personal:
// key:NAME for an access key, jwt:HASH for the subject of a JWT, token:HASH for a
// Texter token that is passed on. It is empty if the service asks callers for no
// credentials.
func Caller(ctx context.Context) string {
	caller, _ := ctx.Value(callerKey{}).(string)
	return caller
}

func withCaller(ctx context.Context, caller string) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// shortHash returns 64 bits of SHA-256: enough to distinguish values, and too
// little to find them.
func shortHash(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}
