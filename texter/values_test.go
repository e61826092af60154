package texter

import "encoding/json"

// chatValues is what all accessors of a chat return. What is null is nil.
type chatValues struct {
	ID                                                         string
	Title, DisplayName, PersonID, Image, DepartmentID          *string
	EntityPhone, ClientPhone, ClientPhoneE164                  *string
	Channel                                                    *channelValues
	Agent                                                      *agentValues
	StatusCode, UnreadCount                                    *int
	Labels                                                     []string
	LastMessageAt, LastIncomingMessageAt, CreatedAt, UpdatedAt *Timestamp
	PendingMessageAt, PendingAt, ResolvedAt, UnsubscribedAt    *Timestamp
	BotState, PreviousBotSession                               *sessionValues
	ReplyAction                                                *actionValues
	SendingBulkAgent, CRMDeepLink                              *string
	CRMData                                                    json.RawMessage
	ExternalBot                                                *bool
}

type channelValues struct {
	RawName, ID, AccountID *string
	Metadata               json.RawMessage
}

type agentValues struct {
	UID         string
	DisplayName *string
}

type sessionValues struct {
	ID        *string
	Flow      *flowValues
	Node      *string
	UserState json.RawMessage
	Raw       json.RawMessage
}

type flowValues struct {
	Identifier *string
	Version    *int
}

type actionValues struct {
	CreatedAt                      *Timestamp
	ExpirationTime, ChatStatusCode *int
	SetBotNode, Bot, ReplyText     *string
	ResponsibleAgent               json.RawMessage
	ResponsibleDepartment          *string
	ReplyToTemplateFile            *fileValues
	ResolveAt                      *Timestamp
}

type fileValues struct{ URL, Name *string }

// valuesOf calls the accessors of a chat, but for Raw and those whose value is made
// of other accessors' values.
func valuesOf(c *Chat) chatValues {
	return chatValues{
		ID: c.ID, Title: str(c.Title()), DisplayName: str(c.DisplayName()), PersonID: str(c.PersonID()), Image: str(c.Image()),
		Channel: ifAny(c.Channel, func(ch Channel) channelValues {
			return channelValues{str(ch.RawName()), str(ch.ID()), str(ch.AccountID()), ch.Metadata()}
		}),
		EntityPhone: str(c.EntityPhone()), ClientPhone: str(c.ClientPhone()), ClientPhoneE164: str(c.ClientPhoneE164()),
		Agent:        ifAny(c.Agent, func(a Agent) agentValues { return agentValues{a.UID().String(), str(a.DisplayName())} }),
		DepartmentID: str(c.DepartmentID()), StatusCode: ptr(c.StatusCode()), UnreadCount: ptr(c.UnreadCount()), Labels: c.LabelIDs,
		LastMessageAt: c.LastMessageAt, LastIncomingMessageAt: ptr(c.LastIncomingMessageAt()), CreatedAt: ptr(c.CreatedAt()),
		UpdatedAt: ptr(c.UpdatedAt()), PendingMessageAt: ptr(c.PendingMessageAt()), PendingAt: ptr(c.PendingAt()),
		ResolvedAt: ptr(c.ResolvedAt()), UnsubscribedAt: ptr(c.UnsubscribedAt()),
		BotState: ifAny(c.BotState, valuesOfSession), PreviousBotSession: ifAny(c.PreviousBotSession, valuesOfSession),
		ReplyAction: ifAny(c.ReplyAction, valuesOfAction), SendingBulkAgent: str(c.SendingBulkAgent()),
		CRMData: c.CRMData(), CRMDeepLink: str(c.CRMDeepLink()), ExternalBot: ptr(c.ExternalBot()),
	}
}

func valuesOfSession(s BotSession) sessionValues {
	flow := ifAny(s.Flow, func(f FlowVersion) flowValues { return flowValues{str(f.Identifier()), ptr(f.Version())} })
	return sessionValues{str(s.ID()), flow, str(s.Node()), s.UserState(), s.Raw()}
}

func valuesOfAction(r ReplyAction) actionValues {
	return actionValues{
		CreatedAt: ptr(r.CreatedAt()), ExpirationTime: ptr(r.ExpirationTime()), ChatStatusCode: ptr(r.ChatStatusCode()),
		SetBotNode: str(r.SetBotNode()), Bot: str(r.Bot()), ReplyText: str(r.ReplyText()), ResponsibleAgent: r.ResponsibleAgent(),
		ResponsibleDepartment: str(r.ResponsibleDepartment()),
		ReplyToTemplateFile:   ifAny(r.ReplyToTemplateFile, func(f TemplateFile) fileValues { return fileValues{str(f.URL()), str(f.Name())} }),
		ResolveAt:             ptr(r.ResolveAt()),
	}
}

// str is the string of a text, nil for null.
func str(t Text) *string {
	if t.IsNull() {
		return nil
	}
	return new(t.String())
}

// ptr points to a value, and is nil if it is not ok.
func ptr[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}

// ifAny is what values makes of an object, nil if there is no object.
func ifAny[T, R any](accessor func() (object T, ok bool), values func(T) R) *R {
	object, ok := accessor()
	if !ok {
		return nil
	}
	return new(values(object))
}
