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

	page                                      *SearchPage
	title, displayName, personID, image       span
	entityPhone, clientPhone, clientPhoneE164 span
	departmentID                              span
	statusCode, unreadCount                   number
	lastMessageAt                             Timestamp // that LastMessageAt points to
	lastIncomingMessageAt                     moment
	createdAt, updatedAt                      moment
	pendingMessageAt, pendingAt, resolvedAt   moment
	unsubscribedAt                            moment
	sendingBulkAgent, crmData, crmDeepLink    span
	externalBot                               flag
	raw                                       span
	channel                                   Channel
	agent                                     Agent
	botState, previousBotSession              BotSession
	replyAction                               ReplyAction
}

// Title is the contact's name as set in their own account.
func (c *Chat) Title() Text { return c.page.text(c.title) }

// DisplayName is the custom name set in Texter; null if never set.
func (c *Chat) DisplayName() Text { return c.page.text(c.displayName) }

// Name is what Texter shows for the contact: the custom name if one was set,
// else the contact's own; null when there is neither.
func (c *Chat) Name() Text {
	if c.displayName.isNull() {
		return c.Title()
	}
	return c.DisplayName()
}

// PersonID links the chats of one person across channels.
func (c *Chat) PersonID() Text { return c.page.text(c.personID) }

// Image is the file id of the contact's avatar.
func (c *Chat) Image() Text { return c.page.text(c.image) }

// Channel says where the contact writes. Where Texter sent only the older
// spelling, `channel`, it has nothing but a name.
func (c *Chat) Channel() *Channel { return present(&c.channel, c.channel.page) }

// EntityPhone is the business's phone in E.164.
func (c *Chat) EntityPhone() Text { return c.page.text(c.entityPhone) }

// ClientPhone is the contact's phone as Texter shows it.
func (c *Chat) ClientPhone() Text { return c.page.text(c.clientPhone) }

// ClientPhoneE164 is the contact's phone in E.164.
func (c *Chat) ClientPhoneE164() Text { return c.page.text(c.clientPhoneE164) }

// Agent is the assigned agent; nil when nobody is.
func (c *Chat) Agent() *Agent { return present(&c.agent, c.agent.page) }

// DepartmentID is the responsible department.
func (c *Chat) DepartmentID() Text { return c.page.text(c.departmentID) }

// Status is the chat's status, unless Texter sent none or one that this
// package does not know; StatusCode has the number in either case.
func (c *Chat) Status() (ChatStatus, bool) { return c.statusCode.status() }

// StatusCode is the status as Texter sent it, known to this package or not.
func (c *Chat) StatusCode() (int, bool) { return c.statusCode.int() }

// UnreadCount is the number of unread incoming messages.
func (c *Chat) UnreadCount() (int, bool) { return c.unreadCount.int() }

// LastIncomingMessageAt is when the contact last wrote.
func (c *Chat) LastIncomingMessageAt() (Timestamp, bool) { return c.lastIncomingMessageAt.timestamp() }

// CreatedAt is when the chat was created.
func (c *Chat) CreatedAt() (Timestamp, bool) { return c.createdAt.timestamp() }

// UpdatedAt is when the chat last changed.
func (c *Chat) UpdatedAt() (Timestamp, bool) { return c.updatedAt.timestamp() }

// PendingMessageAt is the time of the message that made the chat pending.
func (c *Chat) PendingMessageAt() (Timestamp, bool) { return c.pendingMessageAt.timestamp() }

// PendingAt is when the chat became pending.
func (c *Chat) PendingAt() (Timestamp, bool) { return c.pendingAt.timestamp() }

// ResolvedAt is when the chat was last resolved.
func (c *Chat) ResolvedAt() (Timestamp, bool) { return c.resolvedAt.timestamp() }

// UnsubscribedAt is when the contact unsubscribed; none while subscribed.
func (c *Chat) UnsubscribedAt() (Timestamp, bool) { return c.unsubscribedAt.timestamp() }

// BotState is the active or latest bot session; nil when there is none.
func (c *Chat) BotState() *BotSession { return present(&c.botState, c.botState.page) }

// PreviousBotSession is the bot session before BotState.
func (c *Chat) PreviousBotSession() *BotSession {
	return present(&c.previousBotSession, c.previousBotSession.page)
}

// ReplyAction is what runs when the contact answers a template.
func (c *Chat) ReplyAction() *ReplyAction { return present(&c.replyAction, c.replyAction.page) }

// SendingBulkAgent is the agent of the bulk send.
func (c *Chat) SendingBulkAgent() Text { return c.page.text(c.sendingBulkAgent) }

// CRMData is the free-form object that integrations keep on the chat.
func (c *Chat) CRMData() json.RawMessage { return c.page.json(c.crmData) }

// CRMDeepLink links to the contact in the CRM.
func (c *Chat) CRMDeepLink() Text { return c.page.text(c.crmDeepLink) }

// ExternalBot says whether an external bot answers this chat.
func (c *Chat) ExternalBot() (yes, ok bool) { return c.externalBot == isTrue, c.externalBot != 0 }

// Raw is the row as it came, so that no upstream field is out of reach.
func (c *Chat) Raw() json.RawMessage { return c.page.json(c.raw) }

// Channel is the contact's place on a messaging network.
type Channel struct {
	page                             *SearchPage // nil for a chat without a channel
	rawName, id, accountID, metadata span
}

