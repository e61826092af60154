package sandbox

import (
	"fmt"
	"strings"
)

// contact is somebody who writes to the business.
type contact struct {
	name     string
	phone    string // E.164, of a range without subscribers
	email    string
	handle   string // id on channels that have neither phones nor email
	personID string // "" for most
}

// contact makes up a contact. Some are a person who already has a chat.
func (m *maker) contact(i int) contact {
	if len(m.people) > 0 && m.chance(returningPercent) {
		return pick(m, m.people)
	}
	k := contact{
		name:   m.name(),
		phone:  m.phone(i),
		email:  fmt.Sprintf("contact%d@example.com", i),
		handle: fmt.Sprintf("%016d", m.upTo(1e16)),
	}
	if m.chance(linkablePercent) {
		k.personID = m.hex(24)
		m.people = append(m.people, k)
	}
	return k
}

func (m *maker) name() string {
	n := m.r.IntN(100)
	switch {
	case n < 48:
		return pick(m, m.hebrewFirst) + " " + pick(m, m.hebrewLast)
	case n < 82:
		return pick(m, m.englishFirst) + " " + pick(m, m.englishLast)
	case n < 90:
		return pick(m, m.arabicFirst) + " " + pick(m, m.arabicLast)
	case n < 94:
		return pick(m, m.englishFirst) + " " + pick(m, m.emoji)
	}
	return pick(m, m.awkward)
}

// phone makes up a number of a range without subscribers: Israeli mobile numbers
// that begin with 000, and those reserved for fiction in Britain (07700 900xxx)
// and America (555-01xx).
func (m *maker) phone(i int) string {
	switch n := m.r.IntN(100); {
	case n < 75:
		return fmt.Sprintf("+9725%d000%04d", m.r.IntN(9), i%10000)
	case n < 88:
		return fmt.Sprintf("+447700900%03d", m.r.IntN(1000))
	}
	return fmt.Sprintf("+1%s55501%02d", pick(m, m.areaCodes), m.r.IntN(100))
}

// line is a business account on a channel.
type line struct {
	channel string
	account string
	phone   string // E.164; "" if the channel has no phones
	weight  int    // percent of the chats
}

// line picks an account by weight. Few are on a channel that the reference does
// not know.
func (m *maker) line(i int) line {
	if i%newChannelEvery == newChannelEvery-1 {
		return line{channel: "telegram", account: "example_bot"}
	}
	n := m.r.IntN(100)
	for _, l := range m.lines {
		if n -= l.weight; n < 0 {
			return l
		}
	}
	return m.lines[0]
}

// contactID is the id of a contact on the channel.
func (l line) contactID(k contact) string {
	switch l.channel {
	case "whatsapp", "sms":
		return strings.TrimPrefix(k.phone, "+")
	case "email":
		return k.email
	}
	return k.handle
}

// hex is n hexadecimal digits.
func (m *maker) hex(n int) string {
	const alphabet = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[m.r.IntN(len(alphabet))]
	}
	return string(b)
}
