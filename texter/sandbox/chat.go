package sandbox

import (
	"encoding/json"
	"slices"
)

// Chat is a chat as it is in a row of the search. Names, meanings and units of the
// fields are those of the Texter REST reference. Rows of the search have neither
// lastMessage nor personChats.
//
// Unless a comment says otherwise, an empty field is absent from the row. A
// json.RawMessage is absent if it is nil, and else sent as it is; "null" is null.
type Chat struct {
	// ID is the chat's id in Texter.
	ID string `json:"_id"`
	// Title is the contact's name as set in their own account; always sent.
	Title string `json:"title"`
	// DisplayName is the custom name set in Texter.
	DisplayName string `json:"displayName,omitempty"`
	// PersonID links the chats of one person across channels.
	PersonID string `json:"personId,omitempty"`
	// Image is the file id of the avatar.
	Image string `json:"image,omitempty"`
	// ChannelInfo says where the contact writes.
	ChannelInfo ChannelInfo `json:"channelInfo"`
	// Channel is the older spelling of ChannelInfo.Name.
	Channel string `json:"channel,omitempty"`
	// EntityPhone is the business's phone, E.164.
	EntityPhone string `json:"entityPhone,omitempty"`
	// ClientPhone is the contact's phone.
	ClientPhone string `json:"clientPhone,omitempty"`
	// ClientPhoneE164 is the contact's phone, E.164.
	ClientPhoneE164 string `json:"clientPhoneE164,omitempty"`
	// Agent is the assigned agent.
	Agent Agent `json:"agent"`
	// DepartmentID is the responsible department; nil is null.
	DepartmentID *string `json:"departmentId"`
	// Status is 0 BOT, 1 PENDING, 2 ASSIGNED, 3 RESOLVED, 4 BULK.
	Status int `json:"status"`
	// UnreadCount is the number of unread incoming messages.
	UnreadCount int `json:"unreadCount"`
	// Labels holds label ids; nil is absent, empty is [].
	Labels []string `json:"labels,omitzero"`
	// LastMessageTimestamp is the last message in either direction, in epoch
	// milliseconds; nil is a chat without messages.
	LastMessageTimestamp *int64 `json:"last_message_timestamp,omitempty"`
	// LastIncomingMessageTimestamp is the contact's last message, in epoch
	// milliseconds.
	LastIncomingMessageTimestamp *int64 `json:"lastIncomingMessageTimestamp,omitempty"`
	// Created is when the chat was made, ISO 8601.
	Created string `json:"created,omitempty"`
	// UpdatedAt is when the chat last changed, ISO 8601.
	UpdatedAt string `json:"updatedAt,omitempty"`
	// PendingMessageTime is the message that made the chat pending, in epoch
	// seconds.
	PendingMessageTime *int64 `json:"pendingMessageTime,omitempty"`
	// PendingUpdateTime is when the chat became pending, in epoch seconds.
	PendingUpdateTime *int64 `json:"pendingUpdateTime,omitempty"`
	// ResolvedUpdateTime is when the chat was last resolved, in epoch seconds.
	ResolvedUpdateTime *int64 `json:"resolvedUpdateTime,omitempty"`
	// BotState is the active or latest bot session: an object or null.
	BotState json.RawMessage `json:"botState,omitempty"`
	// PreviousBotSession is the session before BotState: an object or null.
	PreviousBotSession json.RawMessage `json:"previousBotSession,omitempty"`
	// ReplyAction runs when the contact answers a template: an object, whose
	// created is in epoch seconds, or null.
	ReplyAction json.RawMessage `json:"replyAction,omitempty"`
	// SendingBulkAgent is the agent of the bulk send: a string or null.
	SendingBulkAgent json.RawMessage `json:"sendingBulkAgent,omitempty"`
	// Unsubscribed is an object with an ISO 8601 date, or null.
	Unsubscribed json.RawMessage `json:"unsubscribed,omitempty"`
	// CRMData is a free-form object.
	CRMData json.RawMessage `json:"crmData,omitempty"`
	// CRMDeepLink is a link to the contact in the CRM.
	CRMDeepLink string `json:"crmDeepLink,omitempty"`
	// ExternalBot says that an external bot answers this chat; always sent.
	ExternalBot bool `json:"externalBot"`
}

// ChannelInfo says on which channel a chat is (Texter REST reference).
type ChannelInfo struct {
	// Name is whatsapp, messenger, instagram, website_chat or email. In rows it can
	// also be sms, or a name that the reference does not know.
	Name string `json:"name"`
	// ID is the contact's id on the channel.
	ID string `json:"id"`
	// AccountID is the business account's id on the channel.
	AccountID string `json:"accountId"`
	// Metadata is a free-form object, absent if nil.
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// Agent is the assigned agent (Texter REST reference). The zero Agent is
// nobody: {"uid": null, "displayName": ""}.
type Agent struct {
	// UID is the agent's id; nil is null.
	UID *string `json:"uid"`
	// DisplayName is the agent's name.
	DisplayName string `json:"displayName"`
}

// clone is a copy that shares no memory with c that can be changed.
func (c Chat) clone() Chat {
	c.Labels = slices.Clone(c.Labels)
	c.Agent.UID = copied(c.Agent.UID)
	c.DepartmentID = copied(c.DepartmentID)
	times := []**int64{
		&c.LastMessageTimestamp, &c.LastIncomingMessageTimestamp,
		&c.PendingMessageTime, &c.PendingUpdateTime, &c.ResolvedUpdateTime,
	}
	for _, t := range times {
		*t = copied(*t)
	}
	raws := []*json.RawMessage{
		&c.ChannelInfo.Metadata, &c.BotState, &c.PreviousBotSession, &c.ReplyAction,
		&c.SendingBulkAgent, &c.Unsubscribed, &c.CRMData,
	}
	for _, r := range raws {
		*r = slices.Clone(*r)
	}
	return c
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
