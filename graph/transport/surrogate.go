package transport

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// hasLoneSurrogate reports whether a JSON text has an escape sequence of half a
// character: RFC 8259, section 8.2. Nobody can search for half a character.
// GraphQL, section 3.5.3, lets a String hold whole ones only.
func hasLoneSurrogate(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 || i+1 == len(text) {
			return false
		}
		unit, ok := escapedUnit(text[i:])
		text = text[i+2:]
		if !ok || !utf16.IsSurrogate(unit) {
			continue
		}
		second, ok := escapedUnit(text[4:])
		if !ok || utf16.DecodeRune(unit, second) == utf8.RuneError {
			return true
		}
		text = text[4+len(`\u0000`):]
	}
}

// escapedUnit reads an escape sequence of a UTF-16 code unit.
func escapedUnit(text []byte) (rune, bool) {
	if len(text) < len(`\u0000`) || text[1] != 'u' || text[0] != '\\' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(unit), err == nil
}
