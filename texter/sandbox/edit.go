package sandbox

import "time"

// Chats is a copy of all chats in search order, newest last message first,
// with those without messages at the end Options chose for them.
func (s *Server) Chats() []Chat {
	return s.chats.all()
}

// Message gives the chat an incoming message now, which moves it to the top:
// its last_message_timestamp is later than any there ever was, even if the
// clock stood still. It reports whether the chat exists.
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

// Add puts a chat in its place in the search order, instead of any chat with
// the same id. It panics if a json.RawMessage in it is not JSON.
func (s *Server) Add(c Chat) {
	s.chats.put(c)
}

// Edit changes anything about a chat but its id, and puts it in its place in
// the search order. It reports whether the chat exists. No request sees the
// chat half changed; edit must not call the Server. It panics if edit leaves
// a json.RawMessage that is not JSON.
func (s *Server) Edit(id string, edit func(*Chat)) bool {
	return s.chats.change(id, func(c *Chat, _ int64) { edit(c) })
}

// Delete takes a chat away. It reports whether the chat existed.
func (s *Server) Delete(id string) bool {
	return s.chats.remove(id)
}

// iso writes epoch milliseconds in the reference's form of ISO 8601.
func iso(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}
