package texter

import (
	"math"
	"strconv"
	"time"
	"unsafe"

	"texter-graphql/internal/jsonscan"
)

// usual reads the value of the key at pos, but for a string, if it is written
// as nearly all are, and returns where it ends. It returns 0 for any other, which
// is left to decoder.value.
func (k *key) usual(text []byte, pos int) (v value, end int) {
	switch k.kind {
	case asText:
		if end = jsonscan.PlainString(text, pos); end > 0 {
			return span(pos, end), end
		}
	case asInteger:
		if n, end := smallInteger(text, pos); end > 0 && n <= math.MaxInt32 {
			return whole(int32(n)), end
		}
	case asMilliseconds:
		return usualTime(smallInteger(text, pos))
	case asSeconds:
		n, end := smallInteger(text, pos)
		return usualTime(n*1000, end)
	case asISOTime:
		const length = len(`"2006-01-02T15:04:05.000Z"`)
		if len(text)-pos >= length && text[pos] == '"' && text[pos+length-1] == '"' {
			if t, ok := parseTimestamp(text[pos+1 : pos+length-1]); ok {
				return moment(t), pos + length
			}
		}
	case asJSON, passedOver:
		if end = jsonscan.PlainValue(text, pos, plainDepth); end > 0 && text[pos] != 'n' {
			return span(pos, end), end
		}
	case asBoolean:
		if len(text)-pos >= 5 && string(text[pos:pos+5]) == "false" {
			return isFalse, pos + 5
		}
	}
	if k.kind < asLabels && len(text)-pos >= 4 && string(text[pos:pos+4]) == "null" {
		return 0, pos + 4
	}
	return 0, 0
}

// plainDepth is how deep values without a documented form mostly nest.
const plainDepth = 8

// usualTime is a time that ends there, unless it can't be written.
func usualTime(milliseconds int64, end int) (value, int) {
	v := moment(Timestamp(milliseconds))
	if v == 0 || end == 0 {
		return 0, 0
	}
	return v, end
}

// smallInteger reads an integer of 1 to 15 digits without a sign, which is
// what nearly all numbers are, and returns where it ends; 0 for another value.
func smallInteger(text []byte, pos int) (n int64, end int) {
	if len(text)-pos < 17 {
		return 0, 0
	}
	end = pos
	if w := eightBytes(text, pos); areDigits(w) {
		n, end = eightDigits(w), pos+8
	}
	for ; text[end]-'0' <= 9 && end < pos+16; end++ {
		n = n*10 + int64(text[end]-'0')
	}
	if c := text[end]; (c == ',' || c == '}') && end > pos && (end == pos+1 || text[pos] != '0') {
		return n, end
	}
	return 0, 0
}

func areDigits(w uint64) bool {
	return (w&0xf0f0f0f0f0f0f0f0)|((w+0x0606060606060606)&0xf0f0f0f0f0f0f0f0)>>4 == 0x3333333333333333
}

// eightDigits is the number of eight digits, by pairs, fours and then all.
func eightDigits(w uint64) int64 {
	w = (w & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
	w = (w & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return int64((w & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32)
}

// value reads the value of the key, which is of the field at.
func (d *decoder) value(k *key, c *Chat, at field) value {
	switch k.kind {
	case asText:
		return d.text(k.name())
	case asInteger:
		return d.integer(k.name())
	case asMilliseconds:
		return d.epoch(k.name(), time.Millisecond)
	case asSeconds:
		return d.epoch(k.name(), time.Second)
	case asISOTime:
		return d.iso8601(k.name())
	case asBoolean:
		return d.boolean(k.name())
	case asJSON:
		return d.json()
	case asLabels:
		return d.labels(k.name())
	case passedOver:
		d.Skip()
		return 0
	}
	return d.nested(k, c, at)
}

// text reads a string or null.
func (d *decoder) text(key string) value {
	switch d.Peek() {
	case '"':
		start := d.Pos
		escapes := d.SkipString()
		v := span(start, d.Pos)
		if escapes {
			v |= hasEscapes
		}
		return v
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be a string")
	}
	return 0
}

// boolean reads true, false or null.
func (d *decoder) boolean(key string) value {
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

// integer reads a whole number of 32 bits or null.
func (d *decoder) integer(key string) value {
	f, ok := d.float(key)
	if !ok {
		return 0
	}
	if f < math.MinInt32 || f > math.MaxInt32 || f != math.Trunc(f) {
		d.failContract(key, "must be a whole number of at most 32 bits")
		return 0
	}
	return whole(int32(f))
}

// epoch reads a number of units since 1970, or null.
func (d *decoder) epoch(key string, unit time.Duration) value {
	f, ok := d.float(key)
	if !ok {
		return 0
	}
	// A float64 holds every millisecond that RFC 3339 can write.
	f = math.Round(f * float64(unit.Milliseconds()))
	if !(f >= float64(minTimestamp) && f <= float64(maxTimestamp)) {
		f = math.MinInt64
	}
	return d.moment(key, Timestamp(f))
}

func (d *decoder) moment(key string, t Timestamp) value {
	v := moment(t)
	if v == 0 {
		d.failContract(key, "must be a time in the years 0 to 9999")
	}
	return v
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

// iso8601 reads a time or date of ISO 8601, or null.
func (d *decoder) iso8601(key string) value {
	if d.Peek() != '"' {
		if !d.Null() {
			d.failContract(key, "must be a string")
		}
		return 0
	}
	text := d.StringValue()
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return d.moment(key, Timestamp(t.UnixMilli()))
		}
	}
	d.failContract(key, "must be a time of ISO 8601")
	return 0
}

// json reads any value; null is none.
func (d *decoder) json() value {
	if d.Null() {
		return 0
	}
	length := len(d.Value())
	return span(d.Pos-length, d.Pos)
}

// labels reads an array of strings into allLabels, or null.
func (d *decoder) labels(key string) value {
	if !d.opens(key, '[') {
		return 0
	}
	start, room := len(d.allLabels), cap(d.allLabels)
	for range d.Array {
		if d.Peek() != '"' {
			d.failContract(key, "must be an array of strings")
			break
		}
		d.allLabels = append(d.allLabels, d.StringValue())
	}
	if cap(d.allLabels) != room {
		d.labelSize += sizeOf(d.allLabels)
	}
	return span(start, len(d.allLabels))
}

// nested reads an object within a chat, or null. It takes the place of one that
// the chat has there already.
func (d *decoder) nested(k *key, c *Chat, own field) value {
	clear(c.values[own : own+fields[k.kind]])
	if !d.opens(k.name(), '{') {
		return 0
	}
	start := d.Pos
	if hasKeys := d.object(k.kind, c, own); !hasKeys && k.kind == asSession {
		return 0 // which is how Texter writes that there is none
	}
	return span(start, d.Pos)
}

// opens reports whether an object or array comes next; null is none, and
// anything else breaks the contract.
func (d *decoder) opens(key string, mark byte) bool {
	switch d.Peek() {
	case mark:
		return true
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be an object or array, as documented")
	}
	return false
}

// sizeOf is how many bytes of memory the elements of a slice take, with those
// that there is room for.
func sizeOf[T any](s []T) int {
	var element T
	return cap(s) * int(unsafe.Sizeof(element))
}
