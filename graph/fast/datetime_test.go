package fast

import (
	"bytes"
	"testing"
	"time"

	"texter-graphql/graph/scalar"
	"texter-graphql/texter"
)

// The first and the last time that a texter.Timestamp can be.
var (
	firstTime = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	lastTime  = time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC).UnixMilli()
)

// wantDateTime fails unless a time is written as the standard library and the
// ordinary lane write it.
func wantDateTime(t *testing.T, milli int64) {
	t.Helper()
	got := string(appendDateTime(nil, texter.Timestamp(milli)))
	if want := time.UnixMilli(milli).UTC().Format(`"2006-01-02T15:04:05.000Z"`); got != want {
		t.Fatalf("%d: got %s, the standard library writes %s", milli, got, want)
	}
	var ordinary bytes.Buffer
	scalar.MarshalDateTime(texter.Timestamp(milli)).MarshalGQL(&ordinary)
	if got != ordinary.String() {
		t.Fatalf("%d: got %s, the ordinary lane writes %s", milli, got, &ordinary)
	}
}

func TestAppendDateTime(t *testing.T) {
	t.Run("the first and the last time", func(t *testing.T) {
		wantDateTime(t, firstTime)
		wantDateTime(t, lastTime)
	})
	t.Run("the milliseconds around 1970", func(t *testing.T) {
		for milli := int64(-1000); milli < 1000; milli++ {
			wantDateTime(t, milli)
		}
	})
	t.Run("times from the year 0 to 9999, with every hour, minute and second", func(t *testing.T) {
		step := int64(11*24*60*60*1000 + 7_654_321)
		if testing.Short() {
			step *= 11
		}
		for milli := firstTime; milli < lastTime; milli += step {
			wantDateTime(t, milli)
		}
	})
	t.Run("both ends of each day of the known months, and of ten years around them", func(t *testing.T) {
		const day = 24 * 60 * 60 * 1000
		for n := int64(-10 * 365); n < int64(knownDays)+10*365; n++ {
			wantDateTime(t, n*day)
			wantDateTime(t, n*day+day-1)
		}
	})
}

func BenchmarkAppendDateTime(b *testing.B) {
	at := texter.Timestamp(time.Date(2026, 11, 25, 20, 38, 1, 123e6, time.UTC).UnixMilli())
	buf := make([]byte, 0, 64)
	for i := 0; b.Loop(); i++ {
		buf = appendDateTime(buf[:0], at+texter.Timestamp(i%1_000_000*12_345))
	}
}
