package texter

import (
	"encoding/json"

	"texter-graphql/internal/jsonscan"
)

// value is what is known of one field of a chat; 0 is null. Of a field that is
// kept as it came, it is where in the body of the page that stands: see span.
// A chat has no pointers to its values: sixty for each row would be the garbage
// collector's to follow, and more than half of the time that a row takes.
type value uint64

const (
	// hasEscapes marks a span of a string with escapes. Bodies are shorter: see
	// maxBody.
	hasEscapes = 1 << 31
	maxBody    = hasEscapes - 1

	// isThere marks a whole number of 32 bits.
	isThere = 1 << 32

	isFalse = 1
	isTrue  = 2

	// beforeAll is the moment that times are kept as the distance from.
	beforeAll = minTimestamp - 1
)

// span is the value that stands in the body from start to before end.
func span(start, end int) value { return value(start)<<32 | value(end) }

// whole is a whole number of 32 bits.
func whole(n int32) value { return isThere | value(uint32(n)) }

// moment is a time, or null where that can't be written.
func moment(t Timestamp) value {
	if t < minTimestamp || t > maxTimestamp {
		return 0
	}
	return value(t - beforeAll)
}

// text is the string of a span.
func (p *SearchPage) text(v value) Text {
	if v == 0 {
		return Text{}
	}
	return Text{jsonscan.View(p.body[v>>32 : uint32(v)&^hasEscapes]), v&hasEscapes != 0}
}

// json is any JSON of a span.
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

func (v value) time() (Timestamp, bool) { return Timestamp(v) + beforeAll, v != 0 }

func (v value) boolean() (yes, ok bool) { return v == isTrue, v != 0 }

// Text is a string of an answer, or null.
type Text struct {
	json    string // with its quotes; empty for null
	escapes bool
}

// IsNull reports whether there is no string.
func (t Text) IsNull() bool { return t.json == "" }

// isEmpty reports whether there is no string, or one of no characters.
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

// JSON is the string in JSON, as it came. It is not ok for null and for one
// with escapes, of which JSON has many ways to write the same.
func (t Text) JSON() (json string, ok bool) { return t.json, !t.escapes && !t.IsNull() }
