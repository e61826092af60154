package sandbox

import "time"

// Chats is a copy of all chats in the order of the search: newest last message
// first. Options.MessagelessFirst says where chats without messages are.
func (s *Server) Chats() []Chat {
	return s.chats.all()
}

// Message adds an incoming message to the chat, now. It moves the chat to the top:
// its last_message_timestamp is later than all before it, even if the clock stands
// still. It reports whether the chat exists.
func (s *Server) Message(id string) bool {
	now := s.now().UnixMilli()
	return s.chats.change(id, func(c *Chat, latest int64) {
		at := max(now, latest+1)
		c.LastMessageTimestamp = &at
		c.LastIncomingMessageTimestamp = &at
		c.UpdatedAt = iso(at)
		c.UnreadCount++
	})
}

// Add adds a chat, or replaces the chat that has the same id. It panics if a
// json.RawMessage in it is not JSON.
func (s *Server) Add(c Chat) {
	s.chats.put(c)
}

// Edit lets edit change anything of a chat but its id. It reports whether the chat
// exists. No request sees a chat that is half changed. edit must not call the
// Server. Edit panics if edit leaves a json.RawMessage that is not JSON.
func (s *Server) Edit(id string, edit func(*Chat)) bool {
	return s.chats.change(id, func(c *Chat, _ int64) { edit(c) })
}

// Delete removes a chat. It reports whether the chat existed.
func (s *Server) Delete(id string) bool {
	return s.chats.remove(id)
}

// iso writes epoch milliseconds in ISO 8601, in the form of the reference.
func iso(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}
