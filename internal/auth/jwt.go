package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"time"

	"github.com/hashicorp/golang-lru/v2"
)

// JWTOptions configure JWTs.
type JWTOptions struct {
	// Issuer is the URL that tokens must name as their issuer.
	Issuer string
	// KeysURL is where the issuer's JSON Web Key Set is; empty to find it by
	// OpenID Connect Discovery.
	KeysURL string
	// Audience is what tokens must name as, or among, their audiences.
	Audience string
	// Leeway is how far the issuer's clock may be from this one.
	Leeway time.Duration
	// ScopeClaim names the claim that has a token's scope, which it then must
	// have: see scope.Parse. Empty lets every token see the whole project.
	ScopeClaim string
	// Logger is told when the keys can't be had.
	Logger *slog.Logger
	// RefreshInterval is how often to look for new keys; 0 is every hour.
	RefreshInterval time.Duration
	// RetryInterval is the least time between two looks for keys, after a
	// failed one and for tokens of a key that is not known; 0 is 10 seconds.
	RetryInterval time.Duration
}

// JWTs are Credentials: JSON Web Tokens (RFC 7519) that one issuer has signed
// for one audience. They must have a subject and an expiry.
type JWTs struct {
	options  JWTOptions
	keys     *keySet
	accepted *lru.Cache[[sha256.Size]byte, accepted] // by the hash of the token
}

// maxAccepted is how many tokens are remembered, to look at their signatures
// only once.
const maxAccepted = 10_000

// NewJWTs makes the credentials. Their keys are fetched when they are needed,
// and by Watch.
func NewJWTs(o JWTOptions) *JWTs {
	if o.RefreshInterval == 0 {
		o.RefreshInterval = time.Hour
	}
	if o.RetryInterval == 0 {
		o.RetryInterval = 10 * time.Second
	}
	remembered, err := lru.New[[sha256.Size]byte, accepted](maxAccepted)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &JWTs{options: o, keys: newKeySet(o.Issuer, o.KeysURL), accepted: remembered}
}

// Watch looks for new keys, and for keys that are no longer good, until ctx
// ends. While they can't be had, those of before stay good.
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
// reports whether that went well.
func (j *JWTs) refresh(ctx context.Context, minAge time.Duration) bool {
	err := j.keys.refresh(ctx, minAge)
	if err != nil && ctx.Err() == nil {
		j.options.Logger.ErrorContext(ctx, "the keys of -jwt-issuer can't be had", "reason", err.Error())
	}
	return err == nil
}
