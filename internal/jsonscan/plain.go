package jsonscan

// PlainValue returns where the value ends that begins in text at pos, if it is
// written as programs mostly write JSON: without white space or escapes, numbers
// whole, and objects and arrays no deeper in each other than depth. It returns 0
// for all else, be it JSON or not, and at the very end of text.
func PlainValue(text []byte, pos, depth int) (end int) {
	switch c := byteAt(text, pos); c {
	case '"':
		return PlainString(text, pos)
	case '{', '[':
		return plainElements(text, pos, depth)
	case 't':
		return plainWord(text, pos, "true")
	case 'f':
		return plainWord(text, pos, "false")
	case 'n':
		return plainWord(text, pos, "null")
	}
	return plainNumber(text, pos)
}

// byteAt is a byte of text, 0 after its end.
func byteAt(text []byte, pos int) byte {
	if pos < len(text) {
		return text[pos]
	}
	return 0
}

func plainWord(text []byte, pos int, word string) (end int) {
	end = pos + len(word)
	if end <= len(text) && string(text[pos:end]) == word {
		return end
	}
	return 0
}

// plainNumber returns where a whole number ends; 0 if it has a fraction or an
// exponent.
func plainNumber(text []byte, pos int) (end int) {
	if byteAt(text, pos) == '-' {
		pos++
	}
	for end = pos; byteAt(text, end)-'0' <= 9; end++ {
	}
	switch c := byteAt(text, end); {
	case end == pos, text[pos] == '0' && end > pos+1, c == '.', c == 'e', c == 'E':
		return 0
	}
	return end
}

// plainElements returns where an object or array ends.
func plainElements(text []byte, pos, depth int) (end int) {
	object, closing := text[pos] == '{', text[pos]+2 // in ASCII
	if pos++; byteAt(text, pos) == closing {
		return pos + 1
	}
	for depth > 0 {
		if object {
			if pos = PlainString(text, pos); pos == 0 || byteAt(text, pos) != ':' {
				return 0
			}
			pos++
		}
		if pos = PlainValue(text, pos, depth-1); pos == 0 {
			return 0
		}
		switch byteAt(text, pos) {
		case ',':
			pos++
		case closing:
			return pos + 1
		default:
			return 0
		}
	}
	return 0
}
