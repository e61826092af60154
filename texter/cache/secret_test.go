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

// sealed is a body in the state that open expects, and what it was sealed for.
type sealed struct {
	sealer           sealer
	credential       credentialHash
	generation, name string
	bytes            []byte
}

// newSealed seals a body.
func newSealed(body string) sealed {
	c := newHasher("", []byte("secret")).credential("a")
	s := sealed{sealer{derive("key", "pages")}, c, "generation", "name", nil}
	s.bytes = s.sealer.seal(c, s.generation, s.name, time.Unix(1, 2), []byte(body))
	return s
}

func (s sealed) open() (string, time.Time, error) {
	body, askedAt, err := s.sealer.open(s.credential, s.generation, s.name, s.bytes)
	return string(body), askedAt, err
}

// tampered are changes after which a body must not open.
var tampered = map[string]func(*sealed){
	"another credential":        func(s *sealed) { s.credential[0]++ },
	"another generation":        func(s *sealed) { s.generation = "another" },
	"another name":              func(s *sealed) { s.name = "another" },
	"another key":               func(s *sealed) { s.sealer = sealer{derive("another", "pages")} },
	"a key for another purpose": func(s *sealed) { s.sealer = sealer{derive("key", "names")} },
	"a part of the bytes":       func(s *sealed) { s.bytes = s.bytes[:5] },
	"no time before the body": func(s *sealed) {
		s.bytes = s.sealer.cipher(s.credential, s.generation).Seal(nil, nil, make([]byte, 7), []byte(s.name))
	},
}

// TestSealer holds that a body opens only as it was sealed.
func TestSealer(t *testing.T) {
	for _, body := range []string{"", "body"} {
		t.Run("it opens: "+body, func(t *testing.T) {
			got, askedAt, err := newSealed(body).open()
			if got != body || !askedAt.Equal(time.Unix(1, 2)) || err != nil {
				t.Errorf("it is %q of %v, %v", got, askedAt, err)
			}
		})
	}
	for name, change := range tampered {
		t.Run("it does not open with "+name, func(t *testing.T) {
			s := newSealed("body")
			change(&s)
			if body, _, err := s.open(); err == nil {
				t.Errorf("it is %q", body)
			}
		})
	}
	t.Run("equal bodies are sealed into different bytes", func(t *testing.T) {
		if first, second := newSealed("body"), newSealed("body"); string(first.bytes) == string(second.bytes) {
			t.Error("they are equal")
		}
	})
}
