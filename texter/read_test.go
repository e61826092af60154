package texter

import "encoding/json"

// read is all that a chat says when it is asked. What is null is nil.
type read struct {
	ID                                                         string
	Title, DisplayName, PersonID, Image, DepartmentID          *string
	EntityPhone, ClientPhone, ClientPhoneE164                  *string
	Channel                                                    *readChannel
	Agent                                                      *readAgent
	StatusCode, UnreadCount                                    *int
	Labels                                                     []string
	LastMessageAt, LastIncomingMessageAt, CreatedAt, UpdatedAt *Timestamp
	PendingMessageAt, PendingAt, ResolvedAt, UnsubscribedAt    *Timestamp
	BotState, PreviousBotSession                               *readSession
	ReplyAction                                                *readAction
	SendingBulkAgent, CRMDeepLink                              *string
	CRMData                                                    json.RawMessage
	ExternalBot                                                *bool
}

type readChannel struct {
	RawName, ID, AccountID *string
	Metadata               json.RawMessage
}

type readAgent struct {
	UID         string
	DisplayName *string
}

type readSession struct {
	ID        *string
	Flow      *readFlow
	Node      *string
	UserState json.RawMessage
	Raw       json.RawMessage
}

type readFlow struct {
	Identifier *string
	Version    *int
}

type readAction struct {
	CreatedAt                      *Timestamp
	ExpirationTime, ChatStatusCode *int
	SetBotNode, Bot, ReplyText     *string
	ResponsibleAgent               json.RawMessage
	ResponsibleDepartment          *string
	ReplyToTemplateFile            *readFile
	ResolveAt                      *Timestamp
}

type readFile struct{ URL, Name *string }

// readChat asks a chat for everything but its row, and what is worked out of
// other fields.
func readChat(c *Chat) read {
	return read{
		ID: c.ID, Title: str(c.Title()), DisplayName: str(c.DisplayName()), PersonID: str(c.PersonID()), Image: str(c.Image()),
		Channel: ifThere(c.Channel, func(ch Channel) readChannel {
			return readChannel{str(ch.RawName()), str(ch.ID()), str(ch.AccountID()), ch.Metadata()}
		}),
		EntityPhone: str(c.EntityPhone()), ClientPhone: str(c.ClientPhone()), ClientPhoneE164: str(c.ClientPhoneE164()),
		Agent:        ifThere(c.Agent, func(a Agent) readAgent { return readAgent{a.UID().String(), str(a.DisplayName())} }),
		DepartmentID: str(c.DepartmentID()), StatusCode: ptr(c.StatusCode()), UnreadCount: ptr(c.UnreadCount()), Labels: c.Labels,
		LastMessageAt: c.LastMessageAt, LastIncomingMessageAt: ptr(c.LastIncomingMessageAt()), CreatedAt: ptr(c.CreatedAt()),
		UpdatedAt: ptr(c.UpdatedAt()), PendingMessageAt: ptr(c.PendingMessageAt()), PendingAt: ptr(c.PendingAt()),
		ResolvedAt: ptr(c.ResolvedAt()), UnsubscribedAt: ptr(c.UnsubscribedAt()),
		BotState: ifThere(c.BotState, readBotSession), PreviousBotSession: ifThere(c.PreviousBotSession, readBotSession),
		ReplyAction: ifThere(c.ReplyAction, readReplyAction), SendingBulkAgent: str(c.SendingBulkAgent()),
		CRMData: c.CRMData(), CRMDeepLink: str(c.CRMDeepLink()), ExternalBot: ptr(c.ExternalBot()),
	}
}

func readBotSession(s BotSession) readSession {
	flow := ifThere(s.Flow, func(f FlowVersion) readFlow { return readFlow{str(f.Identifier()), ptr(f.Version())} })
	return readSession{str(s.ID()), flow, str(s.Node()), s.UserState(), s.Raw()}
}

func readReplyAction(r ReplyAction) readAction {
	return readAction{
		CreatedAt: ptr(r.CreatedAt()), ExpirationTime: ptr(r.ExpirationTime()), ChatStatusCode: ptr(r.ChatStatusCode()),
		SetBotNode: str(r.SetBotNode()), Bot: str(r.Bot()), ReplyText: str(r.ReplyText()), ResponsibleAgent: r.ResponsibleAgent(),
		ResponsibleDepartment: str(r.ResponsibleDepartment()),
		ReplyToTemplateFile:   ifThere(r.ReplyToTemplateFile, func(f TemplateFile) readFile { return readFile{str(f.URL()), str(f.Name())} }),
		ResolveAt:             ptr(r.ResolveAt()),
	}
}

// str is the string of a text; nil for null.
func str(t Text) *string {
	if t.IsNull() {
		return nil
	}
	return new(t.String())
}

// ptr is a value that is there; else nil.
func ptr[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}

// ifThere is what an object says; nil if there is none.
func ifThere[T, R any](find func() (object T, ok bool), ask func(T) R) *R {
	object, ok := find()
	if !ok {
		return nil
	}
	return new(ask(object))
}
