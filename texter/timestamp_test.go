package texter

import (
	"testing"
	"time"
)

// TestTimestampsAreThoseOfTheStandardLibrary, for a time of every month of every
// year.
func TestTimestampsAreThoseOfTheStandardLibrary(t *testing.T) {
	for year := range 10_000 {
		for month := time.January; month <= time.December; month++ {
			last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
			day := 1 + (year+int(month))%last
			if month == time.February {
				day = min(day, 28)
			}
			want := time.Date(year, month, day, year%24, year%60, int(month)*5-1, year%1000*1e6, time.UTC)
			text := want.Format("2006-01-02T15:04:05.000Z")
			if got, ok := parseTimestamp([]byte(text)); !ok || got.Time() != want {
				t.Fatalf("%s: got %v, %t, want %v", text, got, ok, want)
			}
		}
	}
}

func TestOtherFormsOfTimesAreLeftToTheStandardLibrary(t *testing.T) {
	for _, text := range []string{
		"", "2025-11-01", "2025-11-01T15:48:11Z", "2025-11-01T15:48:11.076+", "2025-11-01 15:48:11.076Z", "2025-13-01T15:48:11.076Z",
		"2025-00-01T15:48:11.076Z", "2025-11-00T15:48:11.076Z", "2025-11-31T15:48:11.076Z", "2025-08-32T15:48:11.076Z", "2024-02-29T15:48:11.076Z", "2025-11-01T24:48:11.076Z", "2025-11-01T15:60:11.076Z",
		"2025-11-01T15:48:60.076Z", "2025-11-01T15:48:11.0a6Z", "2025-1/-01T15:48:11.076Z", "202:-11-01T15:48:11.076Z",
	} {
		t.Run(text, func(t *testing.T) {
			if got, ok := parseTimestamp([]byte(text)); ok {
				t.Errorf("got %d", got)
			}
		})
	}
}
