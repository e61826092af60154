package texter

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unsafe"
)

// string reads a string and returns what it stands for.
func (s *scanner) string() string {
	if rest := s.buf[s.pos:]; len(rest) > 0 && rest[0] == '"' {
		if n := 1 + plainPrefix(rest[1:]); n < len(rest) && rest[n] == '"' {
			s.pos += n + 1
			return view(rest[1:n])
		}
	}
	return s.escapedString()
}

// escapedString reads a string that may have escapes, or white space before it.
func (s *scanner) escapedString() string {
	token, escaped := s.stringToken()
	if !escaped {
		return view(token)
	}
	var text string
	if err := json.Unmarshal(s.buf[s.pos-len(token)-2:s.pos], &text); err != nil {
		s.failSyntax()
	}
	return text
}

// stringToken reads a string and returns what stands between its quotes, and
// whether that has escapes, which are not checked.
func (s *scanner) stringToken() (token []byte, escaped bool) {
	if !s.take('"') {
		return nil, false
	}
	start, i := s.pos, s.pos
	for i < len(s.buf) {
		i += plainPrefix(s.buf[i:])
		if i >= len(s.buf) {
			break
		}
		switch c := s.buf[i]; {
		case c == '"':
			s.pos = i + 1
			return s.buf[start:i], escaped
		case c == '\\':
			escaped = true
			i += 2
		case c < ' ':
			s.pos = i
			s.failSyntax()
			return nil, false
		default:
			i++
		}
	}
	s.pos = len(s.buf)
	s.failSyntax()
	return nil, false
}

// plainPrefix returns the length of a prefix of b, in whole words of eight
// bytes and the last one up to its first special byte, that has no quote, no
// backslash and no control character. It looks at eight bytes at once: for
// each wanted byte value, the subtraction borrows into the top bit of exactly
// the bytes that hold it, up to and including the first.
func plainPrefix(b []byte) int {
	const (
		ones = 0x0101010101010101
		tops = 0x8080808080808080
	)
	n := 0
	for ; len(b)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		quote := w ^ (ones * '"')
		slash := w ^ (ones * '\\')
		special := (w-ones*' ')&^w | (quote-ones)&^quote | (slash-ones)&^slash
		if special &= tops; special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	return n
}

func (s *scanner) skipString() {
	if rest := s.buf[s.pos:]; len(rest) > 0 && rest[0] == '"' {
		if n := 1 + plainPrefix(rest[1:]); n < len(rest) && rest[n] == '"' {
			s.pos += n + 1
			return
		}
	}
	if token, escaped := s.stringToken(); escaped && !json.Valid(s.buf[s.pos-len(token)-2:s.pos]) {
		s.failSyntax()
	}
}

// view is b as a string without a copy: b must never change afterwards.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
