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

// parseTimestamp reads a time as JavaScript writes it, 2025-11-01T15:48:11.076Z.
// It takes nothing but that form, which is what
// Texter sends; time.Parse takes others, and many times as long.
func parseTimestamp(text []byte) (t Timestamp, ok bool) {
	if len(text) != len("2006-01-02T15:04:05.000Z") {
		return 0, false
	}
	date, ok1 := pairsOf(text[0:8], "0000-00-")
	hours, ok2 := pairsOf(text[8:16], "00T00:00")
	rest, ok3 := pairsOf(text[16:24], ":00.000Z")
	year, month, day := date.at(0)*100+date.at(2), date.at(5), hours.at(0)
	hour, minute, second := hours.at(3), hours.at(6), rest.at(1)
	fraction := rest.at(3)*100 + rest.at(5) // the point counts as 0
	longest := 30 + (month^month>>3)&1
	if month == 2 {
		longest = 28 // time.Parse knows the leap years
	}
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > longest || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	milli := ((daysSince1970(year, month, day)*24+hour)*60+minute)*60_000 + second*1000 + fraction
	return Timestamp(milli), true
}

// pairs are the numbers that each two neighbors of eight digits make.
type pairs uint64

// at is the number of the digits at i and i+1.
func (p pairs) at(i int) int64 { return int64(p >> (8 * i) & 0xff) }

// pairsOf reads eight bytes of this form, which has zeros where the digits are.
// All else must be as in the form, and counts as 0.
func pairsOf(text []byte, form string) (p pairs, ok bool) {
	const ones, tops, zeros = 0x0101010101010101, 0x8080808080808080, 0x3030303030303030
	like := binary.LittleEndian.Uint64([]byte(form))
	v := eightBytes(text, 0) ^ like // 0 to 9 for digits, 0 for all else
	other := like ^ zeros           // not 0 where no digits are
	other = (other | (other + 0x7f*ones)) & tops / 0x80 * 0xff
	return pairs(v*10 + v>>8), (v|(v+(0x7f-9)*ones))&tops == 0 && v&other == 0
}

// daysSince1970 counts the days to a date of the Gregorian calendar. Years
// begin in March, so that the leap day is their last.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	century := (year + 400) / 100 // shifted by a whole cycle, to stay positive
	leapDays := (year+400)/4 - century + century/4
	const from = 400*365 + 97 + 719_468 // a cycle, and the days from March of the year 0 to 1970
	return (year+400)*365 + leapDays + (153*(month-3)+2)/5 + day - 1 - from
}
