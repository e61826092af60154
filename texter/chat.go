package texter

import (
	"encoding/json"
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
	// Labels are the ids of the chat's labels; empty when it has none.
	Labels []string

	page          *SearchPage
	values        [chatFields]value
	lastMessageAt Timestamp // that LastMessageAt points to
}

// Title is the contact's name as set in their own account.
func (c *Chat) Title() Text { return c.page.text(c.values[fieldTitle]) }

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
func (c *Chat) Raw() json.RawMessage { return c.page.json(c.values[fieldRaw]) }

// part is an object within a chat.
type part struct {
	chat *Chat
	base field // of the object: see field
}

func (p part) value(f field) value          { return p.chat.values[p.base+f] }
func (p part) text(f field) Text            { return p.chat.page.text(p.value(f)) }
func (p part) json(f field) json.RawMessage { return p.chat.page.json(p.value(f)) }

// Channel is the contact's place on a messaging network.
type Channel struct{ part }

// Name is the network. There is none if this package does not know it: RawName
// has what Texter calls it.
func (c Channel) Name() (ChannelName, bool) {
	switch name := ChannelName(c.RawName().String()); name {
	case ChannelWhatsApp, ChannelMessenger, ChannelInstagram, ChannelWebsiteChat, ChannelEmail, ChannelSMS:
		return name, true
	}
	return "", false
}

// RawName is the network's name as Texter sent it.
func (c Channel) RawName() Text {
	if c.value(channelRawName) == 0 {
		return c.chat.page.text(c.chat.values[fieldOlderChannel])
	}
	return c.text(channelRawName)
}

// ID is the contact's id on the network, such as a phone without the plus.
func (c Channel) ID() Text { return c.text(channelID) }

// AccountID is the business account that the contact writes to.
func (c Channel) AccountID() Text { return c.text(channelAccountID) }

// Metadata is a free-form object, whose form depends on the network.
func (c Channel) Metadata() json.RawMessage { return c.json(channelMetadata) }

// Agent is a person of the business who answers chats.
type Agent struct{ part }

// UID is the agent's id in Texter. Never null or empty.
func (a Agent) UID() Text { return a.text(agentUID) }

// DisplayName is the agent's name.
func (a Agent) DisplayName() Text { return a.text(agentDisplayName) }

// BotSession is one run of a bot on a chat.
type BotSession struct{ part }

// ID is the session's id.
func (s BotSession) ID() Text { return s.text(sessionID) }

// Flow is the version of the bot that runs.
func (s BotSession) Flow() (flow FlowVersion, ok bool) {
	return FlowVersion{part{s.chat, s.base + sessionFlow}}, s.value(sessionFlow) != 0
}

// Node is the node of the flow that the session is at.
func (s BotSession) Node() Text { return s.text(sessionNode) }

// UserState is the free-form state that the bot keeps.
func (s BotSession) UserState() json.RawMessage { return s.json(sessionUserState) }

// Raw is the session as Texter sent it, with the keys that only this bot has.
func (s BotSession) Raw() json.RawMessage { return s.json(0) }

// FlowVersion names one version of a bot's flow.
type FlowVersion struct{ part }

// Identifier is the bot's name.
func (f FlowVersion) Identifier() Text { return f.text(flowIdentifier) }

// Version counts up with each published version.
func (f FlowVersion) Version() (version int, ok bool) { return f.value(flowVersion).int() }

// ReplyAction is what Texter runs when the contact answers a template message.
type ReplyAction struct{ part }

// CreatedAt is when the action was set.
func (r ReplyAction) CreatedAt() (Timestamp, bool) { return r.value(actionCreatedAt).time() }

// ExpirationTime is how long after CreatedAt the action lapses, in seconds.
func (r ReplyAction) ExpirationTime() (int, bool) { return r.value(actionExpirationTime).int() }

// ExpiresAt is when the action lapses: ExpirationTime after CreatedAt. There is
// none if one of them is missing, or if the sum is not in the years 0 to 9999.
func (r ReplyAction) ExpiresAt() (Timestamp, bool) {
	created, ok1 := r.CreatedAt()
	seconds, ok2 := r.ExpirationTime()
	if !ok1 || !ok2 {
		return 0, false
	}
	return timeValue(created + Timestamp(seconds)*1000).time()
}

// ChatStatus is the status that the chat gets. There is none if Texter sent
// none, or a status that this package does not know.
func (r ReplyAction) ChatStatus() (ChatStatus, bool) { return r.value(actionChatStatus).status() }

// ChatStatusCode is the status that the chat gets, as Texter sent it.
func (r ReplyAction) ChatStatusCode() (int, bool) { return r.value(actionChatStatus).int() }

// SetBotNode is the bot node that the chat goes to.
func (r ReplyAction) SetBotNode() Text { return r.text(actionSetBotNode) }

// Bot is the bot that takes over.
func (r ReplyAction) Bot() Text { return r.text(actionBot) }

// ReplyText is the text that is sent.
func (r ReplyAction) ReplyText() Text { return r.text(actionReplyText) }

// ResponsibleAgent is the agent who gets the chat, as Texter sends it: its type
// is not documented.
func (r ReplyAction) ResponsibleAgent() json.RawMessage { return r.json(actionResponsibleAgent) }

// ResponsibleDepartment is the department that gets the chat.
func (r ReplyAction) ResponsibleDepartment() Text { return r.text(actionResponsibleDepartment) }

// ReplyToTemplateFile is the file that is sent.
func (r ReplyAction) ReplyToTemplateFile() (file TemplateFile, ok bool) {
	return TemplateFile{part{r.chat, r.base + actionFile}}, r.value(actionFile) != 0
}

// ResolveAt is when the chat is resolved.
func (r ReplyAction) ResolveAt() (Timestamp, bool) { return r.value(actionResolveAt).time() }

// TemplateFile is a file sent with a template message.
type TemplateFile struct{ part }

// URL is where the file is.
func (f TemplateFile) URL() Text { return f.text(fileURL) }

// Name is the file's name.
func (f TemplateFile) Name() Text { return f.text(fileName) }
