package texter

import (
	"encoding/json"

	"texter-graphql/internal/jsonscan"
)

// value is the value of one field of a chat, as one number; 0 is null. For texts
// and JSON it is a position in the body of the page: see spanValue. So a chat
// has no pointers to its values. The garbage collector would follow sixty for
// each row, which would take more than half of a row's time.
type value uint64

const (
	// hasEscapes marks the span of a string with escapes, and that of a row with such
	// strings. It is larger than every position in a body: see maxBody.
	hasEscapes = 1 << 31
	maxBody    = hasEscapes - 1

	// isInteger marks an integer of 32 bits, so that 0 is not null.
	isInteger = 1 << 32

	isFalse = 1
	isTrue  = 2

	// timeOrigin is what times are counted from, so that no time is 0.
	timeOrigin = minTimestamp - 1
)

// spanValue is the value whose JSON is in the body from start up to end.
func spanValue(start, end int) value { return value(start)<<32 | value(end) }

// intValue is an integer of 32 bits.
func intValue(n int32) value { return isInteger | value(uint32(n)) }

// timeValue is a time, or null if RFC 3339 can't write it.
func timeValue(t Timestamp) value {
	if t < minTimestamp || t > maxTimestamp {
		return 0
	}
	return value(t - timeOrigin)
}

// text is the string at a span.
func (p *SearchPage) text(v value) Text {
	if v == 0 {
		return Text{}
	}
	return Text{jsonscan.View(p.body[v>>32 : uint32(v)&^hasEscapes]), v&hasEscapes != 0}
}

// json is the JSON at a span.
func (p *SearchPage) json(v value) json.RawMessage {
	if v == 0 {
		return nil
	}
	return p.body[v>>32 : uint32(v) : uint32(v)]
}

func (v value) int() (int, bool) { return int(int32(v)), v != 0 }

func (v value) status() (ChatStatus, bool) {
	s := ChatStatus(int32(v))
	return s, v != 0 && s.known()
}

func (v value) time() (Timestamp, bool) { return Timestamp(v) + timeOrigin, v != 0 }

func (v value) boolean() (yes, ok bool) { return v == isTrue, v != 0 }

// Text is a string of a page, or null.
type Text struct {
	json    string // with its quotes; empty for null
	escapes bool
}

// IsNull reports whether the text is null.
func (t Text) IsNull() bool { return t.json == "" }

// isEmpty reports whether the text is null or has no characters.
func (t Text) isEmpty() bool { return len(t.json) <= len(`""`) }

// String is the string, empty for null.
func (t Text) String() string {
	switch {
	case t.escapes:
		s := jsonscan.Scanner{Text: []byte(t.json)}
		return s.StringValue()
	case t.IsNull():
		return ""
	}
	return t.json[1 : len(t.json)-1]
}

// JSON is the string in JSON, as Texter wrote it. It is not ok for null, and for
// a string with escapes, since JSON has several ways to write the same escape.
func (t Text) JSON() (json string, ok bool) { return t.json, !t.escapes && !t.IsNull() }
