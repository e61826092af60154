package texter

import "encoding/json"

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

// end reads the end of the text.
func (s *scanner) end() {
	if s.peek() != 0 || s.pos < len(s.buf) {
		s.failSyntax()
	}
}
