package auth

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"texter-graphql/internal/refusal"
	"texter-graphql/texter/scope"
)

// verified is the content of a token that was verified.
type verified struct {
	caller  string
	scope   scope.Scope
	expires time.Time
	keys    *[]jose.JSONWebKey // the set of keys that it was verified with
}

// algorithms are those that tokens may be signed with: all that sign with a
// private key and verify with a public one.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA, ed25519Name,
}

// Authenticate implements Credentials. Its error is a *refusal.Error as long as
// the issuer's keys have never been fetched.
func (j *JWTs) Authenticate(ctx context.Context, token string) (context.Context, error) {
	hash := sha256.Sum256([]byte(token))
	v, _ := j.verified.Get(hash) // if there is none, it has expired
	if v.keys != j.keys.published.Load() || time.Now().After(v.expires) {
		var err error
		if v, err = j.verify(ctx, token); err != nil {
			return nil, err
		}
		j.verified.Add(hash, v)
	}
	id := &identity{name: v.caller, kind: j, token: token, expires: v.expires}
	return scope.NewContext(withCaller(ctx, id), v.scope), nil
}

func (j *JWTs) version() uint64 { return j.keys.changes.Load() }

func (j *JWTs) verify(ctx context.Context, token string) (verified, error) {
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return verified{}, reasonOfParsing(err)
	}
	set, keys, err := j.find(ctx, parsed.Headers[0])
	if err != nil {
		return verified{}, err
	}
	if len(keys) == 0 {
		return verified{}, UnknownKey
	}
	for _, key := range keys {
		var claims jwt.Claims
		var all map[string]json.RawMessage
		err = parsed.Claims(verificationKey(key, parsed.Headers[0].Algorithm), &claims, &all)
		if err == nil {
			v, err := j.checkClaims(claims, all)
			v.keys = set
			return v, err
		}
	}
	if errors.Is(err, jose.ErrCryptoFailure) {
		return verified{}, BadSignature
	}
	return verified{}, Malformed
}

// find returns the keys that can have signed a token with this header, and the set
// that they belong to. If the key is unknown, it fetches the keys again: the
// issuer may have a new one.
func (j *JWTs) find(ctx context.Context, header jose.Header) (set *[]jose.JSONWebKey, keys []jose.JSONWebKey, err error) {
	if set, keys = j.keys.find(header); len(keys) > 0 {
		return set, keys, nil
	}
	// All callers need the keys: the fetch goes on when this one leaves.
	j.refresh(context.WithoutCancel(ctx), j.options.RetryInterval)
	if set, keys = j.keys.find(header); set == nil {
		return nil, nil, &refusal.Error{
			Status:     http.StatusServiceUnavailable,
			Message:    "The issuer of the tokens can't be reached.",
			RetryAfter: j.options.RetryInterval,
			Reason:     string(KeysUnavailable),
		}
	}
	return set, keys, nil
}

// checkClaims checks the claims of a token whose signature is right.
func (j *JWTs) checkClaims(claims jwt.Claims, all map[string]json.RawMessage) (verified, error) {
	expected := jwt.Expected{Issuer: j.options.Issuer, AnyAudience: jwt.Audience{j.options.Audience}}
	switch err := claims.ValidateWithLeeway(expected, j.options.Leeway); {
	case err != nil:
		return verified{}, reasonOfClaims(err)
	case claims.Expiry == nil:
		return verified{}, NoExpiry
	case claims.Subject == "":
		return verified{}, NoSubject
	}
	// A subject may be a name or an email address, so that logs get its hash.
	v := verified{caller: "jwt:" + shortHash(claims.Issuer+" "+claims.Subject), expires: claims.Expiry.Time().Add(j.options.Leeway)}
	if j.options.ScopeClaim == "" {
		return v, nil
	}
	var err error
	if v.scope, err = scope.Parse(all[j.options.ScopeClaim]); err != nil {
		return verified{}, BadScope
	}
	return v, nil
}
