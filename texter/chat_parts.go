package texter

import "encoding/json"

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
