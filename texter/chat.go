package texter

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"sync/atomic"
)

// Chat is one conversation with one contact on one channel, as the search
// returns it. What is said here about fields comes from the chat object of
// Texter's API reference. Times are in UTC, in milliseconds, whatever unit
// Texter uses. A value that Texter sends as null or leaves out is a null Text, a
// nil pointer, nil JSON, or false as the second result.
//
// A Chat is read-only. It shares the memory of its page: see SearchPage.Chats
// and SearchPage.ChatViews for how long it stays good.
type Chat struct {
	// ID is the chat's id in Texter (REST: _id). Never empty.
	ID string
	// LastMessageAt is the time of the last message, in either direction. The
	// search sorts by it. Nil for a chat without messages.
	LastMessageAt *Timestamp
	// LabelIDs are the ids of the chat's labels; empty when it has none.
	LabelIDs []string

	page          *SearchPage
	values        [chatFields]value
	lastMessageAt Timestamp // that LastMessageAt points to
	// labelsAreApart says that LabelIDs share no memory with the page.
	labelsAreApart bool
	hash           atomic.Uint64 // see Hash; 0 until somebody asks for it
}

// Title is the contact's name as set in their own account.
func (c *Chat) Title() Text { return c.page.text(c.values[fieldTitle]) }

// IDText is ID as it stands in the page: it can be written without a look at its
// characters.
func (c *Chat) IDText() Text { return c.page.text(c.values[fieldID]) }

// DisplayName is the custom name set in Texter; null if never set.
func (c *Chat) DisplayName() Text { return c.page.text(c.values[fieldDisplayName]) }

// Name is what Texter shows for the contact: the custom name if one was set,
// else the contact's own; null when there is neither.
func (c *Chat) Name() Text {
	if c.values[fieldDisplayName] == 0 {
		return c.Title()
	}
	return c.DisplayName()
}

// PersonID links the chats of one person across channels.
func (c *Chat) PersonID() Text { return c.page.text(c.values[fieldPersonID]) }

// Image is the file id of the contact's avatar.
func (c *Chat) Image() Text { return c.page.text(c.values[fieldImage]) }

// Channel says where the contact writes. If Texter sends only the older key,
// `channel`, the channel has nothing but a name.
func (c *Chat) Channel() (channel Channel, ok bool) {
	return Channel{part{c, fieldChannel}}, c.values[fieldChannel] != 0 || c.values[fieldOlderChannel] != 0
}

// EntityPhone is the business's phone in E.164.
func (c *Chat) EntityPhone() Text { return c.page.text(c.values[fieldEntityPhone]) }

// ClientPhone is the contact's phone as Texter shows it.
func (c *Chat) ClientPhone() Text { return c.page.text(c.values[fieldClientPhone]) }

// ClientPhoneE164 is the contact's phone in E.164.
func (c *Chat) ClientPhoneE164() Text { return c.page.text(c.values[fieldClientPhoneE164]) }

// Agent is the assigned agent; none if nobody is assigned.
func (c *Chat) Agent() (agent Agent, ok bool) {
	agent = Agent{part{c, fieldAgent}}
	return agent, !agent.UID().isEmpty()
}

// DepartmentID is the responsible department.
func (c *Chat) DepartmentID() Text { return c.page.text(c.values[fieldDepartmentID]) }

// Status is the chat's status. There is none if Texter sent none, or a status
// that this package does not know: StatusCode has its number.
func (c *Chat) Status() (ChatStatus, bool) { return c.values[fieldStatus].status() }

// StatusCode is the status as Texter sent it, known to this package or not.
func (c *Chat) StatusCode() (int, bool) { return c.values[fieldStatus].int() }

// UnreadCount is the number of unread incoming messages.
func (c *Chat) UnreadCount() (int, bool) { return c.values[fieldUnreadCount].int() }

// LastIncomingMessageAt is when the contact last wrote.
func (c *Chat) LastIncomingMessageAt() (Timestamp, bool) {
	return c.values[fieldLastIncomingMessageAt].time()
}

// CreatedAt is when the chat was created.
func (c *Chat) CreatedAt() (Timestamp, bool) { return c.values[fieldCreatedAt].time() }

// UpdatedAt is when the chat last changed.
func (c *Chat) UpdatedAt() (Timestamp, bool) { return c.values[fieldUpdatedAt].time() }

// PendingMessageAt is the time of the message that made the chat pending.
func (c *Chat) PendingMessageAt() (Timestamp, bool) { return c.values[fieldPendingMessageAt].time() }

// PendingAt is when the chat became pending.
func (c *Chat) PendingAt() (Timestamp, bool) { return c.values[fieldPendingAt].time() }

// ResolvedAt is when the chat was last resolved.
func (c *Chat) ResolvedAt() (Timestamp, bool) { return c.values[fieldResolvedAt].time() }

// UnsubscribedAt is when the contact unsubscribed; none while the contact is
// subscribed.
func (c *Chat) UnsubscribedAt() (Timestamp, bool) {
	return c.values[fieldUnsubscribed+unsubscribedDate].time()
}

// BotState is the active or latest bot session, if there is one.
func (c *Chat) BotState() (session BotSession, ok bool) {
	return BotSession{part{c, fieldBotState}}, c.values[fieldBotState] != 0
}

// PreviousBotSession is the bot session before BotState.
func (c *Chat) PreviousBotSession() (session BotSession, ok bool) {
	return BotSession{part{c, fieldPreviousBotSession}}, c.values[fieldPreviousBotSession] != 0
}

// ReplyAction is what runs when the contact answers a template.
func (c *Chat) ReplyAction() (action ReplyAction, ok bool) {
	return ReplyAction{part{c, fieldReplyAction}}, c.values[fieldReplyAction] != 0
}

// SendingBulkAgent is the agent of the bulk send.
func (c *Chat) SendingBulkAgent() Text { return c.page.text(c.values[fieldSendingBulkAgent]) }

// CRMData is the free-form object that integrations keep on the chat.
func (c *Chat) CRMData() json.RawMessage { return c.page.json(c.values[fieldCRMData]) }

// CRMDeepLink links to the contact in the CRM.
func (c *Chat) CRMDeepLink() Text { return c.page.text(c.values[fieldCRMDeepLink]) }

// ExternalBot says whether an external bot answers this chat.
func (c *Chat) ExternalBot() (yes, ok bool) { return c.values[fieldExternalBot].boolean() }

// Raw is the row as Texter sent it, so that every field can be reached.
func (c *Chat) Raw() json.RawMessage { return c.page.json(c.values[fieldRaw] &^ hasEscapes) }

// RowSize is how many bytes Raw has. isVerbatim says that no text of the row has
// escapes: each is written in JSON as it stands there.
func (c *Chat) RowSize() (n int, isVerbatim bool) {
	row := c.values[fieldRaw]
	return int(uint32(row)&^hasEscapes) - int(row>>32), row != 0 && row&hasEscapes == 0
}

// Hash is the first eight bytes of the SHA-256 hash of Raw, the highest first. It is
// made once for a row that is the same in page after page: see
// SearchOptions.Previous.
func (c *Chat) Hash() uint64 {
	hash := c.hash.Load()
	if hash == 0 {
		sum := sha256.Sum256(c.Raw())
		hash = binary.BigEndian.Uint64(sum[:])
		c.hash.Store(hash)
	}
	return hash
}
