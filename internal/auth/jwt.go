package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"time"

	"github.com/hashicorp/golang-lru/v2"
)

// JWTOptions configure JWTs.
type JWTOptions struct {
	// Issuer is the URL that tokens must have as their issuer (iss).
	Issuer string
	// KeysURL is the URL of the issuer's JSON Web Key Set; empty to find it by
	// OpenID Connect Discovery.
	KeysURL string
	// Audience is what tokens must have as their audience, or as one of them
	// (aud).
	Audience string
	// Leeway is how much the issuer's clock may differ from this one.
	Leeway time.Duration
	// ScopeClaim is the name of the claim with a token's scope: see scope.Parse.
	// A token without the claim is refused. If ScopeClaim is empty, every token is
	// for the whole project.
	ScopeClaim string
	// Logger logs that the keys can't be fetched.
	Logger *slog.Logger
	// RefreshInterval is the time between two fetches of the keys; 0 means an
	// hour.
	RefreshInterval time.Duration
	// RetryInterval is the time until the next fetch after one that failed, and
	// the shortest time between two fetches because of tokens with an unknown key;
	// 0 means 10 seconds.
	RetryInterval time.Duration
}

// JWTs are Credentials: JSON Web Tokens (RFC 7519) of one issuer, for one
// audience. They must have a subject (sub) and an expiry (exp).
type JWTs struct {
	options  JWTOptions
	keys     *keySet
	verified *lru.Cache[[sha256.Size]byte, verified] // by the hash of the token
}

// maxVerified is how many tokens are remembered, so that their signatures are
// verified only once.
const maxVerified = 10_000

// NewJWTs returns the credentials. Authenticate fetches the issuer's keys when it
// needs them; Watch keeps them up to date.
func NewJWTs(o JWTOptions) *JWTs {
	if o.RefreshInterval == 0 {
		o.RefreshInterval = time.Hour
	}
	if o.RetryInterval == 0 {
		o.RetryInterval = 10 * time.Second
	}
	remembered, _ := lru.New[[sha256.Size]byte, verified](maxVerified) // errors only for a size below one
	return &JWTs{options: o, keys: newKeySet(o.Issuer, o.KeysURL), verified: remembered}
}

// Watch fetches the issuer's keys again and again, until ctx ends. Keys that the
// issuer has withdrawn become invalid. While the keys can't be fetched, the
// previous keys stay valid.
func (j *JWTs) Watch(ctx context.Context) {
	for {
		wait := j.options.RefreshInterval
		if !j.refresh(ctx, 0) {
			wait = j.options.RetryInterval
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// refresh fetches the keys, unless they were fetched less than minAge ago. It
// reports whether there was no error, and logs it otherwise.
func (j *JWTs) refresh(ctx context.Context, minAge time.Duration) bool {
	err := j.keys.refresh(ctx, minAge)
	if err != nil && !errors.Is(err, context.Canceled) {
		j.options.Logger.ErrorContext(ctx, "the keys of -jwt-issuer can't be fetched", "reason", err.Error())
	}
	return err == nil
}
