package encode

import (
	"encoding/json"
	"strconv"
	"time"
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
	start := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			b = appendEscape(append(b, s[start:i]...), c)
			start = i + 1
		}
	}
	return append(append(b, s[start:]...), '"')
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

// appendDateTime appends a time of the years 0 to 9999 as RFC 3339 in UTC with
// milliseconds.
func appendDateTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	milli := t.Nanosecond() / int(time.Millisecond)
	return append(b, '"',
		digit(year/1000), digit(year/100), digit(year/10), digit(year), '-',
		digit(int(month)/10), digit(int(month)), '-', digit(day/10), digit(day), 'T',
		digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':', digit(second/10), digit(second), '.',
		digit(milli/100), digit(milli/10), digit(milli), 'Z', '"')
}

// digit is the last decimal digit of n.
func digit(n int) byte { return '0' + byte(n%10) }
