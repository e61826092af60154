// Package auth says who calls. A service that holds no token passes the
// caller's own Texter token through; one that holds a token lets callers in by
// credentials of its own.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

type callerKey struct{}

// Caller names who sent the request that ctx belongs to, for logs and rate
// limits. It is stable and neither secret nor personal: key:NAME for an access
// key, jwt:HASH for the subject of a JWT, token:HASH for a Texter token that is passed through. It is empty if
// callers need not say who they are.
func Caller(ctx context.Context) string {
	if caller, ok := ctx.Value(callerKey{}).(string); ok {
		return caller
	}
	if token, err := Token(ctx); err == nil {
		return "token:" + shortHash(token)
	}
	return ""
}

func withCaller(ctx context.Context, caller string) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// shortHash tells values apart without giving them away: 64 bits of SHA-256.
func shortHash(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}
