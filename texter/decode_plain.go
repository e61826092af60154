package texter

import (
	"encoding/binary"
	"math"

	"texter-graphql/internal/jsonscan"
)

// plainValue reads the value of the key, which is in text at pos, if it is
// written as nearly all values are. It returns the value and the position after
// it. It returns 0, 0 for all others, objects and labels among them: see
// decoder.value.
func (k *key) plainValue(text []byte, pos int) (v value, end int) {
	switch k.kind {
	case asText:
		if end = jsonscan.PlainString(text, pos); end > 0 {
			return spanValue(pos, end), end
		}
	case asInteger:
		if n, end := plainInteger(text, pos); end > 0 && n <= math.MaxInt32 {
			return intValue(int32(n)), end
		}
	case asMilliseconds:
		return plainTime(plainInteger(text, pos))
	case asSeconds:
		n, end := plainInteger(text, pos)
		return plainTime(n*1000, end)
	case asISOTime:
		const length = len(`"2006-01-02T15:04:05.000Z"`)
		if len(text)-pos >= length && text[pos] == '"' && text[pos+length-1] == '"' {
			if t, ok := parseTimestamp(text[pos+1 : pos+length-1]); ok {
				return timeValue(t), pos + length
			}
		}
	case asJSON, ignored:
		if end = jsonscan.PlainValue(text, pos, plainDepth); end > 0 && text[pos] != 'n' {
			return spanValue(pos, end), end
		}
	case asBoolean:
		if len(text)-pos >= 5 && string(text[pos:pos+5]) == "false" {
			return isFalse, pos + 5
		}
	}
	if k.kind < asLabels && len(text)-pos >= 4 && string(text[pos:pos+4]) == "null" {
		return 0, pos + 4
	}
	return 0, 0
}

// plainDepth is how deep values without a documented form mostly nest.
const plainDepth = 8

// plainTime is the value of a time whose digits end at end. It returns 0, 0 if
// there are none, and if the time is out of range.
func plainTime(milliseconds int64, end int) (value, int) {
	v := timeValue(Timestamp(milliseconds))
	if v == 0 || end == 0 {
		return 0, 0
	}
	return v, end
}

// plainInteger reads an integer of 1 to 15 digits without a sign, as nearly all
// numbers are written. It returns the number and the position after it; 0 for
// all other values.
func plainInteger(text []byte, pos int) (n int64, end int) {
	if len(text)-pos < 17 {
		return 0, 0
	}
	end = pos
	if w := eightBytes(text, pos); areDigits(w) {
		n, end = eightDigits(w), pos+8
	}
	for ; text[end]-'0' <= 9 && end < pos+16; end++ {
		n = n*10 + int64(text[end]-'0')
	}
	if c := text[end]; (c == ',' || c == '}') && end > pos && (end == pos+1 || text[pos] != '0') {
		return n, end
	}
	return 0, 0
}

// eightBytes are the bytes of text from pos on as one number, of which the
// first byte is the lowest.
func eightBytes(text []byte, pos int) uint64 {
	return binary.LittleEndian.Uint64(text[pos : pos+8])
}

func areDigits(w uint64) bool {
	return (w&0xf0f0f0f0f0f0f0f0)|((w+0x0606060606060606)&0xf0f0f0f0f0f0f0f0)>>4 == 0x3333333333333333
}

// eightDigits is the number that eight digits make. It joins them to pairs,
// then fours, then all.
func eightDigits(w uint64) int64 {
	w = (w & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
	w = (w & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return int64((w & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32)
}
