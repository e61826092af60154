package syntax

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a quoted string: section 2.9.4. Its text is valid UTF-8, so that
// each character is one that a string may hold.
func (l *lexer) string(start int) token {
	var value strings.Builder
	for offset := start + 1; ; {
		end := strings.IndexAny(l.text[offset:], "\"\\\r\n")
		if end < 0 {
			l.fail(len(l.text), "The string does not end")
		}
		value.WriteString(l.text[offset : offset+end])
		offset += end
		switch l.text[offset] {
		case '"':
			return token{stringValue, value.String(), l.place, offset + 1}
		case '\\':
			r, size := l.escape(offset)
			value.WriteRune(r)
			offset += size
		default:
			l.fail(offset, "The string does not end on its line")
		}
	}
}

// escape reads an escape sequence, and returns the character and how many bytes
// the sequence takes.
func (l *lexer) escape(offset int) (r rune, size int) {
	if c := l.at(offset + 1); c != 'u' {
		if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 && c != 0 {
			return rune("\"\\/\b\f\n\r\t"[i]), 2
		}
		l.fail(offset, "Unknown escape sequence")
	}
	rest := l.text[offset+2:]
	if strings.HasPrefix(rest, "{") {
		digits, _, closed := strings.Cut(rest[1:], "}")
		if r, ok := hexadecimal(digits); closed && len(digits) <= 8 && ok && utf8.ValidRune(r) {
			return r, len(`\u{}`) + len(digits)
		}
		l.fail(offset, "Invalid Unicode escape sequence")
	}
	const short = len(`\u0000`)
	first, ok := codeUnit(rest)
	if ok && utf8.ValidRune(first) {
		return first, short
	}
	if ok && strings.HasPrefix(rest[4:], `\u`) {
		second, _ := codeUnit(rest[6:])
		if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
			return pair, 2 * short
		}
	}
	l.fail(offset, "Invalid Unicode escape sequence")
	return 0, 0
}

// codeUnit reads four hexadecimal digits.
func codeUnit(text string) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	return hexadecimal(text[:4])
}

func hexadecimal(digits string) (rune, bool) {
	n, err := strconv.ParseUint(digits, 16, 31)
	return rune(n), err == nil
}

// blockString reads a block string.
func (l *lexer) blockString(start int) token {
	var raw strings.Builder
	for offset := start + 3; ; {
		end := strings.Index(l.text[offset:], `"""`)
		if end < 0 {
			l.fail(len(l.text), "The block string does not end")
		}
		raw.WriteString(l.text[offset : offset+end])
		offset += end + 3
		if l.text[offset-4] != '\\' {
			return token{blockString, blockStringValue(raw.String()), l.place, offset}
		}
		value := strings.TrimSuffix(raw.String(), `\`) + `"""`
		raw.Reset()
		raw.WriteString(value)
	}
}

var lineTerminators = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// blockStringValue takes the common indentation and the blank lines around away:
// BlockStringValue of section 2.9.4.
func blockStringValue(raw string) string {
	lines := strings.Split(lineTerminators.Replace(raw), "\n")
	indent, first, last := len(raw), -1, -1
	for i, line := range lines {
		content := strings.TrimLeft(line, " \t")
		if content == "" {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		if i > 0 {
			indent = min(indent, len(line)-len(content))
		}
	}
	if first < 0 {
		return ""
	}
	for i := 1; i < len(lines); i++ {
		lines[i] = lines[i][min(indent, len(lines[i])):]
	}
	return strings.Join(lines[first:last+1], "\n")
}
