package texter

import (
	"bytes"
	"errors"
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
func decodeSearchPage(body []byte) (*SearchPage, error) { return new(memory).decode(body) }

func (m *memory) decode(body []byte) (*SearchPage, error) {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	if len(body) > maxBody {
		return nil, errors.New("the answer is too long")
	}
	d := &m.decoder
	d.begin(body)
	d.searchPage()
	d.End()
	if d.Err != nil {
		return nil, fmt.Errorf("the answer %w", d.Err)
	}
	d.page.Size = cap(body) + sizeOf(d.page.Chats) + d.chatSize + d.labelSize + d.Unescaped
	return d.page, nil
}

// decoder reads the documents of Texter's contract.
type decoder struct {
	jsonscan.Scanner
	page         *SearchPage
	row          int  // of the search page, for errors; -1 outside
	olderChannel span // the older spelling of the channel, in the row being read

	chatObjects      objects[Chat]
	channelObjects   objects[Channel]
	agentObjects     objects[Agent]
	sessionObjects   objects[BotSession]
	flowObjects      objects[FlowVersion]
	actionObjects    objects[ReplyAction]
	fileObjects      objects[TemplateFile]
	unsubscribedDate objects[moment]

	chats     []Chat   // room for rows
	free      []Chat   // the part of chats that no row has
	pointers  []*Chat  // to the rows
	allLabels []string // of all chats, each of which has a part
	// Bytes of memory that chats and allLabels take, and took before they grew.
	chatSize, labelSize int
}

// noLabels are those of all chats without labels: empty, not nil.
var noLabels = []string{}

// begin begins a page, in the memory of the one before it.
func (d *decoder) begin(body []byte) {
	d.Scanner = jsonscan.Scanner{Text: body}
	d.page = &SearchPage{Total: -1, Body: body}
	d.row = -1
	d.chatObjects.begin(chatKeys)
	d.channelObjects.begin(channelKeys)
	d.agentObjects.begin(agentKeys)
	d.sessionObjects.begin(sessionKeys)
	d.flowObjects.begin(flowKeys)
	d.actionObjects.begin(actionKeys)
	d.fileObjects.begin(fileKeys)
	d.unsubscribedDate.begin(unsubscribedKeys)
	d.free, d.pointers, d.allLabels = d.chats, d.pointers[:0], d.allLabels[:0]
	d.chatSize, d.labelSize = sizeOf(d.chats), sizeOf(d.allLabels)
}

// pageKeys are the keys of a page. One that did not come leaves what searchPage
// takes for missing: no rows, not even none, and a total below zero.
var pageKeys = []key[SearchPage]{
	{token: `"data":`, read: func(d *decoder, p *SearchPage, key string) { p.Chats = d.rows(key) }},
	{token: `"total":`, read: func(d *decoder, p *SearchPage, key string) {
		p.Total = -1
		if total, ok := d.integer(key).int(); ok {
			p.Total = total
		}
	}},
}

func (d *decoder) searchPage() {
	var objects objects[SearchPage]
	objects.begin(pageKeys)
	objects.read(d, d.page)
	if d.page.Chats == nil || d.page.Total < 0 {
		d.Fail(&contractError{row: d.row, field: "total", rule: "data and total must both be there"})
	}
}

func (d *decoder) rows(key string) []*Chat {
	if !d.opens(key, '[') {
		d.failContract(key, "must not be null")
		return nil
	}
	chats, start := d.pointers[:0], d.Pos
	if chats == nil {
		chats = []*Chat{}
	}
	for i := range d.Array {
		d.row = i
		if len(d.free) == 0 {
			d.makeRoom(i, d.Pos-start)
			chats = slices.Grow(chats, len(d.free))
		}
		c := &d.free[0]
		d.free = d.free[1:]
		d.chat(c)
		chats = append(chats, c)
	}
	d.row, d.pointers = -1, chats
	return slices.Clip(chats)
}

// firstRows is how many chats there is room for before one has been seen: those
// of a usual page, or as many as a short body can hold with a little in each.
const firstRows, leastRow = 32, 64

// makeRoom makes room for the chats that follow rows of so many bytes.
func (d *decoder) makeRoom(rows, bytes int) {
	room := min(firstRows, 1+(len(d.Text)-d.Pos)/leastRow)
	if rows > 0 {
		room = 1 + (len(d.Text)-d.Pos)/max(bytes/rows, leastRow)
	}
	d.chats = make([]Chat, min(room, MaxLimit))
	d.free = d.chats
	d.chatSize += sizeOf(d.chats)
}

func (d *decoder) chat(c *Chat) {
	*c = Chat{page: d.page, Labels: noLabels}
	d.olderChannel = span{}
	d.Peek()
	start := d.Pos
	d.chatObjects.read(d, c)
	c.raw = d.spanFrom(start)
	if !d.olderChannel.isNull() {
		c.adoptChannel(d.olderChannel)
	}
	if c.ID == "" && d.Err == nil {
		d.failContract("_id", "must be a string that is not empty")
	}
}

func (d *decoder) lastMessage(key string, c *Chat) {
	at, ok := d.epoch(key, time.Millisecond).timestamp()
	if c.lastMessageAt, c.LastMessageAt = at, nil; ok {
		c.LastMessageAt = &c.lastMessageAt
	}
}

// adoptChannel fills in the channel's older spelling where the newer is absent.
func (c *Chat) adoptChannel(name span) {
	c.channel.page = c.page
	if c.channel.rawName.isNull() {
		c.channel.rawName = name
	}
}

// chatKeys are the keys of a chat. The units of the times are in the keys'
// names, as Texter's API reference has it.
var chatKeys = []key[Chat]{
	{token: `"_id":`, read: func(d *decoder, c *Chat, key string) { c.ID = d.name(key) }},
	{token: `"channel":`, read: func(d *decoder, _ *Chat, key string) { d.olderChannel = d.text(key) }},
	{token: `"title":`, read: func(d *decoder, c *Chat, key string) { c.title = d.text(key) }},
	{token: `"displayName":`, read: func(d *decoder, c *Chat, key string) { c.displayName = d.text(key) }},
	{token: `"personId":`, read: func(d *decoder, c *Chat, key string) { c.personID = d.text(key) }},
	{token: `"image":`, read: func(d *decoder, c *Chat, key string) { c.image = d.text(key) }},
	{token: `"channelInfo":`, read: func(d *decoder, c *Chat, key string) { d.channel(key, &c.channel) }},
	{token: `"entityPhone":`, read: func(d *decoder, c *Chat, key string) { c.entityPhone = d.text(key) }},
	{token: `"clientPhone":`, read: func(d *decoder, c *Chat, key string) { c.clientPhone = d.text(key) }},
	{token: `"clientPhoneE164":`, read: func(d *decoder, c *Chat, key string) { c.clientPhoneE164 = d.text(key) }},
	{token: `"agent":`, read: func(d *decoder, c *Chat, key string) { d.agent(key, &c.agent) }},
	{token: `"departmentId":`, read: func(d *decoder, c *Chat, key string) { c.departmentID = d.text(key) }},
	{token: `"status":`, read: func(d *decoder, c *Chat, key string) { c.statusCode = d.integer(key) }},
	{token: `"unreadCount":`, read: func(d *decoder, c *Chat, key string) { c.unreadCount = d.integer(key) }},
	{token: `"labels":`, read: func(d *decoder, c *Chat, key string) { c.Labels = d.labels(key) }},
	{token: `"last_message_timestamp":`, read: func(d *decoder, c *Chat, key string) { d.lastMessage(key, c) }},
	{token: `"lastIncomingMessageTimestamp":`, read: func(d *decoder, c *Chat, key string) { c.lastIncomingMessageAt = d.epoch(key, time.Millisecond) }},
	{token: `"created":`, read: func(d *decoder, c *Chat, key string) { c.createdAt = d.iso8601(key) }},
	{token: `"updatedAt":`, read: func(d *decoder, c *Chat, key string) { c.updatedAt = d.iso8601(key) }},
	{token: `"pendingMessageTime":`, read: func(d *decoder, c *Chat, key string) { c.pendingMessageAt = d.epoch(key, time.Second) }},
	{token: `"pendingUpdateTime":`, read: func(d *decoder, c *Chat, key string) { c.pendingAt = d.epoch(key, time.Second) }},
	{token: `"resolvedUpdateTime":`, read: func(d *decoder, c *Chat, key string) { c.resolvedAt = d.epoch(key, time.Second) }},
	{token: `"unsubscribed":`, read: func(d *decoder, c *Chat, key string) { d.unsubscribed(key, &c.unsubscribedAt) }},
	{token: `"botState":`, read: func(d *decoder, c *Chat, key string) { d.botSession(key, &c.botState) }},
	{token: `"previousBotSession":`, read: func(d *decoder, c *Chat, key string) { d.botSession(key, &c.previousBotSession) }},
	{token: `"replyAction":`, read: func(d *decoder, c *Chat, key string) { d.replyAction(key, &c.replyAction) }},
	{token: `"sendingBulkAgent":`, read: func(d *decoder, c *Chat, key string) { c.sendingBulkAgent = d.text(key) }},
	{token: `"crmData":`, read: func(d *decoder, c *Chat, _ string) { c.crmData = d.freeForm() }},
	{token: `"crmDeepLink":`, read: func(d *decoder, c *Chat, key string) { c.crmDeepLink = d.text(key) }},
	{token: `"externalBot":`, read: func(d *decoder, c *Chat, key string) { c.externalBot = d.boolean(key) }},
}
