package relay

import (
	"fmt"
	"testing"

	"texter-graphql/texter"
)

// BenchmarkCursor makes the cursor of a row, and reads it. Four rows
// each have the same time.
func BenchmarkCursor(b *testing.B) {
	w := window{start: 30}
	for i := range 30 {
		w.rows = append(w.rows, &texter.Chat{
			ID:            fmt.Sprintf("67bf11038b24880c%08x", i),
			LastMessageAt: new(texter.Timestamp(1_762_012_091_000 - i/4)),
		})
	}
	maker := cursorMaker{fingerprint: testFingerprint, order: messagelessLast}
	b.Run("make", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			maker.cursor(w, n%len(w.rows))
		}
	})
	b.Run("read", func(b *testing.B) {
		cursor := maker.cursor(w, len(w.rows)-1)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parseCursor(cursor, testFingerprint); err != nil {
				b.Fatal(err)
			}
		}
	})
}
