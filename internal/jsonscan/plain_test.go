package jsonscan

import (
	"fmt"
	"strings"
	"testing"
)

// TestPlainValuesAreFound in a longer text, and others are not.
func TestPlainValuesAreFound(t *testing.T) {
	for value, plain := range map[string]bool{
		`""`: true, `"é"`: true, `"a\n"`: false, "0": true, "-12": true, "01": false, "-": false, "1.5": false, "1e3": false, "true": true, "false": true,
		"null": true, "nul": false, "{}": true, "[]": true, `{"a":[1,{"b":null}],"c":"d"}`: true, `{"a": 1}`: false, `{"a":1,}`: false, `{"a"}`: false,
		"[1,]": false, "[1 ]": false, "[1}": false, "[[[]]]": true, "[[[[]]]]": true, "[[[[[1]]]]]": false, strings.Repeat("[", 1<<20): false,
	} {
		t.Run(fmt.Sprintf("%.40s", value), func(t *testing.T) {
			const before, after = `{"x":`, `,"and":"more"}`
			want := 0
			if plain {
				want = len(before) + len(value)
			}
			if got := PlainValue([]byte(before+value+after), len(before), 4); got != want {
				t.Errorf("it ends at %d, want %d", got, want)
			}
		})
	}
}
