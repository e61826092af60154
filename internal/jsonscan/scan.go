// Package jsonscan reads JSON texts (RFC 8259) from front to back, without
// copying what it returns.
package jsonscan

import (
	"encoding/json"
	"fmt"
)

// MaxDepth bounds how deep objects and arrays may nest, and so the scanner's
// stack.
const MaxDepth = 128

// Scanner reads a JSON text, and checks what it reads. The first error is kept in
// Err and moves the scanner to the end of the text, so that every loop over the
// text ends. What it returns after an error has no meaning.
//
// What it returns shares the memory of Text.
type Scanner struct {
	// Text must be valid UTF-8. It must not change as long as something that the
	// scanner returned is used.
	Text []byte
	// Pos is the scanner's position in Text.
	Pos int
	// Err is the first error: a *SyntaxError, or the argument of Fail. Nil for none.
	Err error
	// Unescaped is how many bytes of memory were allocated for strings with
	// escapes. Nothing else is allocated.
	Unescaped int

	depth int
}

// SyntaxError says where a text is not JSON.
type SyntaxError struct {
	// Offset is the first byte that is not JSON, counted from 0.
	Offset int
	// Truncated says that the text ends at Offset.
	Truncated bool
}

// Error tells the offset. It quotes nothing of the text.
func (e *SyntaxError) Error() string {
	if e.Truncated {
		return "ends in the middle of its JSON"
	}
	return fmt.Sprintf("is not JSON from byte %d on", e.Offset)
}

// Fail keeps the first error and ends the scan.
func (s *Scanner) Fail(err error) {
	if s.Err == nil {
		s.Err = err
	}
	s.Pos = len(s.Text)
}

// FailSyntax ends the scan with a *SyntaxError.
func (s *Scanner) FailSyntax() {
	s.Fail(&SyntaxError{Offset: s.Pos, Truncated: s.Pos >= len(s.Text)})
}

// Peek skips white space and returns the byte after it, 0 at the end.
func (s *Scanner) Peek() byte {
	if s.Pos < len(s.Text) && s.Text[s.Pos] > ' ' {
		return s.Text[s.Pos]
	}
	return s.peekPastSpace()
}

func (s *Scanner) peekPastSpace() byte {
	for ; s.Pos < len(s.Text); s.Pos++ {
		switch c := s.Text[s.Pos]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// Take reads the byte c. It fails if the next byte after white space is another.
func (s *Scanner) Take(c byte) bool {
	if s.Peek() != c {
		s.FailSyntax()
		return false
	}
	s.Pos++
	return true
}

// Object reads an object. It yields each key; the body of the loop reads the
// value.
func (s *Scanner) Object(yield func(key string) bool) {
	if !s.Enter('{') {
		return
	}
	for c := s.Peek(); c != '}'; c = s.Peek() {
		key := s.StringValue()
		if !s.Take(':') || !yield(key) || !s.separator('}') {
			return
		}
	}
	s.Leave()
}

// Array reads an array. It yields the index of each element; the body of the
// loop reads the element.
func (s *Scanner) Array(yield func(index int) bool) {
	if !s.Enter('[') {
		return
	}
	index := 0
	for c := s.Peek(); c != ']'; c = s.Peek() {
		if !yield(index) || !s.separator(']') {
			return
		}
		index++
	}
	s.Leave()
}

// Enter reads the bracket that opens an object or array.
func (s *Scanner) Enter(open byte) bool {
	if s.depth++; s.depth > MaxDepth {
		s.FailSyntax()
		return false
	}
	return s.Take(open)
}

// Leave reads the bracket that closes an object or array. It must be at Pos.
func (s *Scanner) Leave() {
	s.depth--
	s.Pos++
}

// separator reads the comma between two elements, or stops before the closing
// bracket end. A comma right before that is an error.
func (s *Scanner) separator(end byte) bool {
	switch c := s.Peek(); {
	case c == ',':
		s.Pos++
		if s.Peek() != end {
			return true
		}
	case c == end:
		return true
	}
	s.FailSyntax()
	return false
}

// Value reads any value and returns its JSON.
func (s *Scanner) Value() json.RawMessage {
	s.Peek()
	start := s.Pos
	s.Skip()
	if s.Err != nil {
		return nil
	}
	return s.Text[start:s.Pos:s.Pos]
}

// Skip reads any value.
func (s *Scanner) Skip() {
	switch c := s.Peek(); c {
	case '"':
		s.SkipString()
	case '{':
		s.skipObject()
	case '[':
		for range s.Array {
			s.Skip()
		}
	case 't':
		s.Literal("true")
	case 'f':
		s.Literal("false")
	case 'n':
		s.Literal("null")
	default:
		s.Number()
	}
}

func (s *Scanner) skipObject() {
	if !s.Enter('{') {
		return
	}
	for c := s.Peek(); c != '}'; c = s.Peek() {
		s.SkipString()
		if !s.Take(':') {
			return
		}
		s.Skip()
		if !s.separator('}') {
			return
		}
	}
	s.Leave()
}

// End fails if anything but white space is left.
func (s *Scanner) End() {
	if s.Peek() != 0 || s.Pos < len(s.Text) {
		s.FailSyntax()
	}
}
