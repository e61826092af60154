package sandbox

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Rare chats are chosen by their index and not at random, so that every sandbox
// of one size has the same number of them.
const (
	messagelessEvery   = 33  // about 3%
	newChannelEvery    = 500 // 0.2%: a channel name the reference does not know
	newStatusEvery     = 500 // 0.2%: a status number the reference does not know
	newStatus          = 7
	chatsPerBulk       = 400 // one bulk send for so many chats
	bulkPercent        = 8   // of the chats are of a bulk send
	returningPercent   = 6   // of the chats are of a person who has another chat
	linkablePercent    = 10  // of the new contacts have a personId
	oldestDays         = 365
	newestMessage      = 20 * time.Second // before now
	millisecondsPerDay = 24 * 60 * 60 * 1000
)

// maker makes up chats. All random numbers are from r, in a fixed order.
type maker struct {
	r      *rand.Rand
	now    int64 // epoch milliseconds
	bulks  []int64
	people []contact // those with a personId
	pools
}

// makeUp makes n chats, in no particular order.
func makeUp(seed uint64, n int, now time.Time) []Chat {
	n = max(0, n)
	m := &maker{
		r:     rand.New(rand.NewPCG(seed, 0x7e87e2)),
		now:   now.UnixMilli(),
		pools: newPools(),
	}
	for range 1 + n/chatsPerBulk {
		m.bulks = append(m.bulks, m.ago(2, 300))
	}
	chats := make([]Chat, 0, n)
	for i := range n {
		chats = append(chats, m.chat(i))
	}
	return chats
}

func (m *maker) chat(i int) Chat {
	t := m.times(i)
	c := Chat{
		ID:          m.id(t.created, i),
		ExternalBot: m.chance(3),
		Created:     iso(t.created),
		UpdatedAt:   iso(t.updated),
	}
	m.setContact(&c, m.contact(i), m.line(i))
	c.LastMessageTimestamp, c.LastIncomingMessageTimestamp = t.last, t.incoming
	m.setWork(&c, i, t)
	if m.chance(60) {
		c.Labels = m.someLabels()
	}
	m.setBots(&c, t)
	m.setCRM(&c, t)
	return c
}

// setContact sets who the contact is, and on which account they write.
func (m *maker) setContact(c *Chat, k contact, l line) {
	c.Title = k.name
	c.PersonID = k.personID
	c.ChannelInfo = ChannelInfo{Name: l.channel, ID: l.contactID(k), AccountID: l.account}
	if m.chance(50) {
		c.ChannelInfo.Metadata = encode(struct{}{})
	}
	if !m.chance(10) {
		c.Channel = l.channel
	}
	if l.phone != "" {
		c.EntityPhone = l.phone
		switch n := m.r.IntN(100); {
		case n < 8:
			c.ClientPhone = k.phone
		case n < 12:
			c.ClientPhoneE164 = k.phone
		default:
			c.ClientPhone, c.ClientPhoneE164 = k.phone, k.phone
		}
	}
	if m.chance(20) {
		c.DisplayName = fmt.Sprintf(pick(m, m.nicknames), k.name)
	}
	if m.chance(40) {
		c.Image = m.hex(24)
	}
}

// id is 24 hexadecimal digits. They begin with the time of creation and end with
// a counter, so that no two ids are the same.
func (m *maker) id(created int64, i int) string {
	return fmt.Sprintf("%08x%010x%06x", uint32(created/1000), m.r.Uint64()&0xff_ffff_ffff, i&0xff_ffff)
}

// someLabels picks one to three different labels.
func (m *maker) someLabels() []string {
	var labels []string
	for _, i := range m.r.Perm(len(m.labels))[:1+m.r.IntN(3)] {
		labels = append(labels, m.labels[i])
	}
	return labels
}
