package jsonscan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape decodes the escapes of a text between quotes. Surrogates that are not
// a pair become U+FFFD, as in encoding/json. It is not ok for an escape that JSON
// does not have.
func unescape(token []byte) (text []byte, ok bool) {
	text = make([]byte, 0, len(token))
	for {
		plain := bytes.IndexByte(token, '\\')
		if plain < 0 {
			return append(text, token...), true
		}
		text = append(text, token[:plain]...)
		token = token[plain+1:]
		if len(token) == 0 {
			return nil, false
		}
		c := token[0]
		token = token[1:]
		switch c {
		case '"', '\\', '/':
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			var r rune
			if r, token, ok = unescapeRune(token); !ok {
				return nil, false
			}
			text = utf8.AppendRune(text, r)
			continue
		default:
			return nil, false
		}
		text = append(text, c)
	}
}

// unescapeRune decodes the digits after \u, and after those the second half of a
// surrogate pair.
func unescapeRune(token []byte) (r rune, rest []byte, ok bool) {
	if r, ok = hex4(token); !ok {
		return 0, nil, false
	}
	rest = token[4:]
	if !utf16.IsSurrogate(r) {
		return r, rest, true
	}
	if bytes.HasPrefix(rest, []byte(`\u`)) {
		if low, ok := hex4(rest[2:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf16.DecodeRune(r, low), rest[6:], true
		}
	}
	return utf8.RuneError, rest, true
}

// hex4 reads four hexadecimal digits.
func hex4(token []byte) (rune, bool) {
	if len(token) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range token[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
