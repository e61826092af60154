package texter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"texter-graphql/jsonscan"
)

// decodeSearchPage reads the body of a search's answer. It keeps body, which
// must not change afterwards. Broken UTF-8 is replaced by U+FFFD. Its errors
// name the broken rule and the field, and never hold a part of the body.
//
// Unknown keys are passed over and every documented one may be missing or
// null, but for a chat's `_id`: what is not documented must be survived. A
// documented field of another type is an error: showing it as absent would
// hide that Texter's contract changed.
func decodeSearchPage(body []byte) (*SearchPage, error) {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	d := newDecoder(body)
	page := d.searchPage()
	d.End()
	if d.Err != nil {
		return nil, fmt.Errorf("the answer %w", d.Err)
	}
	page.Body = body
	page.Size = cap(body) + sizeOf(page.Chats) + d.allocated()
	return page, nil
}

// decoder reads the documents of Texter's contract.
type decoder struct {
	jsonscan.Scanner
	row          int     // of the search page, for errors; -1 outside
	olderChannel *string // the older spelling of the channel, in the row being read

	chatObjects      objects[Chat]
	channelObjects   objects[Channel]
	agentObjects     objects[Agent]
	sessionObjects   objects[BotSession]
	flowObjects      objects[FlowVersion]
	actionObjects    objects[ReplyAction]
	fileObjects      objects[TemplateFile]
	unsubscribedDate objects[*Timestamp]

	chats     slab[Chat]
	channels  slab[Channel]
	agents    slab[Agent]
	sessions  slab[BotSession]
	flows     slab[FlowVersion]
	actions   slab[ReplyAction]
	files     slab[TemplateFile]
	texts     slab[string]
	ints      slab[int]
	bools     slab[bool]
	times     slab[Timestamp]
	noLabels  []string // shared by all chats without labels: empty, not nil
	allLabels []string // of all chats, each of which has a part
	labelSize int      // bytes of memory that allLabels takes, and took before it grew
}

func newDecoder(body []byte) *decoder {
	return &decoder{
		Scanner:          jsonscan.Scanner{Text: body},
		row:              -1,
		chatObjects:      objects[Chat]{fields: chatFields},
		channelObjects:   objects[Channel]{fields: channelFields},
		agentObjects:     objects[Agent]{fields: agentFields},
		sessionObjects:   objects[BotSession]{fields: sessionFields},
		flowObjects:      objects[FlowVersion]{fields: flowFields},
		actionObjects:    objects[ReplyAction]{fields: actionFields},
		fileObjects:      objects[TemplateFile]{fields: fileFields},
		unsubscribedDate: objects[*Timestamp]{fields: unsubscribedFields},
		noLabels:         []string{},
	}
}

// allocated is how many bytes of memory were allocated for what was decoded.
func (d *decoder) allocated() int {
	return d.Unescaped + d.labelSize + d.chats.size + d.channels.size + d.agents.size + d.sessions.size + d.flows.size +
		d.actions.size + d.files.size + d.texts.size + d.ints.size + d.bools.size + d.times.size
}

// pageFields are filled into a page; hasTotal and hasData are told by what
// cannot be: a total below zero and rows that are nil.
var pageFields = fields[SearchPage]{
	"data": func(d *decoder, p *SearchPage, key string) { p.Chats = d.rows(key) },
	"total": func(d *decoder, p *SearchPage, key string) {
		p.Total = -1
		if total := d.integer(key); total != nil {
			p.Total = *total
		}
	},
}

func (d *decoder) searchPage() *SearchPage {
	page := SearchPage{Total: -1}
	objects := objects[SearchPage]{fields: pageFields}
	objects.read(d, &page)
	if page.Chats == nil || page.Total < 0 {
		d.Fail(&contractError{row: d.row, field: "total", rule: "data and total must both be there"})
	}
	return &page
}

func (d *decoder) rows(key string) []*Chat {
	chats := []*Chat{}
	if !d.opens(key, '[') {
		d.failContract(key, "must not be null")
		return nil
	}
	for i := range d.Array {
		d.row = i
		chats = append(chats, d.chat())
	}
	d.row = -1
	return chats
}