// Name is the network, unless it is one that this package does not know;
// RawName says what Texter called it.
func (c *Channel) Name() (ChannelName, bool) {
	switch name := ChannelName(c.RawName().String()); name {
	case ChannelWhatsApp, ChannelMessenger, ChannelInstagram, ChannelWebsiteChat, ChannelEmail, ChannelSMS:
		return name, true
	}
	return "", false
}

// RawName is the network's name as Texter sent it.
func (c *Channel) RawName() Text { return c.page.text(c.rawName) }

// ID is the contact's id on the network, such as a phone without the plus.
func (c *Channel) ID() Text { return c.page.text(c.id) }

// AccountID is the business account that the contact writes to.
func (c *Channel) AccountID() Text { return c.page.text(c.accountID) }

// Metadata is a free-form object of the network's own.
func (c *Channel) Metadata() json.RawMessage { return c.page.json(c.metadata) }

// Agent is a person of the business who answers chats.
type Agent struct {
	page             *SearchPage // nil for a chat without an agent
	uid, displayName span
}

// UID is the agent's id in Texter. Never null or empty.
func (a *Agent) UID() Text { return a.page.text(a.uid) }

// DisplayName is the agent's name.
func (a *Agent) DisplayName() Text { return a.page.text(a.displayName) }

// BotSession is one run of a bot on a chat.
type BotSession struct {
	page                     *SearchPage // nil for a chat without the session
	id, node, userState, raw span
	flow                     FlowVersion
}

// ID is the session's id.
func (s *BotSession) ID() Text { return s.page.text(s.id) }

// Flow is the version of the bot that runs.
func (s *BotSession) Flow() *FlowVersion { return present(&s.flow, s.flow.page) }

// Node is the node of the flow that the session is at.
func (s *BotSession) Node() Text { return s.page.text(s.node) }

// UserState is the free-form state that the bot keeps.
func (s *BotSession) UserState() json.RawMessage { return s.page.json(s.userState) }

// Raw is the session as it came, with the keys that are the bot's own.
func (s *BotSession) Raw() json.RawMessage { return s.page.json(s.raw) }

// FlowVersion names one version of a bot's flow.
type FlowVersion struct {
	page       *SearchPage // nil for a session without a flow
	identifier span
	version    number
}

// Identifier is the bot's name.
func (f *FlowVersion) Identifier() Text { return f.page.text(f.identifier) }

// Version counts up with each published version.
func (f *FlowVersion) Version() (int, bool) { return f.version.int() }

// ReplyAction is what Texter runs when the contact answers a template message.
type ReplyAction struct {
	page                           *SearchPage // nil for a chat without an action
	createdAt, resolveAt           moment
	expirationTime, chatStatusCode number
	setBotNode, bot, replyText     span
	responsibleAgent               span
	responsibleDepartment          span
	replyToTemplateFile            TemplateFile
}

// CreatedAt is when the action was set.
func (r *ReplyAction) CreatedAt() (Timestamp, bool) { return r.createdAt.timestamp() }

// ExpirationTime is how long after CreatedAt the action lapses, in seconds.
func (r *ReplyAction) ExpirationTime() (int, bool) { return r.expirationTime.int() }

// ExpiresAt is when the action lapses: ExpirationTime after CreatedAt; none
// unless both are known and the sum is in the years 0 to 9999.
func (r *ReplyAction) ExpiresAt() (Timestamp, bool) {
	from, ok := r.CreatedAt()
	if !ok || !r.expirationTime.there {
		return 0, false
	}
	return momentOf(from + Timestamp(r.expirationTime.value)*1000).timestamp()
}

// ChatStatus is the status that the chat is given, unless Texter sent none or
// one that this package does not know.
func (r *ReplyAction) ChatStatus() (ChatStatus, bool) { return r.chatStatusCode.status() }

// ChatStatusCode is the status that the chat is given, as Texter sent it.
func (r *ReplyAction) ChatStatusCode() (int, bool) { return r.chatStatusCode.int() }

// SetBotNode is the bot node that the chat is sent to.
func (r *ReplyAction) SetBotNode() Text { return r.page.text(r.setBotNode) }

// Bot is the bot that takes over.
func (r *ReplyAction) Bot() Text { return r.page.text(r.bot) }

// ReplyText is the text that is sent.
func (r *ReplyAction) ReplyText() Text { return r.page.text(r.replyText) }

// ResponsibleAgent is the agent that the chat is given to, as Texter sends it:
// its type is not documented.
func (r *ReplyAction) ResponsibleAgent() json.RawMessage { return r.page.json(r.responsibleAgent) }

// ResponsibleDepartment is the department that the chat is given to.
func (r *ReplyAction) ResponsibleDepartment() Text { return r.page.text(r.responsibleDepartment) }

// ReplyToTemplateFile is the file that is sent.
func (r *ReplyAction) ReplyToTemplateFile() *TemplateFile {
	return present(&r.replyToTemplateFile, r.replyToTemplateFile.page)
}

// ResolveAt is when the chat is resolved.
func (r *ReplyAction) ResolveAt() (Timestamp, bool) { return r.resolveAt.timestamp() }

// TemplateFile is a file sent with a template message.
type TemplateFile struct {
	page      *SearchPage // nil for an action without a file
	url, name span
}

// URL is where the file is.
func (f *TemplateFile) URL() Text { return f.page.text(f.url) }

// Name is the file's name.
func (f *TemplateFile) Name() Text { return f.page.text(f.name) }
