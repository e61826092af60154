package fast

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/graph/scalar"
	"texter-graphql/texter"
)

// TestDateTimes compares moments all over the years 0 to 9999 with the
// standard library's.
func TestDateTimes(t *testing.T) {
	const step = 11*24*60*60*1000 + 7_654_321 // every second, minute and hour comes up
	last := time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC).UnixMilli()
	for milli := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(); ; milli = min(milli+step, last) {
		want := `"` + time.UnixMilli(milli).UTC().Format("2006-01-02T15:04:05.000Z") + `"`
		if got := string(appendDateTime(nil, texter.Timestamp(milli))); got != want {
			t.Fatalf("%d: got %s, want %s", milli, got, want)
		}
		if milli == last {
			return
		}
	}
}

// TestStrings compares with gqlgen, with every byte at every place of a word.
func TestStrings(t *testing.T) {
	for length := range 18 {
		for at := range length {
			for c := range 128 {
				text := strings.Repeat("é", at/2) + strings.Repeat("x", at%2) + string(rune(c)) + strings.Repeat("x", length-at-1)
				var want bytes.Buffer
				graphql.MarshalString(text).MarshalGQL(&want)
				if got := appendString(nil, text); string(got) != want.String() {
					t.Fatalf("got %s, want %s", got, &want)
				}
			}
		}
	}
}

// TestTimesOfBothEncoders are written the same.
func TestTimesOfBothEncoders(t *testing.T) {
	for _, at := range []texter.Timestamp{-62_167_219_200_000, -1, 0, 1_762_012_091_001, 253_402_300_799_999} {
		var want bytes.Buffer
		scalar.MarshalDateTime(at).MarshalGQL(&want)
		if got := appendDateTime(nil, at); string(got) != want.String() {
			t.Errorf("got %s, want %s", got, &want)
		}
	}
}
