package auth

import (
	"errors"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Reason is why a credential is refused, for the log: callers are not told, since
// it would help them to guess. It is one of the constants, and holds nothing of
// the credential.
type Reason string

// The reasons.
const (
	// NoCredential: the request has no Authorization header.
	NoCredential Reason = "no credential"
	// Malformed: the header has no bearer token, or the token is none of the kinds
	// that callers can send.
	Malformed Reason = "malformed"
	// UnknownAccessKey: no access key of the file.
	UnknownAccessKey Reason = "unknown access key"
	// Algorithm: the JSON Web Token is signed by an algorithm that is not accepted.
	Algorithm Reason = "algorithm"
	// UnknownKey: the issuer has no key with the token's key id and algorithm.
	UnknownKey Reason = "unknown key"
	// KeysUnavailable: the keys of the issuer could never be fetched.
	KeysUnavailable Reason = "keys unavailable"
	// BadSignature: the signature is not that of the issuer's key.
	BadSignature Reason = "bad signature"
	// WrongIssuer: iss is not -jwt-issuer.
	WrongIssuer Reason = "issuer"
	// WrongAudience: aud does not hold -jwt-audience.
	WrongAudience Reason = "audience"
	// Expired: exp is over.
	Expired Reason = "expired"
	// NoExpiry: there is no exp.
	NoExpiry Reason = "no expiry"
	// NotYetValid: nbf or iat is in the future.
	NotYetValid Reason = "not yet valid"
	// NoSubject: there is no sub.
	NoSubject Reason = "no subject"
	// BadScope: the claim of -jwt-scope-claim is missing, or is no scope.
	BadScope Reason = "scope"
)

// Error makes a Reason an error.
func (r Reason) Error() string { return string(r) }

// reasonOfParsing is why a text can't be parsed as a JSON Web Token.
func reasonOfParsing(err error) Reason {
	if _, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return Algorithm
	}
	return Malformed
}

// reasonOfClaims is why the claims of a token are not valid.
func reasonOfClaims(err error) Reason {
	switch {
	case errors.Is(err, jwt.ErrInvalidIssuer):
		return WrongIssuer
	case errors.Is(err, jwt.ErrInvalidAudience):
		return WrongAudience
	case errors.Is(err, jwt.ErrExpired):
		return Expired
	case errors.Is(err, jwt.ErrNotValidYet), errors.Is(err, jwt.ErrIssuedInTheFuture):
		return NotYetValid
	}
	return Malformed
}
