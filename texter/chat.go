package texter

import (
	"encoding/json"
)

// Chat is one conversation with one contact on one channel, as the search
// returns it. Facts about fields come from the chat object of Texter's API
// reference; times are in UTC and precise to the millisecond, whatever unit
// Texter used. What Texter sent as null or left out is a null Text, a nil
// pointer or nil JSON, or comes with false.
//
// A Chat is read-only, and a view of the answer that it came in: it knows where
// in the body its values are, and takes them from there when it is asked.
type Chat struct {
	// ID is the chat's id in Texter (REST: _id). Never empty.
	ID string
	// LastMessageAt is when the last message passed, in either direction. The
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

// Channel says where the contact writes. Where Texter sent only the older
// spelling, `channel`, it has nothing but a name.
func (c *Chat) Channel() (channel Channel, ok bool) {
	return Channel{part{c, fieldChannel}}, c.values[fieldChannel] != 0 || c.values[fieldOlderChannel] != 0
}

// EntityPhone is the business's phone in E.164.
func (c *Chat) EntityPhone() Text { return c.page.text(c.values[fieldEntityPhone]) }

// ClientPhone is the contact's phone as Texter shows it.
func (c *Chat) ClientPhone() Text { return c.page.text(c.values[fieldClientPhone]) }

// ClientPhoneE164 is the contact's phone in E.164.
func (c *Chat) ClientPhoneE164() Text { return c.page.text(c.values[fieldClientPhoneE164]) }

// Agent is the assigned agent; nil when nobody is.
func (c *Chat) Agent() (agent Agent, ok bool) {
	agent = Agent{part{c, fieldAgent}}
	return agent, !agent.UID().isEmpty()
}

// DepartmentID is the responsible department.
func (c *Chat) DepartmentID() Text { return c.page.text(c.values[fieldDepartmentID]) }

// Status is the chat's status, unless Texter sent none or one that this
// package does not know; StatusCode has the number in either case.
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

// UnsubscribedAt is when the contact unsubscribed; none while subscribed.
func (c *Chat) UnsubscribedAt() (Timestamp, bool) {
	return c.values[fieldUnsubscribed+unsubscribedDate].time()
}

// BotState is the active or latest bot session; nil when there is none.
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

// Raw is the row as it came, so that no upstream field is out of reach.
func (c *Chat) Raw() json.RawMessage { return c.page.json(c.values[fieldRaw]) }

// part is an object within a chat.
type part struct {
	chat  *Chat
	first field // the object's own
}

func (p part) of(f field) value             { return p.chat.values[p.first+f] }
func (p part) text(f field) Text            { return p.chat.page.text(p.of(f)) }
func (p part) json(f field) json.RawMessage { return p.chat.page.json(p.of(f)) }

// Channel is the contact's place on a messaging network.
type Channel struct{ part }

// Name is the network, unless it is one that this package does not know;
// RawName says what Texter called it.
func (c Channel) Name() (ChannelName, bool) {
	switch name := ChannelName(c.RawName().String()); name {
	case ChannelWhatsApp, ChannelMessenger, ChannelInstagram, ChannelWebsiteChat, ChannelEmail, ChannelSMS:
		return name, true
	}
	return "", false
}

// RawName is the network's name as Texter sent it.
func (c Channel) RawName() Text {
	if c.of(channelRawName) == 0 {
		return c.chat.page.text(c.chat.values[fieldOlderChannel])
	}
	return c.text(channelRawName)
}

// ID is the contact's id on the network, such as a phone without the plus.
func (c Channel) ID() Text { return c.text(channelID) }

// AccountID is the business account that the contact writes to.
func (c Channel) AccountID() Text { return c.text(channelAccountID) }

// Metadata is a free-form object of the network's own.
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
	return FlowVersion{part{s.chat, s.first + sessionFlow}}, s.of(sessionFlow) != 0
}

// Node is the node of the flow that the session is at.
func (s BotSession) Node() Text { return s.text(sessionNode) }

// UserState is the free-form state that the bot keeps.
func (s BotSession) UserState() json.RawMessage { return s.json(sessionUserState) }

// Raw is the session as it came, with the keys that are the bot's own.
func (s BotSession) Raw() json.RawMessage { return s.json(0) }

// FlowVersion names one version of a bot's flow.
type FlowVersion struct{ part }

// Identifier is the bot's name.
func (f FlowVersion) Identifier() Text { return f.text(flowIdentifier) }

// Version counts up with each published version.
func (f FlowVersion) Version() (version int, ok bool) { return f.of(flowVersion).int() }

// ReplyAction is what Texter runs when the contact answers a template message.
type ReplyAction struct{ part }

// CreatedAt is when the action was set.
func (r ReplyAction) CreatedAt() (Timestamp, bool) { return r.of(actionCreatedAt).time() }

// ExpirationTime is how long after CreatedAt the action lapses, in seconds.
func (r ReplyAction) ExpirationTime() (int, bool) { return r.of(actionExpirationTime).int() }

// ExpiresAt is when the action lapses: ExpirationTime after CreatedAt; none
// unless both are known and the sum is in the years 0 to 9999.
func (r ReplyAction) ExpiresAt() (Timestamp, bool) {
	from, ok := r.CreatedAt()
	after, known := r.ExpirationTime()
	if !ok || !known {
		return 0, false
	}
	return moment(from + Timestamp(after)*1000).time()
}

// ChatStatus is the status that the chat is given, unless Texter sent none or
// one that this package does not know.
func (r ReplyAction) ChatStatus() (ChatStatus, bool) { return r.of(actionChatStatus).status() }

// ChatStatusCode is the status that the chat is given, as Texter sent it.
func (r ReplyAction) ChatStatusCode() (int, bool) { return r.of(actionChatStatus).int() }

// SetBotNode is the bot node that the chat is sent to.
func (r ReplyAction) SetBotNode() Text { return r.text(actionSetBotNode) }

// Bot is the bot that takes over.
func (r ReplyAction) Bot() Text { return r.text(actionBot) }

// ReplyText is the text that is sent.
func (r ReplyAction) ReplyText() Text { return r.text(actionReplyText) }

// ResponsibleAgent is the agent that the chat is given to, as Texter sends it:
// its type is not documented.
func (r ReplyAction) ResponsibleAgent() json.RawMessage { return r.json(actionResponsibleAgent) }

// ResponsibleDepartment is the department that the chat is given to.
func (r ReplyAction) ResponsibleDepartment() Text { return r.text(actionResponsibleDepartment) }

// ReplyToTemplateFile is the file that is sent.
func (r ReplyAction) ReplyToTemplateFile() (file TemplateFile, ok bool) {
	return TemplateFile{part{r.chat, r.first + actionFile}}, r.of(actionFile) != 0
}

// ResolveAt is when the chat is resolved.
func (r ReplyAction) ResolveAt() (Timestamp, bool) { return r.of(actionResolveAt).time() }

// TemplateFile is a file sent with a template message.
type TemplateFile struct{ part }

// URL is where the file is.
func (f TemplateFile) URL() Text { return f.text(fileURL) }

// Name is the file's name.
func (f TemplateFile) Name() Text { return f.text(fileName) }
