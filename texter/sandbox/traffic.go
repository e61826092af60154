package sandbox

import (
	"context"
	"math/rand/v2"
	"time"
)

// Traffic makes the inbox live: messages come, agents take and resolve chats, and new
// contacts write.
type Traffic struct {
	// Every is the mean time between two changes.
	Every time.Duration
	// Seed chooses the changes.
	Seed uint64
	// Webhook gets the body of a webhook for each change that Texter tells of; nil for
	// none.
	Webhook func(body []byte)
}

// busyChats is how many of the newest chats the changes are about.
const busyChats = 40

// Run changes chats until ctx ends.
func (s *Server) Run(ctx context.Context, t Traffic) {
	m := &maker{r: rand.New(rand.NewPCG(t.Seed, 0x11fe)), bulks: []int64{0}, pools: newPools()}
	for n := 0; ; n++ {
		timer := time.NewTimer(time.Duration((0.5 + m.r.Float64()) * float64(t.Every)))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		s.step(m, t, n)
	}
}

// step makes one change.
func (s *Server) step(m *maker, t Traffic, n int) {
	rows, _ := s.chats.search(&query{limit: busyChats})
	if len(rows) == 0 || m.chance(8) {
		s.newContact(m, t, n)
		return
	}
	c := pick(m, rows).chat
	switch {
	case m.chance(45):
		s.Message(c.ID)
		t.tell(s, "newIncomingMessage", c.ID)
	case m.chance(25): // read: no webhook tells of it
		s.Edit(c.ID, func(c *Chat) { c.UnreadCount = 0 })
	case m.chance(35):
		s.Edit(c.ID, func(c *Chat) { c.Labels = m.someLabels() })
		t.tell(s, "chatLabelsUpdated", c.ID)
	default:
		s.work(m, t, c)
	}
}

// work moves a chat on: from pending to an agent, then to resolved, then to pending.
func (s *Server) work(m *maker, t Traffic, c Chat) {
	now := s.now().Unix()
	event := "chatPending"
	s.Edit(c.ID, func(c *Chat) {
		switch c.Status {
		case pending:
			a := pick(m, m.agents)
			c.Status, c.Agent = assigned, Agent{UID: &a.uid, DisplayName: a.name}
			event = "chatAssigned"
		case assigned:
			c.Status, c.ResolvedUpdateTime, c.UnreadCount = resolved, &now, 0
			event = "chatResolvedByAgent"
		default:
			c.Status, c.Agent, c.PendingUpdateTime = pending, Agent{}, &now
		}
	})
	t.tell(s, event, c.ID)
}

// newContact adds a chat of somebody who writes for the first time.
func (s *Server) newContact(m *maker, t Traffic, n int) {
	m.now = s.now().UnixMilli()
	c := m.chat(defaultChats + n*messagelessEvery)
	c.Status, c.Agent, c.UnreadCount, c.ResolvedUpdateTime = pending, Agent{}, 1, nil
	c.LastMessageTimestamp, c.LastIncomingMessageTimestamp, c.Created = &m.now, &m.now, iso(m.now)
	c.ID = m.id(m.now, defaultChats+n)
	s.Add(c)
	t.tell(s, "newIncomingMessage", c.ID)
}

// tell sends a webhook about a chat (Texter REST reference).
func (t Traffic) tell(s *Server, event, id string) {
	if c, ok := s.chats.find(id); ok && t.Webhook != nil {
		t.Webhook(encode(map[string]any{"eventName": event, "eventData": map[string]any{"chat": c}}))
	}
}
