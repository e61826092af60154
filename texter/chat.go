package texter

import (
	"encoding/json"
)

// Chat is one conversation with one contact on one channel, as the search
// returns it. A nil pointer or nil slice means that Texter sent null or left
// the field out. Facts about fields come from the chat object of Texter's API
// reference; times are in UTC and precise to the millisecond, whatever unit
// Texter used.
//
// A Chat is read-only: its strings and raw JSON share the memory of the answer
// that it was decoded from.
type Chat struct {
	// ID is the chat's id in Texter (REST: _id). Never empty.
	ID string
	// Title is the contact's name as set in their own account.
	Title *string
	// DisplayName is the custom name set in Texter; nil if never set.
	DisplayName *string
	// PersonID links the chats of one person across channels.
	PersonID *string
	// Image is the file id of the contact's avatar.
	Image *string
	// Channel says where the contact writes. Where Texter sent only the older
	// spelling, `channel`, it has nothing but a name.
	Channel *Channel
	// EntityPhone is the business's phone in E.164.
	EntityPhone *string
	// ClientPhone is the contact's phone as Texter shows it.
	ClientPhone *string
	// ClientPhoneE164 is the contact's phone in E.164.
	ClientPhoneE164 *string
	// Agent is the assigned agent; nil when nobody is.
	Agent *Agent
	// DepartmentID is the responsible department.
	DepartmentID *string
	// StatusCode is the status as Texter sent it, known to this package or not.
	StatusCode *int
	// UnreadCount is the number of unread incoming messages.
	UnreadCount *int
	// Labels are the ids of the chat's labels; empty when it has none.
	Labels []string

	// LastMessageAt is when the last message passed, in either direction. The
	// search sorts by it. Nil for a chat without messages.
	LastMessageAt *Timestamp
	// LastIncomingMessageAt is when the contact last wrote.
	LastIncomingMessageAt *Timestamp
	// CreatedAt is when the chat was created.
	CreatedAt *Timestamp
	// UpdatedAt is when the chat last changed.
	UpdatedAt *Timestamp
	// PendingMessageAt is the time of the message that made the chat pending.
	PendingMessageAt *Timestamp
	// PendingAt is when the chat became pending.
	PendingAt *Timestamp
	// ResolvedAt is when the chat was last resolved.
	ResolvedAt *Timestamp
	// UnsubscribedAt is when the contact unsubscribed; nil while subscribed.
	UnsubscribedAt *Timestamp

	// BotState is the active or latest bot session; nil when there is none.
	BotState *BotSession
	// PreviousBotSession is the bot session before BotState.
	PreviousBotSession *BotSession
	// ReplyAction is what runs when the contact answers a template.
	ReplyAction *ReplyAction
	// SendingBulkAgent is the agent of the bulk send.
	SendingBulkAgent *string
	// CRMData is the free-form object that integrations keep on the chat.
	CRMData json.RawMessage
	// CRMDeepLink links to the contact in the CRM.
	CRMDeepLink *string
	// ExternalBot says whether an external bot answers this chat.
	ExternalBot *bool
	// Raw is the row as it came, so that no upstream field is out of reach.
	Raw json.RawMessage
}

// Name is what Texter shows for the contact: the custom name if one was set,
// else the contact's own; nil when there is neither.
func (c *Chat) Name() *string {
	if c.DisplayName != nil {
		return c.DisplayName
	}
	return c.Title
}

// Status is the chat's status, or nil when Texter sent none or one that this
// package does not know; StatusCode has the number in either case.
func (c *Chat) Status() *ChatStatus { return statusOf(c.StatusCode) }

// Channel is the contact's place on a messaging network.
type Channel struct {
	// RawName is the network's name as Texter sent it.
	RawName *string
	// ID is the contact's id on the network, such as a phone without the plus.
	ID *string
	// AccountID is the business account that the contact writes to.
	AccountID *string
	// Metadata is a free-form object of the network's own.
	Metadata json.RawMessage
}

// Name is the network, or nil when it is one that this package does not know;
// RawName says what Texter called it.
func (c *Channel) Name() *ChannelName {
	if c.RawName == nil {
		return nil
	}
	switch name := ChannelName(*c.RawName); name {
	case ChannelWhatsApp, ChannelMessenger, ChannelInstagram, ChannelWebsiteChat, ChannelEmail, ChannelSMS:
		return &name
	}
	return nil
}

// Agent is a person of the business who answers chats.
type Agent struct {
	// UID is the agent's id in Texter. Never empty.
	UID string
	// DisplayName is the agent's name.
	DisplayName *string
}

// BotSession is one run of a bot on a chat.
type BotSession struct {
	// ID is the session's id.
	ID *string
	// Flow is the version of the bot that runs.
	Flow *FlowVersion
	// Node is the node of the flow that the session is at.
	Node *string
	// UserState is the free-form state that the bot keeps.
	UserState json.RawMessage
	// Raw is the session as it came, with the keys that are the bot's own.
	Raw json.RawMessage
}

// FlowVersion names one version of a bot's flow.
type FlowVersion struct {
	// Identifier is the bot's name.
	Identifier *string
	// Version counts up with each published version.
	Version *int
}

// ReplyAction is what Texter runs when the contact answers a template message.
type ReplyAction struct {
	// CreatedAt is when the action was set.
	CreatedAt *Timestamp
	// ExpirationTime is how long after CreatedAt the action lapses, in seconds.
	ExpirationTime *int
	// ChatStatusCode is the status that the chat is given.
	ChatStatusCode *int
	// SetBotNode is the bot node that the chat is sent to.
	SetBotNode *string
	// Bot is the bot that takes over.
	Bot *string
	// ReplyText is the text that is sent.
	ReplyText *string
	// ResponsibleAgent is the agent that the chat is given to, as Texter sends
	// it: its type is not documented.
	ResponsibleAgent json.RawMessage
	// ResponsibleDepartment is the department that the chat is given to.
	ResponsibleDepartment *string
	// ReplyToTemplateFile is the file that is sent.
	ReplyToTemplateFile *TemplateFile
	// ResolveAt is when the chat is resolved.
	ResolveAt *Timestamp
}

// ChatStatus is the status that the chat is given, or nil when Texter sent
// none or one that this package does not know.
func (r *ReplyAction) ChatStatus() *ChatStatus { return statusOf(r.ChatStatusCode) }

// ExpiresAt is when the action lapses: ExpirationTime after CreatedAt; nil
// unless both are known and the sum is in the years 0 to 9999.
func (r *ReplyAction) ExpiresAt() *Timestamp {
	if r.CreatedAt == nil || r.ExpirationTime == nil {
		return nil
	}
	t := *r.CreatedAt + Timestamp(*r.ExpirationTime)*1000
	if t < minTimestamp || t > maxTimestamp {
		return nil
	}
	return &t
}

// TemplateFile is a file sent with a template message.
type TemplateFile struct {
	// URL is where the file is.
	URL *string
	// Name is the file's name.
	Name *string
}
