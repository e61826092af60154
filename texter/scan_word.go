package texter

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

// number reads a number and returns its text.
func (s *scanner) number() []byte {
	s.peek()
	start := s.pos
	s.accept('-')
	if leading := s.pos; s.digits() == 0 || s.buf[leading] == '0' && s.pos > leading+1 {
		s.failSyntax()
		return nil
	}
	if s.accept('.') && s.digits() == 0 {
		s.failSyntax()
		return nil
	}
	if s.accept('e') || s.accept('E') {
		if !s.accept('+') {
			s.accept('-')
		}
		if s.digits() == 0 {
			s.failSyntax()
			return nil
		}
	}
	return s.buf[start:s.pos]
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