func (d *decoder) chat() *Chat {
	c := d.chats.next()
	c.Labels = d.noLabels
	d.olderChannel = nil
	d.Peek()
	start := d.Pos
	d.chatObjects.read(d, c)
	if d.Err != nil {
		return c
	}
	c.Raw = json.RawMessage(d.Text[start:d.Pos:d.Pos])
	if d.olderChannel != nil {
		c.adoptChannel(d.olderChannel)
	}
	if c.ID == "" {
		d.failContract("_id", "must be a string that is not empty")
	}
	return c
}

// adoptChannel fills in the channel's older spelling where the newer is absent.
func (c *Chat) adoptChannel(name *string) {
	if c.Channel == nil {
		c.Channel = &Channel{}
	}
	if c.Channel.RawName == nil {
		c.Channel.RawName = name
	}
}

// chatFields are the keys of a chat. The units of the times are in the keys'
// names, as Texter's API reference has it.
var chatFields = fields[Chat]{
	"_id":                          func(d *decoder, c *Chat, key string) { c.ID = d.name(key) },
	"channel":                      func(d *decoder, _ *Chat, key string) { d.olderChannel = d.text(key) },
	"title":                        func(d *decoder, c *Chat, key string) { c.Title = d.text(key) },
	"displayName":                  func(d *decoder, c *Chat, key string) { c.DisplayName = d.text(key) },
	"personId":                     func(d *decoder, c *Chat, key string) { c.PersonID = d.text(key) },
	"image":                        func(d *decoder, c *Chat, key string) { c.Image = d.text(key) },
	"channelInfo":                  func(d *decoder, c *Chat, key string) { c.Channel = d.channel(key) },
	"entityPhone":                  func(d *decoder, c *Chat, key string) { c.EntityPhone = d.text(key) },
	"clientPhone":                  func(d *decoder, c *Chat, key string) { c.ClientPhone = d.text(key) },
	"clientPhoneE164":              func(d *decoder, c *Chat, key string) { c.ClientPhoneE164 = d.text(key) },
	"agent":                        func(d *decoder, c *Chat, key string) { c.Agent = d.agent(key) },
	"departmentId":                 func(d *decoder, c *Chat, key string) { c.DepartmentID = d.text(key) },
	"status":                       func(d *decoder, c *Chat, key string) { c.StatusCode = d.integer(key) },
	"unreadCount":                  func(d *decoder, c *Chat, key string) { c.UnreadCount = d.integer(key) },
	"labels":                       func(d *decoder, c *Chat, key string) { c.Labels = d.labels(key) },
	"last_message_timestamp":       func(d *decoder, c *Chat, key string) { c.LastMessageAt = d.epoch(key, time.Millisecond) },
	"lastIncomingMessageTimestamp": func(d *decoder, c *Chat, key string) { c.LastIncomingMessageAt = d.epoch(key, time.Millisecond) },
	"created":                      func(d *decoder, c *Chat, key string) { c.CreatedAt = d.iso8601(key) },
	"updatedAt":                    func(d *decoder, c *Chat, key string) { c.UpdatedAt = d.iso8601(key) },
	"pendingMessageTime":           func(d *decoder, c *Chat, key string) { c.PendingMessageAt = d.epoch(key, time.Second) },
	"pendingUpdateTime":            func(d *decoder, c *Chat, key string) { c.PendingAt = d.epoch(key, time.Second) },
	"resolvedUpdateTime":           func(d *decoder, c *Chat, key string) { c.ResolvedAt = d.epoch(key, time.Second) },
	"unsubscribed":                 func(d *decoder, c *Chat, key string) { c.UnsubscribedAt = d.unsubscribed(key) },
	"botState":                     func(d *decoder, c *Chat, key string) { c.BotState = d.botSession(key) },
	"previousBotSession":           func(d *decoder, c *Chat, key string) { c.PreviousBotSession = d.botSession(key) },
	"replyAction":                  func(d *decoder, c *Chat, key string) { c.ReplyAction = d.replyAction(key) },
	"sendingBulkAgent":             func(d *decoder, c *Chat, key string) { c.SendingBulkAgent = d.text(key) },
	"crmData":                      func(d *decoder, c *Chat, _ string) { c.CRMData = d.freeForm() },
	"crmDeepLink":                  func(d *decoder, c *Chat, key string) { c.CRMDeepLink = d.text(key) },
	"externalBot":                  func(d *decoder, c *Chat, key string) { c.ExternalBot = d.boolean(key) },
}
