package relay

import (
	"encoding/base64"
	"errors"
	"reflect"
	"testing"

	"texter-graphql/internal/seeds"
)

// assertBounded fails unless a cursor is refused with an error that says why, or
// is decoded to an anchor within bounds.
func assertBounded(t *testing.T, cursor string) {
	t.Helper()
	a, err := parseCursor(cursor, testFingerprint)
	if err != nil {
		if !errors.Is(err, errNotACursor) && !errors.Is(err, errOtherVersion) && !errors.Is(err, errAnotherFilter) {
			t.Errorf("%s: got %v", cursor, err)
		}
		if !reflect.DeepEqual(a, anchor{}) {
			t.Errorf("%s: %+v beside an error", cursor, a)
		}
		return
	}
	if a.position < 0 || a.position > maxSkip || len(a.id) > maxCursorLength || len(a.peers) > maxPeers || a.key.none && a.key.milli != 0 {
		t.Errorf("%s: got %+v", cursor, a)
	}
	again, err := parseCursor(encoded(a), testFingerprint)
	if err != nil || !reflect.DeepEqual(again, a) {
		t.Errorf("%s: got %+v, and of its own cursor %+v, %v", cursor, a, again, err)
	}
}

// TestTruncatedCursorsAreRefused cuts off characters, and bytes.
func TestTruncatedCursorsAreRefused(t *testing.T) {
	for name, a := range anchors() {
		t.Run(name, func(t *testing.T) {
			cursor, raw := encoded(a), a.append(nil, testFingerprint)
			for n := range len(cursor) {
				assertBounded(t, cursor[:n])
				assertBounded(t, cursor[n:])
			}
			for n := range len(raw) - 4*len(a.peers) {
				cut := base64.RawURLEncoding.EncodeToString(raw[:n])
				if got, err := parseCursor(cut, testFingerprint); !errors.Is(err, errNotACursor) {
					t.Errorf("%d of %d bytes: got %+v, %v", n, len(raw), got, err)
				}
			}
		})
	}
}

// TestDamagedCursorsStayInBounds changes each byte to every other value, before
// and after the encoding in characters.
func TestDamagedCursorsStayInBounds(t *testing.T) {
	for name, a := range anchors() {
		t.Run(name, func(t *testing.T) {
			raw, cursor := a.append(nil, testFingerprint), []byte(encoded(a))
			for i := range raw {
				original := raw[i]
				for flip := 1; flip < 256; flip++ {
					raw[i] = original ^ byte(flip)
					damaged := base64.RawURLEncoding.EncodeToString(raw)
					assertBounded(t, damaged)
					if _, err := parseCursor(damaged, testFingerprint); i < 9 && err == nil {
						t.Error("a cursor of another version or filter is taken")
					}
				}
				raw[i] = original
			}
			for i := range cursor {
				original := cursor[i]
				for flip := 1; flip < 256; flip++ {
					cursor[i] = original ^ byte(flip)
					assertBounded(t, string(cursor))
				}
				cursor[i] = original
			}
		})
	}
}

// FuzzParseCursor decodes any text.
func FuzzParseCursor(f *testing.F) {
	for _, a := range anchors() {
		f.Add(encoded(a))
	}
	f.Add("")
	f.Add("AQ")
	seeds.Add[string](f, "testdata/FuzzParseCursor.txt")
	f.Fuzz(func(t *testing.T, cursor string) {
		assertBounded(t, cursor)
		// Most texts fail at the encoding or the header: try them after a header, too.
		header := anchor{}.append(nil, testFingerprint)[:9]
		assertBounded(t, base64.RawURLEncoding.EncodeToString(append(header, cursor...)))
	})
}
