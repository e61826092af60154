package jsonscan

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unsafe"
)

// StringValue reads a string and returns what it stands for.
func (s *Scanner) StringValue() string {
	if token, ok := s.plainToken(); ok {
		return View(token)
	}
	return s.escapedString()
}

// plainToken reads a string that comes right here and has no escapes, which is
// what nearly all are, and returns what stands between its quotes. It reads
// nothing if another comes.
func (s *Scanner) plainToken() (token []byte, ok bool) {
	rest := s.Text[s.Pos:]
	if len(rest) == 0 || rest[0] != '"' {
		return nil, false
	}
	n := 1 + PlainPrefix(rest[1:])
	if n == len(rest) || rest[n] != '"' {
		return nil, false
	}
	s.Pos += n + 1
	return rest[1:n], true
}

// escapedString reads a string that may have escapes, or white space before it.
func (s *Scanner) escapedString() string {
	token, escaped := s.stringToken()
	if !escaped {
		return View(token)
	}
	text, ok := unescape(token)
	if !ok {
		s.FailSyntax()
	}
	s.Unescaped += cap(text)
	return View(text)
}

// stringToken reads a string and returns what stands between its quotes, and
// whether that has escapes, which are not checked.
func (s *Scanner) stringToken() (token []byte, escaped bool) {
	if !s.Take('"') {
		return nil, false
	}
	start, i := s.Pos, s.Pos
	for i < len(s.Text) {
		i += PlainPrefix(s.Text[i:])
		if i >= len(s.Text) {
			break
		}
		switch c := s.Text[i]; {
		case c == '"':
			s.Pos = i + 1
			return s.Text[start:i], escaped
		case c == '\\':
			escaped = true
			i += 2
		case c < ' ':
			s.Pos = i
			s.FailSyntax()
			return nil, false
		}
	}
	s.Pos = len(s.Text)
	s.FailSyntax()
	return nil, false
}

// PlainPrefix returns how many bytes of b come before the first quote,
// backslash or control character. It looks at eight bytes at once: each
// subtraction borrows into the top bit of the bytes that are looked for, up to
// and including the first.
func PlainPrefix(b []byte) int {
	const (
		ones = 0x0101010101010101
		tops = 0x8080808080808080
	)
	n := 0
	for ; len(b)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		special := ((w-ones*' ')&^w | (quote-ones)&^quote | (slash-ones)&^slash) & tops
		if special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	for ; n < len(b); n++ {
		if c := b[n]; c < ' ' || c == '"' || c == '\\' {
			break
		}
	}
	return n
}

// SkipString reads a string and reports whether it has escapes.
func (s *Scanner) SkipString() (escapes bool) {
	if _, ok := s.plainToken(); ok {
		return false
	}
	token, escapes := s.stringToken()
	if escapes && !json.Valid(s.Text[s.Pos-len(token)-2:s.Pos]) {
		s.FailSyntax()
	}
	return escapes
}

// View is b as a string without a copy: b must never change afterwards.
func View(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
