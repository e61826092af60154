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

// accepted is what an accepted token says.
type accepted struct {
	caller  string
	scope   scope.Scope
	expires time.Time
	keys    *[]jose.JSONWebKey // those that it was accepted by
}

// algorithms are those by which tokens may be signed: all that need a private
// key to sign and a public one to verify.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

var errBadToken = errors.New("the token is not accepted")

// Authenticate implements Credentials. While no keys could be had yet, its
// error is a *refusal.Error.
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
		return nil, nil, &refusal.Error{
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
