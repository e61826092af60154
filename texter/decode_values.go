package texter

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
	"unsafe"

	"texter-graphql/jsonscan"
)

// text reads a string or null.
func (d *decoder) text(key string) *string {
	switch d.Peek() {
	case '"':
		return d.texts.add(d.StringValue())
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be a string")
	}
	return nil
}

// name reads a string that names something; null is the empty one.
func (d *decoder) name(key string) string {
	switch d.Peek() {
	case '"':
		return d.StringValue()
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be a string")
	}
	return ""
}

// boolean reads true, false or null.
func (d *decoder) boolean(key string) *bool {
	switch d.Peek() {
	case 't':
		return d.bools.add(d.Literal("true"))
	case 'f':
		return d.bools.add(!d.Literal("false"))
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be true or false")
	}
	return nil
}

// integer reads a whole number of 32 bits, which is what GraphQL's Int and
// every count in the contract hold, or null.
func (d *decoder) integer(key string) *int {
	n, ok := d.smallInteger()
	if !ok {
		var f float64
		if f, ok = d.float(key); !ok {
			return nil
		}
		if n = int64(f); float64(n) != f {
			n = math.MaxInt64
		}
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		d.failContract(key, "must be a whole number of at most 32 bits")
		return nil
	}
	return d.ints.add(int(n))
}

// epoch reads a number of units since 1970, or null.
func (d *decoder) epoch(key string, unit time.Duration) *Timestamp {
	n, ok := d.smallInteger()
	n *= unit.Milliseconds()
	if !ok {
		f, ok := d.float(key)
		if !ok {
			return nil
		}
		// A float64 holds every millisecond that RFC 3339 can write.
		f = math.Round(f * float64(unit.Milliseconds()))
		if !(f >= float64(minTimestamp) && f <= float64(maxTimestamp)) {
			f = math.MinInt64
		}
		n = int64(f)
	}
	return d.timestamp(key, Timestamp(n))
}

func (d *decoder) timestamp(key string, t Timestamp) *Timestamp {
	if t < minTimestamp || t > maxTimestamp {
		d.failContract(key, "must be a time in the years 0 to 9999")
		return nil
	}
	return d.times.add(t)
}

// smallInteger reads an integer of 1 to 15 digits without a sign, which is
// what nearly all numbers are. It reads nothing if another value comes.
func (d *decoder) smallInteger() (n int64, ok bool) {
	rest := d.Text[d.Pos:]
	if len(rest) > 16 {
		rest = rest[:16]
	}
	for i, c := range rest {
		if c-'0' <= 9 {
			n = n*10 + int64(c-'0')
			continue
		}
		ok = (c == ',' || c == '}') && i > 0 && (i == 1 || rest[0] != '0')
		if ok {
			d.Pos += i
		}
		return n, ok
	}
	return 0, false
}

// float reads a number; ok is false after null or an error.
func (d *decoder) float(key string) (f float64, ok bool) {
	c := d.Peek()
	if c != '-' && (c < '0' || c > '9') {
		if c != 'n' || !d.Literal("null") {
			d.failContract(key, "must be a number")
		}
		return 0, false
	}
	token := d.Number()
	if d.Err != nil {
		return 0, false
	}
	f, _ = strconv.ParseFloat(jsonscan.View(token), 64) // out of range is infinite, which callers refuse
	return f, true
}

// iso8601 reads a time or date of ISO 8601, or null; what has no zone is UTC.
func (d *decoder) iso8601(key string) *Timestamp {
	if d.Peek() != '"' {
		if !d.Null() {
			d.failContract(key, "must be a string")
		}
		return nil
	}
	text := d.StringValue()
	if t, ok := parseTimestamp(text); ok {
		return d.times.add(t)
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return d.timestamp(key, Timestamp(t.UnixMilli()))
		}
	}
	d.failContract(key, "must be a time of ISO 8601")
	return nil
}

// freeForm reads any value; null is none.
func (d *decoder) freeForm() json.RawMessage {
	if d.Null() {
		return nil
	}
	return d.Value()
}

// slab allocates values in chunks, to be pointed to: one allocation for many.
type slab[T any] struct {
	chunk  []T
	size   int // bytes of memory, of all chunks
	expect int // how many the next chunk should have room for
}

const (
	minSlab = 32
	maxSlab = 1024
)

// next returns a new zero value.
func (s *slab[T]) next() *T {
	if len(s.chunk) == cap(s.chunk) {
		s.chunk = make([]T, 0, min(max(minSlab, 2*cap(s.chunk), s.expect), maxSlab))
		s.size += sizeOf(s.chunk)
	}
	s.chunk = s.chunk[:len(s.chunk)+1]
	return &s.chunk[len(s.chunk)-1]
}

// expectRows is told of the first row how many more like it there will be.
func (s *slab[T]) expectRows(n int) { s.expect = n * len(s.chunk) }

// sizeOf is how many bytes of memory the elements of a slice take, with those
// that there is room for.
func sizeOf[T any](s []T) int {
	var element T
	return cap(s) * int(unsafe.Sizeof(element))
}

// add returns a new value that is v.
func (s *slab[T]) add(v T) *T {
	p := s.next()
	*p = v
	return p
}
