package texter

import (
	"encoding/json"

	"texter-graphql/jsonscan"
)

// A chat has no pointers to its values: sixty for each row would be the garbage
// collector's to follow, and more than half of the time that a row takes. What
// is 0 is null.
type (
	// span is where in the body of the page a value is.
	span struct {
		start uint32
		end   uint32 // and whether it is a string with escapes
	}
	// number is a whole number of 32 bits.
	number struct {
		value int32
		there bool
	}
	// moment is how long a Timestamp is after beforeAll.
	moment int64
	// flag is isTrue or isFalse.
	flag uint8
)

const (
	isFalse flag = iota + 1
	isTrue

	// hasEscapes marks the end of a span. Bodies are shorter: see maxBody.
	hasEscapes = 1 << 31
	maxBody    = hasEscapes - 1

	beforeAll = minTimestamp - 1
)

func (s span) isNull() bool { return s == span{} }

// text is the string of a span.
func (p *SearchPage) text(s span) Text {
	if s.isNull() {
		return Text{}
	}
	return Text{jsonscan.View(p.Body[s.start : s.end&^hasEscapes]), s.end&hasEscapes != 0}
}

// json is any value of a span.
func (p *SearchPage) json(s span) json.RawMessage {
	if s.isNull() {
		return nil
	}
	return p.Body[s.start:s.end:s.end]
}

// present is an object that has a page, or nil.
func present[T any](object *T, page *SearchPage) *T {
	if page == nil {
		return nil
	}
	return object
}

func (n number) int() (int, bool) { return int(n.value), n.there }

func (n number) status() (ChatStatus, bool) {
	s := ChatStatus(n.value)
	return s, n.there && s.known()
}

// momentOf is the moment of a timestamp, or none where that can't be written.
func momentOf(t Timestamp) moment {
	if t < minTimestamp || t > maxTimestamp {
		return 0
	}
	return moment(t - beforeAll)
}

func (m moment) timestamp() (Timestamp, bool) { return Timestamp(m) + beforeAll, m != 0 }

// Text is a string of an answer, or null.
type Text struct {
	json    string // with its quotes; empty for null
	escapes bool
}

// IsNull reports whether there is no string.
func (t Text) IsNull() bool { return t.json == "" }

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
