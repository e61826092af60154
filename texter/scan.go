package texter

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"unsafe"
)

// maxDepth bounds how deep JSON may nest, and with it the scanner's stack.
const maxDepth = 128

// scanner reads a JSON text (RFC 8259) from front to back, checking as it
// goes. The first problem is kept in err and moves the scanner to the end of
// the text, so that every loop over it ends; what is read after it is void.
//
// What it hands out shares the memory of buf, which must be valid UTF-8 and
// never change.
type scanner struct {
	buf   []byte
	pos   int
	depth int
	err   error
}

// fail keeps the first error and ends the scan.
func (s *scanner) fail(err error) {
	if s.err == nil {
		s.err = err
	}
	s.pos = len(s.buf)
}

func (s *scanner) failSyntax() {
	s.fail(&syntaxError{offset: s.pos, truncated: s.pos >= len(s.buf)})
}

// peek skips white space and returns the byte after it, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.buf) && s.buf[s.pos] > ' ' {
		return s.buf[s.pos]
	}
	return s.peekPastSpace()
}

func (s *scanner) peekPastSpace() byte {
	for ; s.pos < len(s.buf); s.pos++ {
		switch c := s.buf[s.pos]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// take reads the byte c, which must come next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		s.failSyntax()
		return false
	}
	s.pos++
	return true
}

// object reads an object, yielding each key; the loop body reads the value.
func (s *scanner) object(yield func(key string) bool) {
	if !s.enter('{') {
		return
	}
	for c := s.peek(); c != '}'; c = s.peek() {
		key := s.string()
		if !s.take(':') || !yield(key) || !s.separator('}') {
			return
		}
	}
	s.leave()
}

// array reads an array, yielding each index; the loop body reads the value.
func (s *scanner) array(yield func(index int) bool) {
	if !s.enter('[') {
		return
	}
	index := 0
	for c := s.peek(); c != ']'; c = s.peek() {
		if !yield(index) || !s.separator(']') {
			return
		}
		index++
	}
	s.leave()
}

func (s *scanner) enter(open byte) bool {
	if s.depth++; s.depth > maxDepth {
		s.failSyntax()
		return false
	}
	return s.take(open)
}

func (s *scanner) leave() {
	s.depth--
	s.pos++
}

// separator reads the comma between two elements, or stops before the end
// mark. A comma before the end mark is an error.
func (s *scanner) separator(end byte) bool {
	switch c := s.peek(); {
	case c == ',':
		s.pos++
		if s.peek() != end {
			return true
		}
	case c == end:
		return true
	}
	s.failSyntax()
	return false
}

// string reads a string and returns what it stands for.
func (s *scanner) string() string {
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

// value reads any value and returns its text.
func (s *scanner) value() json.RawMessage {
	s.peek()
	start := s.pos
	s.skip()
	if s.err != nil {
		return nil
	}
	return s.buf[start:s.pos:s.pos]
}

// skip reads any value and drops it.
func (s *scanner) skip() {
	switch c := s.peek(); c {
	case '"':
		s.skipString()
	case '{':
		s.skipObject()
	case '[':
		for range s.array {
			s.skip()
		}
	case 't':
		s.literal("true")
	case 'f':
		s.literal("false")
	case 'n':
		s.literal("null")
	default:
		s.number()
	}
}

func (s *scanner) skipString() {
	if token, escaped := s.stringToken(); escaped && !json.Valid(s.buf[s.pos-len(token)-2:s.pos]) {
		s.failSyntax()
	}
}

func (s *scanner) skipObject() {
	if !s.enter('{') {
		return
	}
	for c := s.peek(); c != '}'; c = s.peek() {
		s.skipString()
		if !s.take(':') {
			return
		}
		s.skip()
		if !s.separator('}') {
			return
		}
	}
	s.leave()
}

// null reads a null if one comes next, and says whether it did.
func (s *scanner) null() bool {
	return s.peek() == 'n' && s.literal("null")
}

func (s *scanner) literal(word string) bool {
	if len(s.buf)-s.pos < len(word) || string(s.buf[s.pos:s.pos+len(word)]) != word {
		s.failSyntax()
		return false
	}
	s.pos += len(word)
	return true
}

// number reads a number and returns its text, and whether it is a plain
// integer: no fraction, no exponent.
func (s *scanner) number() (token []byte, integer bool) {
	s.peek()
	start := s.pos
	s.accept('-')
	if leading := s.pos; s.digits() == 0 || s.buf[leading] == '0' && s.pos > leading+1 {
		s.failSyntax()
		return nil, false
	}
	integer = true
	if s.accept('.') {
		integer = false
		if s.digits() == 0 {
			s.failSyntax()
			return nil, false
		}
	}
	if s.accept('e') || s.accept('E') {
		integer = false
		if !s.accept('+') {
			s.accept('-')
		}
		if s.digits() == 0 {
			s.failSyntax()
			return nil, false
		}
	}
	return s.buf[start:s.pos], integer
}

func (s *scanner) accept(c byte) bool {
	if s.pos < len(s.buf) && s.buf[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.buf) && s.buf[s.pos]-'0' <= 9 {
		s.pos++
	}
	return s.pos - start
}

// end reads the end of the text.
func (s *scanner) end() {
	if s.peek() != 0 || s.pos < len(s.buf) {
		s.failSyntax()
	}
}

// view is b as a string without a copy: b must never change afterwards.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
