package texter

import "time"

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
// Texter sends; time.Parse takes others, and four times as long.
func parseTimestamp(text string) (t Timestamp, ok bool) {
	if len(text) != len("2006-01-02T15:04:05.000Z") ||
		text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[23] != 'Z' {
		return 0, false
	}
	var bad byte
	digits := func(from, to int) int64 {
		var n int64
		for _, c := range []byte(text[from:to]) {
			c -= '0'
			if c > 9 {
				bad = 1
			}
			n = n*10 + int64(c)
		}
		return n
	}
	year, month, day := digits(0, 4), digits(5, 7), digits(8, 10)
	hour, minute, second := digits(11, 13), digits(14, 16), digits(17, 19)
	fraction := digits(20, 23)
	longest := 30 + (month^month>>3)&1
	if month == 2 {
		longest = 28 // time.Parse knows the leap years
	}
	if bad != 0 || month < 1 || month > 12 || day < 1 || day > longest || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	milli := ((daysSince1970(year, month, day)*24+hour)*60+minute)*60_000 + second*1000 + fraction
	return Timestamp(milli), true
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
