package auth

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// silent never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestASilentIssuerIsGivenUp: requests with unknown keys wait for the fetch.
func TestASilentIssuerIsGivenUp(t *testing.T) {
	for name, url := range map[string]string{"of its keys": "https://issuer.example/keys", "of the discovery document": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				keys := newKeySet("https://issuer.example", url)
				keys.client.Transport = silent{}
				began := time.Now()
				err := keys.refresh(t.Context(), 0)
				if took := time.Since(began); err == nil || took != 5*time.Second {
					t.Errorf("got %v after %v", err, took)
				}
			})
		})
	}
}
