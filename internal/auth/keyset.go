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

	"texter-graphql/texter"
)

const (
	// keysTimeout bounds the fetching of keys.
	keysTimeout = 5 * time.Second
	// maxKeysBytes bounds what an issuer answers.
	maxKeysBytes = 1 << 20
	// minRSABits is the least size of an RSA key: RFC 7518, section 3.3.
	minRSABits = 2048
)

// keySet are the public keys of an issuer.
type keySet struct {
	issuer string
	url    string // empty to be found by discovery
	client *http.Client
	all    atomic.Pointer[[]jose.JSONWebKey] // nil until they are fetched

	mu      sync.Mutex // held while fetching
	fetched time.Time  // when that was last tried
}

func newKeySet(issuer, url string) *keySet {
	return &keySet{issuer: issuer, url: url, client: &http.Client{
		// A redirect could lead off to plain http, and issuers need none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// find returns the keys that a signature with this header can be of, and the
// set that they are of, nil if there is none yet. The header's algorithm has to
// be the key's own, if that has one.
func (s *keySet) find(header jose.Header) (set *[]jose.JSONWebKey, keys []jose.JSONWebKey) {
	if set = s.all.Load(); set == nil {
		return nil, nil
	}
	for _, key := range *set {
		if key.KeyID == header.KeyID && (key.Algorithm == "" || key.Algorithm == header.Algorithm) {
			keys = append(keys, key)
		}
	}
	return set, keys
}

// refresh fetches the keys, unless that was tried less than minAge ago. Calls
// at the same time wait for each other.
func (s *keySet) refresh(ctx context.Context, minAge time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.fetched) < minAge {
		return nil
	}
	defer func() { s.fetched = time.Now() }()
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
	s.all.Store(&keys)
	return nil
}

// discover asks the issuer where its keys are: OpenID Connect Discovery 1.0,
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
		return "", errors.New("the discovery document is of another issuer: -jwt-issuer must be as there, to the letter")
	}
	withoutQuery, _, _ := strings.Cut(provider.KeysURL, "?")
	if texter.CheckBaseURL(withoutQuery) != nil {
		return "", errors.New("the discovery document has no jwks_uri of https")
	}
	return provider.KeysURL, nil
}

// load reads a JSON text from a URL. Its error calls it by name: the URL's query
// may hold a key.
func (s *keySet) load(ctx context.Context, name, url string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return fmt.Errorf("%s has no valid URL", name)
	}
	res, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("%s can't be fetched: %w", name, errors.Unwrap(err)) // err itself quotes the URL
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered by %d", name, res.StatusCode)
	}
	if json.NewDecoder(io.LimitReader(res.Body, maxKeysBytes)).Decode(into) != nil {
		return fmt.Errorf("%s is not JSON of the right form", name)
	}
	return nil
}

// verificationKeys are those keys of a set that are public and for signatures.
// Others are left out: a set may have kinds of keys that are not known here.
func verificationKeys(set []json.RawMessage) []jose.JSONWebKey {
	var keys []jose.JSONWebKey
	for _, text := range set {
		var key jose.JSONWebKey
		if json.Unmarshal(text, &key) != nil || !key.Valid() || !key.IsPublic() || key.Use != "" && key.Use != "sig" {
			continue
		}
		if public, ok := key.Key.(*rsa.PublicKey); ok && public.N.BitLen() < minRSABits {
			continue
		}
		keys = append(keys, key)
	}
	return keys
}
