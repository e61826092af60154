package cache

import (
	"testing"
	"time"

	"texter-graphql/texter"
)

// TestKeys holds what makes two keys different.
func TestKeys(t *testing.T) {
	t.Run("the credential, the base URL and the search", func(t *testing.T) {
		seen := map[key]bool{}
		for _, baseURL := range []string{"", "c", "https://acme.example"} {
			h := newHasher(baseURL, []byte("secret"))
			for _, credential := range []string{"a", "b", "ab", "abc", "a\x00"} {
				for _, limit := range []int{0, 1, 11} {
					o := texter.SearchOptions{Limit: limit}
					k := h.key(credential, o)
					if k != h.key(credential, o) {
						t.Error("a key differs from itself")
					}
					seen[k] = true
				}
			}
		}
		if len(seen) != 3*5*3 {
			t.Errorf("%d keys", len(seen))
		}
	})
	t.Run("where one part ends and the next one begins", func(t *testing.T) {
		h := newHasher("", []byte("secret"))
		if h.hash("a", "bc") == h.hash("ab", "c") || h.hash("a", "") == h.hash("a") {
			t.Error("two lists of parts have one hash")
		}
	})
	t.Run("the secret", func(t *testing.T) {
		if newHasher("", []byte("secret")).hash("a") == newHasher("", []byte("another")).hash("a") {
			t.Error("two secrets make one hash")
		}
	})
}

// TestSealer holds that a body can be opened only as it was sealed.
func TestSealer(t *testing.T) {
	h := newHasher("", []byte("secret"))
	s := sealer{derive("key", "pages")}
	c, askedAt := h.credential("a"), time.Unix(1, 2)
	sealed := s.seal(c, "generation", "name", askedAt, []byte("body"))
	t.Run("with the same credential, generation and name it opens", func(t *testing.T) {
		body, at, err := s.open(c, "generation", "name", sealed)
		if string(body) != "body" || !at.Equal(askedAt) || err != nil {
			t.Errorf("it is %q of %v, %v", body, at, err)
		}
	})
	for name, open := range map[string]func() ([]byte, time.Time, error){
		"with another credential it does not": func() ([]byte, time.Time, error) { return s.open(h.credential("b"), "generation", "name", sealed) },
		"with another generation it does not": func() ([]byte, time.Time, error) { return s.open(c, "another", "name", sealed) },
		"under another name it does not":      func() ([]byte, time.Time, error) { return s.open(c, "generation", "another", sealed) },
		"with another key it does not": func() ([]byte, time.Time, error) {
			return sealer{derive("another", "pages")}.open(c, "generation", "name", sealed)
		},
		"with a key for another purpose it does not": func() ([]byte, time.Time, error) {
			return sealer{derive("key", "names")}.open(c, "generation", "name", sealed)
		},
		"without a time it does not": func() ([]byte, time.Time, error) {
			short := s.cipher(c, "generation").Seal(nil, nil, make([]byte, 7), []byte("name"))
			return s.open(c, "generation", "name", short)
		},
		"cut off it does not": func() ([]byte, time.Time, error) { return s.open(c, "generation", "name", sealed[:5]) },
	} {
		t.Run(name, func(t *testing.T) {
			if body, _, err := open(); err == nil {
				t.Errorf("it is %q", body)
			}
		})
	}
	t.Run("equal bodies are sealed into different bytes", func(t *testing.T) {
		if string(s.seal(c, "generation", "name", askedAt, []byte("body"))) == string(sealed) {
			t.Error("they are equal")
		}
	})
	t.Run("an empty body opens", func(t *testing.T) {
		body, _, err := s.open(c, "generation", "name", s.seal(c, "generation", "name", askedAt, nil))
		if err != nil || len(body) != 0 {
			t.Errorf("it is %q, %v", body, err)
		}
	})
}
