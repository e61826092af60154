package cache

import (
	"testing"

	"texter-graphql/texter"
)

// TestKeys: who, where and what each tell keys apart, and so does the process.
func TestKeys(t *testing.T) {
	seen := map[key]bool{}
	for _, where := range []string{"", "c", "https://acme.example"} {
		keys := newKeys(where, []byte("secret"))
		for _, who := range []string{"a", "b", "ab", "abc", "a\x00"} {
			for _, limit := range []int{0, 1, 11} {
				o := texter.SearchOptions{Limit: limit}
				once, again := keys.of(who, o), keys.of(who, o)
				seen[once] = true
				if once != again {
					t.Error("a key differs from itself")
				}
			}
		}
	}
	if len(seen) != 3*5*3 {
		t.Errorf("%d keys", len(seen))
	}
	keys := newKeys("", []byte("secret"))
	if keys.hash("a", "bc") == keys.hash("ab", "c") || keys.hash("a", "") == keys.hash("a") {
		t.Error("parts run together")
	}
	if keys.hash("a") == newKeys("", []byte("another")).hash("a") {
		t.Error("the hash has no secret")
	}
}
