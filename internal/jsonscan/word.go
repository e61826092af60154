package jsonscan

// Null reads null, if that is next, and reports whether it was.
func (s *Scanner) Null() bool {
	return s.Peek() == 'n' && s.Literal("null")
}

// Literal reads a word, which is true, false or null. It fails if another is at
// Pos.
func (s *Scanner) Literal(word string) bool {
	if len(s.Text)-s.Pos < len(word) || string(s.Text[s.Pos:s.Pos+len(word)]) != word {
		s.FailSyntax()
		return false
	}
	s.Pos += len(word)
	return true
}

// Number reads a number and returns its JSON.
func (s *Scanner) Number() []byte {
	s.Peek()
	start := s.Pos
	s.accept('-')
	if leading := s.Pos; s.digits() == 0 || s.Text[leading] == '0' && s.Pos > leading+1 {
		s.FailSyntax()
		return nil
	}
	if s.accept('.') && s.digits() == 0 {
		s.FailSyntax()
		return nil
	}
	if s.accept('e') || s.accept('E') {
		if !s.accept('+') {
			s.accept('-')
		}
		if s.digits() == 0 {
			s.FailSyntax()
			return nil
		}
	}
	return s.Text[start:s.Pos]
}

// accept reads the byte c, if that is at Pos, and reports whether it was.
func (s *Scanner) accept(c byte) bool {
	if s.Pos < len(s.Text) && s.Text[s.Pos] == c {
		s.Pos++
		return true
	}
	return false
}

// digits reads digits and counts them.
func (s *Scanner) digits() int {
	start := s.Pos
	for s.Pos < len(s.Text) && s.Text[s.Pos]-'0' <= 9 {
		s.Pos++
	}
	return s.Pos - start
}
