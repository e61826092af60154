package texter

import (
	"encoding/binary"
	"time"
)

// Timestamp is a moment, in milliseconds since 1970-01-01T00:00:00Z. Those of
// a chat are in the years 0 to 9999, which RFC 3339 can write.
type Timestamp int64

const (
	minTimestamp Timestamp = -62_167_219_200_000 // 0000-01-01T00:00:00.000Z
	maxTimestamp Timestamp = 253_402_300_799_999 // 9999-12-31T23:59:59.999Z
)

// Time is the moment as a time in UTC.
func (t Timestamp) Time() time.Time { return time.UnixMilli(int64(t)).UTC() }

// parseTimestamp reads a time as JavaScript writes it, and Texter sends it:
// 2025-11-01T15:48:11.076Z. It takes no other form. time.Parse takes other forms,
// and many times as long.
func parseTimestamp(text []byte) (t Timestamp, ok bool) {
	if len(text) != len("2006-01-02T15:04:05.000Z") {
		return 0, false
	}
	date, ok1 := parsePairs(text[0:8], "0000-00-")
	hours, ok2 := parsePairs(text[8:16], "00T00:00")
	rest, ok3 := parsePairs(text[16:24], ":00.000Z")
	year, month, day := date.at(0)*100+date.at(2), date.at(5), hours.at(0)
	hour, minute, second := hours.at(3), hours.at(6), rest.at(1)
	milliseconds := rest.at(3)*100 + rest.at(5) // the point before them counts as 0
	longest := 30 + (month^month>>3)&1
	if month == 2 {
		longest = 28 // the 29th is left to time.Parse, which knows the leap years
	}
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > longest || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	milli := ((daysSince1970(year, month, day)*24+hour)*60+minute)*60_000 + second*1000 + milliseconds
	return Timestamp(milli), true
}

// pairs are the numbers that two neighboring digits make, for all neighbors of
// eight characters.
type pairs uint64

// at is the number that the digits at i and i+1 make.
func (p pairs) at(i int) int64 { return int64(p >> (8 * i) & 0xff) }

// parsePairs reads eight bytes of this form, which has a zero for each digit. All
// other characters must be those of the form, and count as 0.
func parsePairs(text []byte, form string) (p pairs, ok bool) {
	const ones, tops, zeros = 0x0101010101010101, 0x8080808080808080, 0x3030303030303030
	expected := binary.LittleEndian.Uint64([]byte(form))
	v := eightBytes(text, 0) ^ expected // 0 to 9 for digits, 0 for all else
	other := expected ^ zeros           // not 0 where the form has no digit
	other = (other | (other + 0x7f*ones)) & tops / 0x80 * 0xff
	return pairs(v*10 + v>>8), (v|(v+(0x7f-9)*ones))&tops == 0 && v&other == 0
}

// daysSince1970 counts the days to a date of the Gregorian calendar. It lets
// years begin in March, so that the leap day is the last day of a year.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	century := (year + 400) / 100 // shifted by one cycle of 400 years, to stay positive
	leapDays := (year+400)/4 - century + century/4
	const from = 400*365 + 97 + 719_468 // a cycle, and the days from March of the year 0 to 1970
	return (year+400)*365 + leapDays + (153*(month-3)+2)/5 + day - 1 - from
}
