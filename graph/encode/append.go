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
	const day = 24 * 60 * 60 * 1000
	year, month, dayOfMonth := dateOf(int((t + 719_528*day) / day))
	milli := int((t + 719_528*day) % day)
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
// of January of the year 0. It counts in years that begin in March, so that
// the leap day is their last, and in cycles of 400 years.
func dateOf(days int) (year, month, day int) {
	days += 146_097 - 60 // from March before a whole cycle, to stay positive
	cycle, dayOfCycle := days/146_097, days%146_097
	yearOfCycle := (dayOfCycle - dayOfCycle/1460 + dayOfCycle/36_524 - dayOfCycle/146_096) / 365
	dayOfYear := dayOfCycle - (365*yearOfCycle + yearOfCycle/4 - yearOfCycle/100)
	monthFromMarch := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*monthFromMarch+2)/5 + 1
	year, month = (cycle-1)*400+yearOfCycle, monthFromMarch+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// putDigits writes n, of two digits.
func putDigits(b []byte, n int) { b[0], b[1] = '0'+byte(n/10), '0'+byte(n%10) }
