package transport_test

import (
	"net/http"
	"testing"
)

// TestHalfCharacters has escape sequences of surrogates, in pairs and alone.
func TestHalfCharacters(t *testing.T) {
	for _, test := range []struct {
		name, variables string
		status          int
	}{
		{"a pair", `{"a":"\uD83D\uDE00"}`, 200},
		{"a pair in the name of a member", `{"\uD83D\uDE00":1}`, 200},
		{"a backslash before the letter u", `{"a":"\\uD83D"}`, 200},
		{"a leading half", `{"a":"\uD83D"}`, 400},
		{"a leading half before another escape", `{"a":"\uD83D\n\uDE00"}`, 400},
		{"a trailing half", `{"a":"\uDE00"}`, 400},
		{"two leading halves", `{"a":"\uD83D\uD83D\uDE00"}`, 400},
		{"a half behind a pair", `{"a":"\uD83D\uDE00\uDE00"}`, 400},
		{"a half in the name of a member", `{"\uDE00":1}`, 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			if w, _ := serve(post(`{"query":"{__typename}","variables":` + test.variables + `}`)); w.Code != test.status {
				t.Errorf("status %d, want %d: %s", w.Code, test.status, w.Body)
			}
		})
	}
	t.Run("a half in a GET request", func(t *testing.T) {
		r := newRequest(http.MethodGet, "/?query={__typename}&variables=%7B%22a%22%3A%22%5CuD83D%22%7D", "")
		if w, _ := serve(r); w.Code != 400 {
			t.Errorf("status %d", w.Code)
		}
	})
}
