package fast

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// TestAppendString has every ASCII character at every place of strings of up to 17
// bytes, behind ASCII and other characters.
func TestAppendString(t *testing.T) {
	for c := range 128 {
		t.Run(fmt.Sprintf("U+%04X is escaped as gqlgen escapes it", c), func(t *testing.T) {
			for length := range 18 {
				for at := range length {
					text := strings.Repeat("é", at/2) + strings.Repeat("x", at%2) + string(rune(c)) + strings.Repeat("x", length-at-1)
					var want bytes.Buffer
					graphql.MarshalString(text).MarshalGQL(&want)
					if got := appendString(nil, text); string(got) != want.String() {
						t.Fatalf("got %s, want %s", got, &want)
					}
				}
			}
		})
	}
}
