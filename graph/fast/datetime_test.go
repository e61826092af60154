package fast

import (
	"testing"
	"time"

	"texter-graphql/texter"
)

const dayLength = 24 * 60 * 60 * 1000

// TestEveryDay compares each day of the months that are known, and of some years
// around them, with the standard library's.
func TestEveryDay(t *testing.T) {
	for day := -10 * 365; day < int(knownDays)+10*365; day++ {
		for _, milli := range []int{0, dayLength - 1} {
			at := texter.Timestamp(day*dayLength + milli)
			if got, want := string(appendDateTime(nil, at)), at.Time().Format(`"2006-01-02T15:04:05.000Z"`); got != want {
				t.Fatalf("got %s, want %s", got, want)
			}
		}
	}
}

func BenchmarkAppendDateTime(b *testing.B) {
	at := texter.Timestamp(time.Date(2026, 11, 25, 20, 38, 1, 123e6, time.UTC).UnixMilli())
	buf := make([]byte, 0, 64)
	for i := 0; b.Loop(); i++ {
		buf = appendDateTime(buf[:0], at+texter.Timestamp(i%1_000_000*12_345))
	}
}
