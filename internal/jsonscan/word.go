package jsonscan

// Null reads a null if one comes next, and says whether it did.
func (s *Scanner) Null() bool {
	return s.Peek() == 'n' && s.Literal("null")
}

// Literal reads true, false or null.
func (s *Scanner) Literal(word string) bool {
	if len(s.Text)-s.Pos < len(word) || string(s.Text[s.Pos:s.Pos+len(word)]) != word {
		s.FailSyntax()
		return false
	}
	s.Pos += len(word)
	return true
}

// Number reads a number and returns its text.
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

func (s *Scanner) accept(c byte) bool {
	if s.Pos < len(s.Text) && s.Text[s.Pos] == c {
		s.Pos++
		return true
	}
	return false
}

func (s *Scanner) digits() int {
	start := s.Pos
	for s.Pos < len(s.Text) && s.Text[s.Pos]-'0' <= 9 {
		s.Pos++
	}
	return s.Pos - start
}
