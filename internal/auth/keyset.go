package auth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"texter-graphql/internal/failure"
	"texter-graphql/texter"
)

const (
	// keysTimeout bounds one fetch of the keys.
	keysTimeout = 5 * time.Second
	// maxKeysBytes bounds an answer of the issuer.
	maxKeysBytes = 1 << 20
	// minRSABits is the smallest size of an RSA key: RFC 7518, section 3.3.
	minRSABits = 2048
)

// keySet holds the public keys of an issuer.
type keySet struct {
	issuer    string
	url       string // empty to find it by discovery
	client    *http.Client
	published atomic.Pointer[[]jose.JSONWebKey] // nil until the first fetch
	changes   atomic.Uint64                     // of published

	mu        sync.Mutex // held during a fetch
	fetchedAt time.Time  // the end of the last fetch, which may have failed
}

func newKeySet(issuer, url string) *keySet {
	return &keySet{issuer: issuer, url: url, client: &http.Client{
		// A redirect could lead to plain http. Issuers need none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// find returns the keys that can have made a signature with this header, and the
// set that they belong to. The set is nil before the first fetch. A token needs no
// key id if the set has one key: OpenID Connect Core 1.0, section 10.1.
func (s *keySet) find(header jose.Header) (set *[]jose.JSONWebKey, keys []jose.JSONWebKey) {
	if set = s.published.Load(); set == nil {
		return nil, nil
	}
	for _, key := range *set {
		isOnly := header.KeyID == "" && len(*set) == 1
		if (isOnly || key.KeyID == header.KeyID) && isFor(key, header.Algorithm) {
			keys = append(keys, key)
		}
	}
	return set, keys
}

// refresh fetches the keys, unless the last fetch was less than minAge ago. There
// is one fetch at a time.
func (s *keySet) refresh(ctx context.Context, minAge time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.fetchedAt) < minAge {
		return nil
	}
	defer func() { s.fetchedAt = time.Now() }()
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	url := s.url
	if url == "" {
		var err error
		if url, err = s.discover(ctx); err != nil {
			return err
		}
	}
	var set struct{ Keys []json.RawMessage }
	if err := s.load(ctx, "the key set", url, &set); err != nil {
		return err
	}
	keys := verificationKeys(set.Keys)
	if len(keys) == 0 {
		return errors.New("the key set has no key that a signature can be verified by")
	}
	s.published.Store(&keys)
	s.changes.Add(1)
	return nil
}

// discover asks the issuer for the URL of its keys: OpenID Connect Discovery 1.0,
// section 4.
func (s *keySet) discover(ctx context.Context) (url string, err error) {
	var provider struct {
		Issuer  string
		KeysURL string `json:"jwks_uri"`
	}
	if err := s.load(ctx, "the discovery document", strings.TrimSuffix(s.issuer, "/")+"/.well-known/openid-configuration", &provider); err != nil {
		return "", err
	}
	if provider.Issuer != s.issuer {
		return "", errors.New("the discovery document has another issuer: -jwt-issuer must be exactly as there")
	}
	withoutQuery, _, _ := strings.Cut(provider.KeysURL, "?")
	if texter.CheckBaseURL(withoutQuery) != nil {
		return "", errors.New("the discovery document has no jwks_uri of https")
	}
	return provider.KeysURL, nil
}

// load reads JSON from a URL. Its error has the name, but not the URL, whose query
// may hold a secret.
func (s *keySet) load(ctx context.Context, name, url string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return fmt.Errorf("%s has no valid URL", name)
	}
	res, err := s.client.Do(r)
	if errors.Is(err, context.Canceled) {
		return context.Canceled // the program ends
	}
	if err != nil {
		return fmt.Errorf("%s can't be fetched: %s", name, failure.Of(err)) // err itself quotes the URL
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered with HTTP status %d", name, res.StatusCode)
	}
	if json.NewDecoder(io.LimitReader(res.Body, maxKeysBytes)).Decode(into) != nil {
		return fmt.Errorf("%s is not JSON of the expected form", name)
	}
	return nil
}

// verificationKeys returns the keys of a set that are public and for signatures.
// The set may have other keys, of kinds that are unknown here.
func verificationKeys(set []json.RawMessage) []jose.JSONWebKey {
	var keys []jose.JSONWebKey
	for _, text := range set {
		var key jose.JSONWebKey
		var more struct {
			Operations []string `json:"key_ops"`
		}
		if json.Unmarshal(text, &key) != nil || json.Unmarshal(text, &more) != nil || !canVerify(more.Operations) || !key.IsPublic() || key.Use != "" && key.Use != "sig" {
			continue
		}
		if public, ok := key.Key.(*rsa.PublicKey); ok && public.N.BitLen() < minRSABits {
			continue
		}
		keys = append(keys, key)
	}
	return keys
}
