package texter

import (
	"math"
	"strconv"
	"time"
	"unsafe"

	"texter-graphql/internal/jsonscan"
)

// value reads the value of the key, however it is written. The value belongs to
// the field at of the chat.
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
	case ignored:
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
		v := spanValue(start, d.Pos)
		if escapes {
			v |= hasEscapes
			d.escapes = true
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
	return intValue(int32(f))
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
	return d.time(key, Timestamp(f))
}

func (d *decoder) time(key string, t Timestamp) value {
	v := timeValue(t)
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
	f, _ = strconv.ParseFloat(jsonscan.View(token), 64) // infinite if out of range, which the callers refuse
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
			return d.time(key, Timestamp(t.UnixMilli()))
		}
	}
	d.failContract(key, "must be a time of ISO 8601")
	return 0
}

// json reads any value.
func (d *decoder) json() value {
	if d.Null() {
		return 0
	}
	length := len(d.Value())
	return spanValue(d.Pos-length, d.Pos)
}

// labels reads an array of strings into allLabels, or null.
func (d *decoder) labels(key string) value {
	if !d.opens(key, '[') {
		return 0
	}
	start, before := len(d.allLabels), cap(d.allLabels)
	for range d.Array {
		if d.Peek() != '"' {
			d.failContract(key, "must be an array of strings")
			break
		}
		d.allLabels = append(d.allLabels, d.StringValue())
	}
	if cap(d.allLabels) != before {
		d.labelBytes += sizeOf(d.allLabels)
	}
	return spanValue(start, len(d.allLabels))
}

// nested reads an object within a chat, or null, into the fields from base on.
// If the key is there twice, the last object replaces the one before.
func (d *decoder) nested(k *key, c *Chat, base field) value {
	clear(c.values[base : base+fields[k.kind]])
	if !d.opens(k.name(), '{') {
		return 0
	}
	start := d.Pos
	if hasKeys := d.object(k.kind, c, base); !hasKeys && k.kind == asSession {
		return 0 // Texter writes {} where there is no session
	}
	return spanValue(start, d.Pos)
}

// opens reports whether the next value is the object or array that mark opens.
// It reads null, and refuses anything else.
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

// sizeOf is how many bytes of memory the elements of a slice take, up to its
// capacity.
func sizeOf[T any](s []T) int {
	var element T
	return cap(s) * int(unsafe.Sizeof(element))
}
