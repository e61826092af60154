package jsonscan

// PlainValue returns the position after the value that begins in text at pos, if
// the value is plain: it is written as most programs write JSON, without white
// space and escapes, its numbers are integers, and its objects and arrays nest
// no deeper than depth. It returns 0 for all else, whether or not that is JSON,
// and may return 0 near the end of text.
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

// byteAt is the byte of text at pos, 0 after the end.
func byteAt(text []byte, pos int) byte {
	if pos < len(text) {
		return text[pos]
	}
	return 0
}

// plainWord returns the position after word, 0 if text has another word at pos.
func plainWord(text []byte, pos int, word string) (end int) {
	end = pos + len(word)
	if end <= len(text) && string(text[pos:end]) == word {
		return end
	}
	return 0
}

// plainNumber returns the position after an integer; 0 for a number with a
// fraction or an exponent.
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

// plainElements returns the position after a plain object or array.
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
