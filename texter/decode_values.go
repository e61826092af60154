package texter

import (
	"math"
	"strconv"
	"time"
	"unsafe"

	"texter-graphql/jsonscan"
)

// text reads a string or null.
func (d *decoder) text(key string) (s span) {
	start := d.Pos
	if d.PlainString() {
		return d.spanFrom(start)
	}
	switch d.Peek() {
	case '"':
		start = d.Pos
		escapes := d.SkipString()
		if s = d.spanFrom(start); escapes {
			s.end |= hasEscapes
		}
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be a string")
	}
	return s
}

// spanFrom is what was read since the scanner was at start.
func (d *decoder) spanFrom(start int) span { return span{start: uint32(start), end: uint32(d.Pos)} }

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
func (d *decoder) boolean(key string) flag {
	switch d.Peek() {
	case 't':
		d.Literal("true")
		return isTrue
	case 'f':
		d.Literal("false")
		return isFalse
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be true or false")
	}
	return 0
}

// integer reads a whole number of 32 bits, which is what GraphQL's Int and
// every count in the contract hold, or null.
func (d *decoder) integer(key string) number {
	n, ok := d.smallInteger()
	if !ok {
		var f float64
		if f, ok = d.float(key); !ok {
			return number{}
		}
		if n = int64(f); float64(n) != f {
			n = math.MaxInt64
		}
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		d.failContract(key, "must be a whole number of at most 32 bits")
		return number{}
	}
	return number{int32(n), true}
}

// epoch reads a number of units since 1970, or null.
func (d *decoder) epoch(key string, unit time.Duration) moment {
	n, ok := d.smallInteger()
	n *= unit.Milliseconds()
	if !ok {
		f, ok := d.float(key)
		if !ok {
			return 0
		}
		// A float64 holds every millisecond that RFC 3339 can write.
		f = math.Round(f * float64(unit.Milliseconds()))
		if !(f >= float64(minTimestamp) && f <= float64(maxTimestamp)) {
			f = math.MinInt64
		}
		n = int64(f)
	}
	return d.moment(key, Timestamp(n))
}

func (d *decoder) moment(key string, t Timestamp) moment {
	m := momentOf(t)
	if m == 0 {
		d.failContract(key, "must be a time in the years 0 to 9999")
	}
	return m
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
func (d *decoder) iso8601(key string) moment {
	if d.Peek() != '"' {
		if !d.Null() {
			d.failContract(key, "must be a string")
		}
		return 0
	}
	text := d.StringValue()
	if t, ok := parseTimestamp(text); ok {
		return momentOf(t)
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return d.moment(key, Timestamp(t.UnixMilli()))
		}
	}
	d.failContract(key, "must be a time of ISO 8601")
	return 0
}

// freeForm reads any value; null is none.
func (d *decoder) freeForm() span {
	if d.Null() {
		return span{}
	}
	length := len(d.Value())
	return d.spanFrom(d.Pos - length)
}

// sizeOf is how many bytes of memory the elements of a slice take, with those
// that there is room for.
func sizeOf[T any](s []T) int {
	var element T
	return cap(s) * int(unsafe.Sizeof(element))
}
