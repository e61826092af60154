package fast

import (
	"encoding/json"
	"unsafe"

	"texter-graphql/internal/jsonscan"
	"texter-graphql/texter"
)

// Each function that appends has one here, or in generated.go, that returns how
// many bytes it appends: before the first piece of a large response is sent, it must be
// known that it is not too large. To count takes a third of the time of encoding. Where
// the bound of each chat will do, nothing is counted: see bound.

func sizeNull() int { return len("null") }

func sizePointer[T any](v *T, sizeValue func(T) int) int {
	if v == nil {
		return sizeNull()
	}
	return sizeValue(*v)
}

func sizeIf[T any](v T, ok bool, sizeValue func(T) int) int {
	if !ok {
		return sizeNull()
	}
	return sizeValue(v)
}

func sizeText(t texter.Text) int {
	if json, ok := t.JSON(); ok {
		return len(json)
	}
	if t.IsNull() {
		return sizeNull()
	}
	return sizeString(t.String())
}

// sizeFunc counts the bytes of the fields of an object.
type sizeFunc[T any] func(fields []field, v *T, e *encoding) int

func sizeObject[T any](v *T, f *field, e *encoding, sizeFields sizeFunc[T]) int {
	if v == nil {
		return sizeNull()
	}
	return sizeFields(f.fields, v, e)
}

func sizeObjects[T any](list []*T, f *field, e *encoding, sizeFields sizeFunc[T]) int {
	n := sizeBrackets(len(list))
	for _, v := range list {
		n += sizeFields(f.fields, v, e)
	}
	return n
}

func sizeStructs[T any](list []T, f *field, e *encoding, sizeFields sizeFunc[T]) int {
	n := sizeBrackets(len(list))
	for i := range list {
		n += sizeFields(f.fields, &list[i], e)
	}
	return n
}

func sizeList[T any](list []T, sizeValue func(T) int) int {
	n := sizeBrackets(len(list))
	for _, v := range list {
		n += sizeValue(v)
	}
	return n
}

// sizeBrackets is the size of the brackets and commas of a list.
func sizeBrackets(length int) int { return len("[]") + max(length-1, 0) }

func sizeChatLabels(f *field, chat *texter.Chat, e *encoding) int {
	n := sizeBrackets(len(chat.LabelIDs))
	for _, id := range chat.LabelIDs {
		n += sizeFieldsOfLabel(f.fields, e.labels.FindOrBare(id), e)
	}
	return n
}

func sizeInt(v int) int {
	n := 1
	if v < 0 {
		n = 2
	}
	for v /= 10; v != 0; v /= 10 {
		n++
	}
	return n
}

func sizeBoolean(v bool) int {
	if v {
		return len("true")
	}
	return len("false")
}

func sizeDateTime(texter.Timestamp) int { return len(`"2006-01-02T15:04:05.000Z"`) }

func sizeJSON(v json.RawMessage) int {
	if v == nil {
		return sizeNull()
	}
	return len(v)
}

func sizeString(s string) int {
	n := len(`""`)
	for {
		plain := jsonscan.PlainPrefix(unsafe.Slice(unsafe.StringData(s), len(s)))
		n += plain
		if plain == len(s) {
			return n
		}
		var escape [len(`\u0000`)]byte
		n += len(appendEscape(escape[:0], s[plain]))
		s = s[plain+1:]
	}
}
