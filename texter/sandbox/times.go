package sandbox

import "math"

// times are the times of one made-up chat, in epoch milliseconds.
type times struct {
	created  int64
	updated  int64
	last     *int64 // nil: no messages
	incoming *int64 // nil: the contact never wrote
	bulk     bool   // the last message came from a bulk send
}

func (m *maker) times(i int) times {
	switch {
	case i%messagelessEvery == messagelessEvery-1:
		created := m.ago(1, 30)
		return times{created: created, updated: created}
	case i == 0: // the chat at the top is always recent
		return m.around(m.now-newestMessage.Milliseconds(), false)
	case m.chance(bulkPercent):
		return m.around(pick(m, m.bulks), true)
	}
	return m.around(m.ago(5, oldestDays), false)
}

// around makes up the times of a chat from the time of its last message.
func (m *maker) around(last int64, bulk bool) times {
	t := times{
		created: last - m.upTo(300*millisecondsPerDay) - 1,
		updated: last + m.upTo(5000),
		last:    &last,
		bulk:    bulk,
	}
	switch {
	case bulk && m.chance(30): // the contact never wrote
	case bulk:
		t.incoming = new(t.created + m.upTo(last-t.created))
	case m.chance(50): // the business answered
		t.incoming = new(last - m.upTo(min(last-t.created, millisecondsPerDay)))
	default:
		t.incoming = new(last)
	}
	return t
}

// ago is a time in the past: at most so many days ago, and before the newest
// message. The larger steep is, the more times are near now.
func (m *maker) ago(steep float64, days int64) int64 {
	part := math.Expm1(steep*m.r.Float64()) / math.Expm1(steep) // 0 to 1
	return m.now - newestMessage.Milliseconds() - 1 - int64(part*float64(days*millisecondsPerDay))
}

// upTo is a random number from 0 to less than n.
func (m *maker) upTo(n int64) int64 {
	return m.r.Int64N(max(1, n))
}

func (m *maker) chance(percent int) bool {
	return m.r.IntN(100) < percent
}

func pick[T any](m *maker, from []T) T {
	return from[m.r.IntN(len(from))]
}
