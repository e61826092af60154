package texter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
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
		chatObjects:      objects[Chat]{documented: chatKeys},
		channelObjects:   objects[Channel]{documented: channelKeys},
		agentObjects:     objects[Agent]{documented: agentKeys},
		sessionObjects:   objects[BotSession]{documented: sessionKeys},
		flowObjects:      objects[FlowVersion]{documented: flowKeys},
		actionObjects:    objects[ReplyAction]{documented: actionKeys},
		fileObjects:      objects[TemplateFile]{documented: fileKeys},
		unsubscribedDate: objects[*Timestamp]{documented: unsubscribedKeys},
		noLabels:         []string{},
	}
}

// allocated is how many bytes of memory were allocated for what was decoded.
func (d *decoder) allocated() int {
	return d.Unescaped + d.labelSize + d.chats.size + d.channels.size + d.agents.size + d.sessions.size + d.flows.size +
		d.actions.size + d.files.size + d.texts.size + d.ints.size + d.bools.size + d.times.size
}

// pageKeys are the keys of a page. One that did not come leaves what searchPage
// takes for missing: no rows, not even none, and a total below zero.
var pageKeys = []key[SearchPage]{
	{token: `"data":`, read: func(d *decoder, p *SearchPage, key string) { p.Chats = d.rows(key) }},
	{token: `"total":`, read: func(d *decoder, p *SearchPage, key string) {
		p.Total = -1
		if total := d.integer(key); total != nil {
			p.Total = *total
		}
	}},
}

func (d *decoder) searchPage() *SearchPage {
	page := SearchPage{Total: -1}
	objects := objects[SearchPage]{documented: pageKeys}
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
		start := d.Pos
		chats = append(chats, d.chat())
		if i == 0 && d.Err == nil {
			more := min((len(d.Text)-d.Pos)/(d.Pos-start), MaxLimit)
			d.expectRows(more)
			chats = slices.Grow(chats, more)
		}
	}
	d.row = -1
	return chats
}

// expectRows makes room for n more rows like the first, or a part of them.
func (d *decoder) expectRows(n int) {
	d.chats.expectRows(n)
	d.channels.expectRows(n)
	d.agents.expectRows(n)
	d.sessions.expectRows(n)
	d.flows.expectRows(n)
	d.actions.expectRows(n)
	d.files.expectRows(n)
	d.texts.expectRows(n)
	d.ints.expectRows(n)
	d.bools.expectRows(n)
	d.times.expectRows(n)
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

// chatKeys are the keys of a chat. The units of the times are in the keys'
// names, as Texter's API reference has it.
var chatKeys = []key[Chat]{
	{token: `"_id":`, read: func(d *decoder, c *Chat, key string) { c.ID = d.name(key) }},
	{token: `"channel":`, read: func(d *decoder, _ *Chat, key string) { d.olderChannel = d.text(key) }},
	{token: `"title":`, read: func(d *decoder, c *Chat, key string) { c.Title = d.text(key) }},
	{token: `"displayName":`, read: func(d *decoder, c *Chat, key string) { c.DisplayName = d.text(key) }},
	{token: `"personId":`, read: func(d *decoder, c *Chat, key string) { c.PersonID = d.text(key) }},
	{token: `"image":`, read: func(d *decoder, c *Chat, key string) { c.Image = d.text(key) }},
	{token: `"channelInfo":`, read: func(d *decoder, c *Chat, key string) { c.Channel = d.channel(key) }},
	{token: `"entityPhone":`, read: func(d *decoder, c *Chat, key string) { c.EntityPhone = d.text(key) }},
	{token: `"clientPhone":`, read: func(d *decoder, c *Chat, key string) { c.ClientPhone = d.text(key) }},
	{token: `"clientPhoneE164":`, read: func(d *decoder, c *Chat, key string) { c.ClientPhoneE164 = d.text(key) }},
	{token: `"agent":`, read: func(d *decoder, c *Chat, key string) { c.Agent = d.agent(key) }},
	{token: `"departmentId":`, read: func(d *decoder, c *Chat, key string) { c.DepartmentID = d.text(key) }},
	{token: `"status":`, read: func(d *decoder, c *Chat, key string) { c.StatusCode = d.integer(key) }},
	{token: `"unreadCount":`, read: func(d *decoder, c *Chat, key string) { c.UnreadCount = d.integer(key) }},
	{token: `"labels":`, read: func(d *decoder, c *Chat, key string) { c.Labels = d.labels(key) }},
	{token: `"last_message_timestamp":`, read: func(d *decoder, c *Chat, key string) { c.LastMessageAt = d.epoch(key, time.Millisecond) }},
	{token: `"lastIncomingMessageTimestamp":`, read: func(d *decoder, c *Chat, key string) { c.LastIncomingMessageAt = d.epoch(key, time.Millisecond) }},
	{token: `"created":`, read: func(d *decoder, c *Chat, key string) { c.CreatedAt = d.iso8601(key) }},
	{token: `"updatedAt":`, read: func(d *decoder, c *Chat, key string) { c.UpdatedAt = d.iso8601(key) }},
	{token: `"pendingMessageTime":`, read: func(d *decoder, c *Chat, key string) { c.PendingMessageAt = d.epoch(key, time.Second) }},
	{token: `"pendingUpdateTime":`, read: func(d *decoder, c *Chat, key string) { c.PendingAt = d.epoch(key, time.Second) }},
	{token: `"resolvedUpdateTime":`, read: func(d *decoder, c *Chat, key string) { c.ResolvedAt = d.epoch(key, time.Second) }},
	{token: `"unsubscribed":`, read: func(d *decoder, c *Chat, key string) { c.UnsubscribedAt = d.unsubscribed(key) }},
	{token: `"botState":`, read: func(d *decoder, c *Chat, key string) { c.BotState = d.botSession(key) }},
	{token: `"previousBotSession":`, read: func(d *decoder, c *Chat, key string) { c.PreviousBotSession = d.botSession(key) }},
	{token: `"replyAction":`, read: func(d *decoder, c *Chat, key string) { c.ReplyAction = d.replyAction(key) }},
	{token: `"sendingBulkAgent":`, read: func(d *decoder, c *Chat, key string) { c.SendingBulkAgent = d.text(key) }},
	{token: `"crmData":`, read: func(d *decoder, c *Chat, _ string) { c.CRMData = d.freeForm() }},
	{token: `"crmDeepLink":`, read: func(d *decoder, c *Chat, key string) { c.CRMDeepLink = d.text(key) }},
	{token: `"externalBot":`, read: func(d *decoder, c *Chat, key string) { c.ExternalBot = d.boolean(key) }},
}
