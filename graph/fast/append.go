package fast

import (
	"encoding/json"
	"strconv"
	"unsafe"

	"texter-graphql/internal/jsonscan"
	"texter-graphql/texter"
)

func appendNull(b []byte) []byte { return append(b, "null"...) }

// appendPointer appends the value that a pointer points to, or null.
func appendPointer[T any](b []byte, v *T, appendValue func([]byte, T) []byte) []byte {
	if v == nil {
		return appendNull(b)
	}
	return appendValue(b, *v)
}

// appendIf appends a value if ok is true, else null.
func appendIf[T any](b []byte, v T, ok bool, appendValue func([]byte, T) []byte) []byte {
	if !ok {
		return appendNull(b)
	}
	return appendValue(b, v)
}

// appendText appends a string from Texter, or null.
func appendText(b []byte, t texter.Text) []byte {
	if json, ok := t.JSON(); ok {
		return append(b, json...)
	}
	if t.IsNull() {
		return appendNull(b)
	}
	return appendString(b, t.String())
}

// appendFunc appends the fields of an object.
type appendFunc[T any] func(b []byte, fields []field, v *T, e *encoding) []byte

// appendObject appends an object, or null.
func appendObject[T any](b []byte, v *T, f *field, e *encoding, appendFields appendFunc[T]) []byte {
	if v == nil {
		return appendNull(b)
	}
	return appendFields(b, f.fields, v, e)
}

// appendObjects appends a list of objects.
func appendObjects[T any](b []byte, list []*T, f *field, e *encoding, appendFields appendFunc[T]) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b = appendFields(b, f.fields, v, e); e.ended {
			return b
		}
	}
	return append(b, ']')
}

// appendStructs appends a list of objects that is a slice of structs.
func appendStructs[T any](b []byte, list []T, f *field, e *encoding, appendFields appendFunc[T]) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b = appendFields(b, f.fields, &list[i], e); e.ended {
			return b
		}
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

// appendJSON appends JSON unchanged, or null.
func appendJSON(b []byte, v json.RawMessage) []byte {
	if v == nil {
		return appendNull(b)
	}
	return append(b, v...)
}

// appendString appends a string of valid UTF-8. It escapes what gqlgen escapes.
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
