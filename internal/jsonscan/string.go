package jsonscan

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unsafe"
)

// StringValue reads a string and returns what it stands for.
func (s *Scanner) StringValue() string {
	start := s.Pos
	if s.PlainString() {
		return View(s.Text[start+1 : s.Pos-1])
	}
	return s.escapedString()
}

// PlainString reads a string that comes right here and has no escapes, which is
// what nearly all are. It reads nothing if another comes.
func (s *Scanner) PlainString() bool {
	end := PlainString(s.Text, s.Pos)
	if end > 0 {
		s.Pos = end
	}
	return end > 0
}

// PlainString returns where the string ends that begins in text at pos, if it
// has no escapes; 0 for another value, and for a string at the very end of text.
// It is written so that the compiler still inlines it.
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
// backslash or control character.
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

// specialBytes marks the first quote, backslash or control character of eight
// bytes by its top bit; marks above it mean nothing. Each subtraction borrows
// into the top bit of the bytes that are looked for, up to and including the
// first. With its second bit turned, the quote comes right after the control
// characters, so that one subtraction finds all of those.
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

// View is b as a string without a copy: b must never change afterwards.
func View(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
