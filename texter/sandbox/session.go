package sandbox

import "encoding/json"

// session is a made-up bot session in the form of the Texter REST reference.
type session struct {
	ID          string         `json:"id"`
	FlowVersion flowVersion    `json:"flowVersion"`
	Node        string         `json:"node"`
	UserState   map[string]any `json:"userState"`
	Language    string         `json:"language,omitempty"` // not documented: bots may add keys
}

type flowVersion struct {
	Identifier string `json:"identifier"`
	Version    int    `json:"version"`
}

// replyAction is a made-up reply action in the form of the Texter REST
// reference.
type replyAction struct {
	Created               int64   `json:"created"`        // epoch seconds
	ExpirationTime        int64   `json:"expirationTime"` // seconds after Created
	ChatStatus            int     `json:"chatStatus"`
	SetBotNode            string  `json:"setBotNode"`
	Bot                   string  `json:"bot"`
	ReplyText             string  `json:"replyText"`
	ResponsibleAgent      *string `json:"responsibleAgent"`
	ResponsibleDepartment *string `json:"responsibleDepartment"`
	ReplyToTemplateFile   *file   `json:"replyToTemplateFile,omitempty"`
	ResolveTime           *int64  `json:"resolveTime,omitempty"` // epoch seconds
}

type file struct {
	URL  string `json:"url"`
	Name string `json:"name"`
}

// setBots sets the bot sessions and, after a bulk send, the reply action.
func (m *maker) setBots(c *Chat, t times) {
	switch n := m.r.IntN(100); {
	case n < 30:
		c.BotState = encode(struct{}{})
	case n < 50:
		c.BotState = null()
	default:
		c.BotState = m.session()
	}
	switch n := m.r.IntN(100); {
	case n < 20:
		c.PreviousBotSession = null()
	case n < 40:
		c.PreviousBotSession = m.session()
	}
	switch {
	case t.bulk:
		c.ReplyAction = m.replyAction(*t.last/1000, c.DepartmentID)
		c.SendingBulkAgent = encode(pick(m, m.agents).uid)
	case m.chance(30):
		c.ReplyAction = null()
		c.SendingBulkAgent = null()
	}
}

func (m *maker) session() json.RawMessage {
	s := session{
		ID:          m.hex(64),
		FlowVersion: flowVersion{pick(m, m.bots), 1 + m.r.IntN(60)},
		Node:        pick(m, m.nodes),
		UserState:   map[string]any{},
	}
	if m.chance(60) {
		choice := m.r.IntN(len(m.choices))
		s.UserState["menu_choice"] = map[string]any{"choice": choice + 1, "text": m.choices[choice]}
	}
	if m.chance(30) {
		s.Language = "he"
	}
	return encode(s)
}

func (m *maker) replyAction(sent int64, department *string) json.RawMessage {
	a := replyAction{
		Created:               sent,
		ExpirationTime:        3 * 24 * 60 * 60,
		ChatStatus:            m.r.IntN(2),
		SetBotNode:            "start",
		Bot:                   pick(m, m.bots),
		ReplyText:             pick(m, m.replies),
		ResponsibleDepartment: department,
	}
	if m.chance(30) {
		a.ReplyToTemplateFile = &file{"https://files.example.com/offer.pdf", "offer.pdf"}
	}
	if m.chance(20) {
		a.ResolveTime = new(sent + 24*60*60)
	}
	return encode(a)
}

func null() json.RawMessage {
	return json.RawMessage("null")
}
