package syntax

import (
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token. That of a punctuator is its own text.
type kind string

const (
	endOfFile   kind = "<EOF>"
	name        kind = "Name"
	intValue    kind = "Int"
	floatValue  kind = "Float"
	stringValue kind = "String"
	blockString kind = "BlockString"
	spread      kind = "..."
	comment     kind = "Comment"
)

// token is a lexical token: section 2.1.6.
type token struct {
	kind  kind
	value string // of a name or number, as it is written; of a string, without quotes and escapes
	place place
	end   int // byte offset
}

// is reports whether the token is this name.
func (t token) is(keyword string) bool { return t.kind == name && t.value == keyword }

// place is a place in the text.
type place struct {
	offset       int // in bytes
	line, column int // from 1; columns are counted in UTF-16 code units, as graphql-js does
}

// lexer reads tokens. It stops by a panic with an *Error, which Parse recovers.
type lexer struct {
	text   string
	place  place // of the byte at offset
	tokens int
	limit  int
}

// advance moves the place forward to an offset.
func (p place) advance(text string, offset int) place {
	for p.offset < offset {
		r, size := utf8.DecodeRuneInString(text[p.offset:])
		p.offset += size
		switch {
		case r == '\n', r == '\r' && !strings.HasPrefix(text[p.offset:], "\n"):
			p.line++
			p.column = 1
		case r > 0xffff:
			p.column += 2
		case r != '\r':
			p.column++
		}
	}
	return p
}

// fail ends the parsing with an error at an offset, which is not before the place.
func (l *lexer) fail(offset int, message string) {
	panic(&Error{Message: message, Line: l.place.advance(l.text, offset).line, Column: l.place.advance(l.text, offset).column})
}

// at is the byte at an offset, or 0 behind the end.
func (l *lexer) at(offset int) byte {
	if offset >= len(l.text) {
		return 0
	}
	return l.text[offset]
}

// next reads the next token that is no comment.
func (l *lexer) next() token {
	for {
		t := l.read()
		l.place = l.place.advance(l.text, t.end)
		if t.kind == endOfFile {
			return t
		}
		if l.tokens++; l.tokens > l.limit {
			panic(&Error{TooManyTokens: true})
		}
		if t.kind != comment {
			return t
		}
	}
}

func (l *lexer) read() token {
	l.place = l.place.advance(l.text, l.skipIgnored())
	start := l.place.offset
	if start == len(l.text) {
		return token{kind: endOfFile, place: l.place, end: start}
	}
	switch c := l.text[start]; {
	case isNameStart(c):
		return l.token(name, l.skip(start, isNameContinue))
	case isDigit(c), c == '-':
		return l.number(start)
	case c == '"' && strings.HasPrefix(l.text[start:], `"""`):
		return l.blockString(start)
	case c == '"':
		return l.string(start)
	case c == '#':
		end := strings.IndexAny(l.text[start:], "\r\n")
		if end < 0 {
			end = len(l.text) - start
		}
		return l.token(comment, start+end)
	case strings.HasPrefix(l.text[start:], "..."):
		return l.token(spread, start+3)
	case strings.IndexByte("!$&():=@[]{|}", c) >= 0:
		return l.token(kind(c), start+1)
	}
	if l.at(start) == '.' && isDigit(l.at(start+1)) {
		l.fail(start, "Expected a digit before the point of a number")
	}
	l.fail(start, "Unexpected character")
	panic("unreachable")
}

// token is a token from the place to end.
func (l *lexer) token(k kind, end int) token {
	return token{kind: k, value: l.text[l.place.offset:end], place: l.place, end: end}
}

// skipIgnored is the offset behind white space, line terminators, commas and
// Unicode byte order marks.
func (l *lexer) skipIgnored() int {
	offset := l.place.offset
	for {
		switch l.at(offset) {
		case '\t', ' ', ',', '\n', '\r':
			offset++
		case 0xef:
			if !strings.HasPrefix(l.text[offset:], "\ufeff") {
				return offset
			}
			offset += len("\ufeff")
		default:
			return offset
		}
	}
}

// skip is the first offset from start on whose byte is not of a class.
func (l *lexer) skip(start int, class func(byte) bool) int {
	for class(l.at(start)) {
		start++
	}
	return start
}

// number reads an Int or Float: sections 2.9.1 and 2.9.2. No name and no point
// may follow at once.
func (l *lexer) number(start int) token {
	k, end := intValue, start
	if l.at(end) == '-' {
		end++
	}
	if l.at(end) == '0' {
		if end++; isDigit(l.at(end)) {
			l.fail(end, "Unexpected digit after the leading 0 of a number")
		}
	} else {
		end = l.digits(end)
	}
	if l.at(end) == '.' {
		k, end = floatValue, l.digits(end+1)
	}
	if c := l.at(end); c == 'e' || c == 'E' {
		if end++; l.at(end) == '+' || l.at(end) == '-' {
			end++
		}
		k, end = floatValue, l.digits(end)
	}
	if c := l.at(end); c == '.' || isNameStart(c) {
		l.fail(end, "Unexpected character behind a number")
	}
	return l.token(k, end)
}

// digits is the offset behind one or more digits.
func (l *lexer) digits(start int) int {
	if !isDigit(l.at(start)) {
		l.fail(start, "Expected a digit")
	}
	return l.skip(start, isDigit)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameStart(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

func isNameContinue(c byte) bool { return isNameStart(c) || isDigit(c) }
