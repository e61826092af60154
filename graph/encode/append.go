package encode

import (
	"encoding/json"
	"strconv"
	"unsafe"

	"texter-graphql/jsonscan"
	"texter-graphql/texter"
)

func appendNull(b []byte) []byte { return append(b, "null"...) }

// appendPointer appends what a pointer points to, or null.
func appendPointer[T any](b []byte, v *T, appendValue func([]byte, T) []byte) []byte {
	if v == nil {
		return appendNull(b)
	}
	return appendValue(b, *v)
}

// appendIf appends a value that is there, or null.
func appendIf[T any](b []byte, v T, ok bool, appendValue func([]byte, T) []byte) []byte {
	if !ok {
		return appendNull(b)
	}
	return appendValue(b, v)
}

// appendText appends a string of Texter's, or null.
func appendText(b []byte, t texter.Text) []byte {
	if json, ok := t.JSON(); ok {
		return append(b, json...)
	}
	if t.IsNull() {
		return appendNull(b)
	}
	return appendString(b, t.String())
}

// appendObject appends an object, or null.
func appendObject[T any](b []byte, v *T, f *field, appendFields func([]byte, []field, *T) []byte) []byte {
	if v == nil {
		return appendNull(b)
	}
	return appendFields(b, f.fields, v)
}

// appendObjects appends a list of objects.
func appendObjects[T any](b []byte, list []*T, f *field, appendFields func([]byte, []field, *T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFields(b, f.fields, v)
	}
	return append(b, ']')
}

// appendStructs appends a list of objects that are held by value.
func appendStructs[T any](b []byte, list []T, f *field, appendFields func([]byte, []field, *T) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFields(b, f.fields, &list[i])
	}
	return append(b, ']')
}

// appendList appends a list of scalars or enum values.
func appendList[T any](b []byte, list []T, appendValue func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, v)
	}
	return append(b, ']')
}

func appendInt(b []byte, v int) []byte { return strconv.AppendInt(b, int64(v), 10) }

func appendBoolean(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

// appendJSON appends JSON as it came, or null for none.
func appendJSON(b []byte, v json.RawMessage) []byte {
	if v == nil {
		return appendNull(b)
	}
	return append(b, v...)
}

// appendString appends a string of valid UTF-8, escaped as gqlgen does.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for {
		n := jsonscan.PlainPrefix(unsafe.Slice(unsafe.StringData(s), len(s)))
		b = append(b, s[:n]...)
		if n == len(s) {
			return append(b, '"')
		}
		b = appendEscape(b, s[n])
		s = s[n+1:]
	}
}

func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789ABCDEF"
	switch c {
	case '\t':
		return append(b, `\t`...)
	case '\r':
		return append(b, `\r`...)
	case '\n':
		return append(b, `\n`...)
	case '"', '\\':
		return append(b, '\\', c)
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
}

// appendDateTime appends a moment of the years 0 to 9999 as RFC 3339 in UTC
// with milliseconds.
func appendDateTime(b []byte, t texter.Timestamp) []byte {
	const day, from = 24 * 60 * 60 * 1000, 719_528 // days from the year 0 to 1970
	sinceYear0 := uint64(t + from*day)
	year, month, dayOfMonth := dateOf(uint32(sinceYear0 / day))
	milli := uint32(sinceYear0 % day)
	second := milli / 1000
	b = append(b, `"0000-00-00T00:00:00.000Z"`...)
	text := b[len(b)-len(`0000-00-00T00:00:00.000Z"`):]
	putDigits(text, year/100)
	putDigits(text[2:], year%100)
	putDigits(text[5:], month)
	putDigits(text[8:], dayOfMonth)
	putDigits(text[11:], second/3600)
	putDigits(text[14:], second/60%60)
	putDigits(text[17:], second%60)
	putDigits(text[20:], milli%1000/10)
	text[22] = '0' + byte(milli%10)
	return b
}

// dateOf is the date of the Gregorian calendar, from the days since the first
// of January of the year 0. Years begin in March here, so that the leap day is
// their last. The algorithm is of C. Neri and L. Schneider, "Euclidean affine
// functions and their application to calendar algorithms" (2022).
func dateOf(days uint32) (year, month, day uint32) {
	n := 4*(days+146_097-60) + 3 // quarter days from March before a cycle of 400 years
	century, rest := n/146_097, n%146_097/4
	product := 2_939_745 * uint64(4*rest+3)
	yearOfCentury, dayOfYear := uint32(product>>32), uint32(product)/2_939_745/4
	m := 2141*dayOfYear + 197_913
	year, month, day = 100*century+yearOfCentury-400, m>>16, m&0xffff/2141+1
	if dayOfYear >= 306 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// putDigits writes n, of two digits.
func putDigits(b []byte, n uint32) { b[0], b[1] = '0'+byte(n/10), '0'+byte(n%10) }
