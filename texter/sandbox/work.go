package sandbox

// The documented statuses (Texter REST reference).
const (
	bot = iota
	pending
	assigned
	resolved
	bulk
)

// setWork sets the status of a chat and what depends on it: the agent, the
// department, the unread messages and the times in epoch seconds.
func (m *maker) setWork(c *Chat, i int, t times) {
	c.Status = m.status(i, t)
	if c.Status == assigned || c.Status == resolved && m.chance(50) {
		a := pick(m, m.agents)
		c.Agent = Agent{UID: new(a.uid), DisplayName: a.name}
	}
	if m.chance(70) {
		c.DepartmentID = new(pick(m, m.departments))
	}
	if t.incoming != nil {
		m.setUnread(c, *t.incoming/1000)
	}
	if t.last == nil {
		return
	}
	at := *t.last / 1000
	switch {
	case c.Status == resolved:
		c.ResolvedUpdateTime = new(at + m.upTo(5))
	case m.chance(20): // resolved once and opened again
		c.ResolvedUpdateTime = new(at - m.upTo(at-t.created/1000))
	}
}

// setUnread sets the fields of a contact who wrote at this epoch second.
func (m *maker) setUnread(c *Chat, wrote int64) {
	switch c.Status {
	case pending:
		c.UnreadCount = 1 + m.r.IntN(9)
	case assigned:
		c.UnreadCount = m.r.IntN(4)
	}
	if c.Status == pending || c.Status == assigned || m.chance(20) {
		c.PendingMessageTime = new(wrote)
		c.PendingUpdateTime = new(wrote + m.upTo(10))
	}
}

func (m *maker) status(i int, t times) int {
	if i%newStatusEvery == newStatusEvery/2 {
		return newStatus
	}
	if t.last == nil {
		return bot
	}
	if t.bulk && m.chance(80) {
		return bulk
	}
	n := m.r.IntN(100)
	// Most old chats are resolved.
	if old := m.now-*t.last > 7*millisecondsPerDay; old && n < 75 {
		return resolved
	}
	switch n = m.r.IntN(100); {
	case n < 25:
		return bot
	case n < 50:
		return pending
	case n < 80:
		return assigned
	}
	return resolved
}
