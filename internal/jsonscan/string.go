package jsonscan

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unsafe"
)

// StringValue reads a string and returns it, with its escapes decoded.
func (s *Scanner) StringValue() string {
	start := s.Pos
	if s.PlainString() {
		return View(s.Text[start+1 : s.Pos-1])
	}
	return s.escapedString()
}

// PlainString reads a string without escapes, as nearly all are, if one is at
// Pos. Else it reads nothing.
func (s *Scanner) PlainString() bool {
	end := PlainString(s.Text, s.Pos)
	if end > 0 {
		s.Pos = end
	}
	return end > 0
}

// PlainString returns the position after the string that begins in text at pos,
// if the string has no escapes. It returns 0 for all other values, and may return
// 0 near the end of text. Its form lets the compiler inline it.
func PlainString(text []byte, pos int) (end int) {
	if pos < len(text) && text[pos] == '"' {
		for end = pos + 1; end+8 <= len(text); end += 8 {
			if special := specialBytes(binary.LittleEndian.Uint64(text[end : end+8])); special != 0 {
				if end += bits.TrailingZeros64(special) / 8; text[end] == '"' {
					return end + 1
				}
				break
			}
		}
	}
	return 0
}

// escapedString reads a string that may have escapes, or have white space before
// it.
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

// stringToken reads a string. It returns the text between the quotes, and whether
// that has escapes. It does not check the escapes.
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

// PlainPrefix counts the bytes of b before the first quote, backslash or control
// character.
func PlainPrefix(b []byte) int {
	n := 0
	for ; len(b)-n >= 8; n += 8 {
		if special := specialBytes(binary.LittleEndian.Uint64(b[n:])); special != 0 {
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

// specialBytes sets the top bit of the first byte, of eight, that is a quote, a
// backslash or a control character. Higher bits have no meaning. Each subtraction
// borrows into the top bit of the bytes that it looks for, which is right up to
// the first one. Flipping the second bit makes the quote the next code after the
// control characters, so that one subtraction finds both.
func specialBytes(w uint64) uint64 {
	const (
		ones = 0x0101010101010101
		tops = 0x8080808080808080
	)
	return (((w ^ 2*ones) - ('"'^2+1)*ones) | ((w ^ ones*'\\') - ones)) &^ w & tops
}

// SkipString reads a string and reports whether it has escapes.
func (s *Scanner) SkipString() (escapes bool) {
	if s.PlainString() {
		return false
	}
	token, escapes := s.stringToken()
	if escapes && !json.Valid(s.Text[s.Pos-len(token)-2:s.Pos]) {
		s.FailSyntax()
	}
	return escapes
}

// View is b as a string, without a copy. The string changes when b changes.
func View(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
