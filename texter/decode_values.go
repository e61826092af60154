package texter

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// The earliest and latest times that RFC 3339 can write, in milliseconds.
const (
	minMilli = -62_167_219_200_000 // 0000-01-01T00:00:00.000Z
	maxMilli = 253_402_300_799_999 // 9999-12-31T23:59:59.999Z
)

// text reads a string or null.
func (d *decoder) text(key string) *string {
	switch d.peek() {
	case '"':
		return d.texts.add(d.string())
	case 'n':
		d.null()
	default:
		d.failContract(key, "must be a string")
	}
	return nil
}

// name reads a string that names something; null is the empty one.
func (d *decoder) name(key string) string {
	switch d.peek() {
	case '"':
		return d.string()
	case 'n':
		d.null()
	default:
		d.failContract(key, "must be a string")
	}
	return ""
}

// boolean reads true, false or null.
func (d *decoder) boolean(key string) *bool {
	switch d.peek() {
	case 't':
		return d.bools.add(d.literal("true"))
	case 'f':
		return d.bools.add(!d.literal("false"))
	case 'n':
		d.null()
	default:
		d.failContract(key, "must be true or false")
	}
	return nil
}

// integer reads a whole number of 32 bits, which is what GraphQL's Int and
// every count in the contract hold, or null.
func (d *decoder) integer(key string) *int {
	n, ok := d.float(key)
	if !ok {
		return nil
	}
	if n != math.Trunc(n) || n < math.MinInt32 || n > math.MaxInt32 {
		d.failContract(key, "must be a whole number of at most 32 bits")
		return nil
	}
	return d.ints.add(int(n))
}

// epoch reads a number of units since 1970, or null.
func (d *decoder) epoch(key string, unit time.Duration) *time.Time {
	n, ok := d.float(key)
	if !ok {
		return nil
	}
	milli := math.Round(n * float64(unit/time.Millisecond))
	if !(milli >= minMilli && milli <= maxMilli) {
		d.failContract(key, "must be a time in the years 0 to 9999")
		return nil
	}
	return d.times.add(time.UnixMilli(int64(milli)).UTC())
}

// float reads a number; ok is false after null or an error. A float64 holds
// every integer up to 2^53, and so every millisecond that RFC 3339 can write.
func (d *decoder) float(key string) (f float64, ok bool) {
	c := d.peek()
	if c != '-' && (c < '0' || c > '9') {
		if c != 'n' || !d.literal("null") {
			d.failContract(key, "must be a number")
		}
		return 0, false
	}
	token, integer := d.number()
	if d.err != nil {
		return 0, false
	}
	if integer && len(token) <= 15 {
		return float64(smallInt(token)), true
	}
	f, _ = strconv.ParseFloat(view(token), 64) // out of range is infinite, which callers refuse
	return f, true
}

// smallInt is the value of an integer of few enough digits for an int64.
func smallInt(token []byte) int64 {
	negative := token[0] == '-'
	if negative {
		token = token[1:]
	}
	var n int64
	for _, c := range token {
		n = n*10 + int64(c-'0')
	}
	if negative {
		return -n
	}
	return n
}

// iso8601 reads a time or date of ISO 8601, or null; what has no zone is UTC.
func (d *decoder) iso8601(key string) *time.Time {
	if d.peek() != '"' {
		if !d.null() {
			d.failContract(key, "must be a string")
		}
		return nil
	}
	text := d.string()
	if milli, ok := parseMilli(text); ok {
		return d.times.add(time.UnixMilli(milli).UTC())
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if milli := t.UnixMilli(); milli >= minMilli && milli <= maxMilli {
			return d.times.add(time.UnixMilli(milli).UTC())
		}
	}
	d.failContract(key, "must be a time of ISO 8601")
	return nil
}

// freeForm reads any value; null is none.
func (d *decoder) freeForm() json.RawMessage {
	if d.null() {
		return nil
	}
	return d.value()
}

// slab allocates values in chunks, to be pointed to: one allocation for many.
type slab[T any] struct{ chunk []T }

// next returns a new zero value.
func (s *slab[T]) next() *T {
	if len(s.chunk) == cap(s.chunk) {
		s.chunk = make([]T, 0, min(max(32, 2*cap(s.chunk)), 1024))
	}
	s.chunk = s.chunk[:len(s.chunk)+1]
	return &s.chunk[len(s.chunk)-1]
}

// add returns a new value that is v.
func (s *slab[T]) add(v T) *T {
	p := s.next()
	*p = v
	return p
}
