package auth

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/hashicorp/golang-lru/v2"

	"texter-graphql/graph/transport"
	"texter-graphql/texter/scope"
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

// accepted is what an accepted token says.
type accepted struct {
	caller  string
	scope   scope.Scope
	expires time.Time
	keys    *[]jose.JSONWebKey // those that it was accepted by
}

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

// algorithms are those by which tokens may be signed: all that need a private
// key to sign and a public one to verify.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

var errBadToken = errors.New("the token is not accepted")

// Authenticate implements Credentials. While no keys could be had yet, its
// error is a *transport.Refusal.
func (j *JWTs) Authenticate(ctx context.Context, token string) (context.Context, error) {
	hash := sha256.Sum256([]byte(token))
	a, ok := j.accepted.Get(hash)
	if !ok || a.keys != j.keys.all.Load() || time.Now().After(a.expires) {
		var err error
		if a, err = j.verify(ctx, token); err != nil {
			return nil, err
		}
		j.accepted.Add(hash, a)
	}
	return scope.NewContext(withCaller(ctx, a.caller), a.scope), nil
}

func (j *JWTs) verify(ctx context.Context, token string) (accepted, error) {
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return accepted{}, errBadToken
	}
	set, keys, err := j.find(ctx, parsed.Headers[0])
	if err != nil {
		return accepted{}, err
	}
	for _, key := range keys {
		var claims jwt.Claims
		var all map[string]json.RawMessage
		if parsed.Claims(key, &claims, &all) == nil {
			a, err := j.accept(claims, all)
			a.keys = set
			return a, err
		}
	}
	return accepted{}, errBadToken
}

// find returns the keys that a token can be signed with by its header, and the
// set that they are of. Where the header names one that is not known, the
// issuer may have a new one.
func (j *JWTs) find(ctx context.Context, header jose.Header) (set *[]jose.JSONWebKey, keys []jose.JSONWebKey, err error) {
	if set, keys = j.keys.find(header); len(keys) > 0 {
		return set, keys, nil
	}
	// The keys are for all callers: one who leaves does not end the search.
	j.refresh(context.WithoutCancel(ctx), j.options.RetryInterval)
	if set, keys = j.keys.find(header); set == nil {
		return nil, nil, &transport.Refusal{
			Status:     http.StatusServiceUnavailable,
			Message:    "The issuer of the tokens can't be reached.",
			RetryAfter: j.options.RetryInterval,
		}
	}
	return set, keys, nil
}

// accept checks the claims of a token whose signature is good.
func (j *JWTs) accept(claims jwt.Claims, all map[string]json.RawMessage) (accepted, error) {
	expected := jwt.Expected{Issuer: j.options.Issuer, AnyAudience: jwt.Audience{j.options.Audience}}
	if claims.ValidateWithLeeway(expected, j.options.Leeway) != nil || claims.Expiry == nil || claims.Subject == "" {
		return accepted{}, errBadToken
	}
	// A subject may be a name or an email address, which is nobody's business.
	a := accepted{caller: "jwt:" + shortHash(claims.Issuer+" "+claims.Subject), expires: claims.Expiry.Time().Add(j.options.Leeway)}
	if j.options.ScopeClaim == "" {
		return a, nil
	}
	var err error
	if a.scope, err = scope.Parse(all[j.options.ScopeClaim]); err != nil {
		return accepted{}, errBadToken
	}
	return a, nil
}
