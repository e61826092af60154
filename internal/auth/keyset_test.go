package auth

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"texter-graphql/internal/refusal"
)

// roundTripper answers in place of an issuer.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// silent never answers.
func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestASilentIssuerIsGivenUp: requests with unknown keys wait for the fetch.
func TestASilentIssuerIsGivenUp(t *testing.T) {
	for name, url := range map[string]string{"of its keys": "https://issuer.example/keys", "of the discovery document": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				keys := newKeySet("https://issuer.example", url)
				keys.client.Transport = roundTripper(silent)
				began := time.Now()
				err := keys.refresh(t.Context(), 0)
				if took := time.Since(began); err == nil || took != 5*time.Second {
					t.Errorf("got %v after %v", err, took)
				}
			})
		})
	}
}

// fetched are JWTs of an issuer that fails until some time.
type fetched struct {
	*JWTs
	at   []time.Duration // when the keys were asked for, from the beginning
	open int             // answers that are not closed, so that their connections can't be used again
}

// answer is the body of an answer.
type answer struct {
	io.Reader
	close func()
}

func (a answer) Close() error {
	a.close()
	return nil
}

func newFetched(t *testing.T, failsFor time.Duration) *fetched {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &fetched{JWTs: NewJWTs(JWTOptions{KeysURL: "https://issuer.example/keys", Logger: slog.New(slog.DiscardHandler)})}
	began := time.Now()
	f.keys.client.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
		if f.at = append(f.at, time.Since(began)); len(f.at) > 20 { // without a rest between them, this would never end
			t.Fatalf("they are fetched at %v", f.at)
		}
		if time.Since(began) < failsFor {
			return nil, errors.New("down")
		}
		w := httptest.NewRecorder()
		err := json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: public, KeyID: "1"}}})
		res := w.Result()
		f.open++
		res.Body = answer{res.Body, func() { f.open-- }}
		return res, err
	})
	return f
}

// assert fails unless the keys were fetched at these times.
func (f *fetched) assert(t *testing.T, want ...time.Duration) {
	t.Helper()
	if !slices.Equal(f.at, want) || f.open != 0 {
		t.Errorf("they were fetched at %v, want %v; %d answers are open", f.at, want, f.open)
	}
}

// TestTimesOfFetches: without settings, the keys are fetched each hour; after a
// failure, and because of tokens with unknown keys, each 10 seconds.
func TestTimesOfFetches(t *testing.T) {
	const soon = 10 * time.Second
	t.Run("by Watch", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFetched(t, 15*time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
			defer cancel()
			f.Watch(ctx)
			f.assert(t, 0, soon, 2*soon, 2*soon+time.Hour, 2*soon+2*time.Hour)
		})
	})
	t.Run("the end of the program is not logged as a failure", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var log strings.Builder
			f := newFetched(t, 0)
			f.options.Logger = slog.New(slog.NewTextHandler(&log, nil))
			f.keys.client.Transport = roundTripper(silent)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			f.Watch(ctx)
			if log.String() != "" {
				t.Error(log.String())
			}
		})
	})
	t.Run("because of tokens", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFetched(t, soon)
			known, unknown := jose.Header{KeyID: "1", Algorithm: "EdDSA"}, jose.Header{KeyID: "2", Algorithm: "EdDSA"}
			_, _, err := f.find(t.Context(), known)
			if refused, ok := errors.AsType[*refusal.Error](err); !ok || refused.RetryAfter != soon {
				t.Errorf("got %v", err)
			}
			time.Sleep(soon - time.Nanosecond)
			_, _, _ = f.find(t.Context(), known)
			f.assert(t, 0)
			time.Sleep(time.Nanosecond)
			for range 2 {
				if _, keys, err := f.find(t.Context(), known); len(keys) != 1 || err != nil {
					t.Errorf("got %v, %v", keys, err)
				}
				time.Sleep(soon)
				if _, keys, err := f.find(t.Context(), unknown); len(keys) != 0 || err != nil {
					t.Errorf("got %v, %v", keys, err)
				}
				time.Sleep(time.Hour)
			}
			f.assert(t, 0, soon, 2*soon, 3*soon+time.Hour)
		})
	})
}
