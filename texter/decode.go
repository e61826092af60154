package texter

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"
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
	d := decoder{scanner: scanner{buf: body}, row: -1, noLabels: []string{}}
	page := d.searchPage()
	d.end()
	if d.err != nil {
		return nil, d.err
	}
	return page, nil
}

// decoder reads the documents of Texter's contract.
type decoder struct {
	scanner
	row int // of the search page, for errors; -1 outside

	chats    slab[Chat]
	channels slab[Channel]
	agents   slab[Agent]
	sessions slab[BotSession]
	flows    slab[FlowVersion]
	texts    slab[string]
	ints     slab[int]
	bools    slab[bool]
	times    slab[time.Time]
	noLabels []string // shared by all chats without labels: empty, not nil
}

func (d *decoder) searchPage() *SearchPage {
	var page SearchPage
	var hasData, hasTotal bool
	for key := range d.object {
		switch key {
		case "data":
			hasData = true
			page.Chats = d.rows(key)
		case "total":
			total := d.integer(key)
			if hasTotal = total != nil; hasTotal {
				page.Total = *total
			}
		default:
			d.skip()
		}
	}
	if !hasData || !hasTotal || page.Total < 0 {
		d.fail(&contractError{row: d.row, field: "total", rule: "data and total must both be there"})
	}
	return &page
}

func (d *decoder) rows(key string) []*Chat {
	chats := []*Chat{}
	if !d.opens(key, '[') {
		d.failContract(key, "must not be null")
		return nil
	}
	for i := range d.array {
		d.row = i
		chats = append(chats, d.chat())
	}
	d.row = -1
	return chats
}

func (d *decoder) chat() *Chat {
	c := d.chats.next()
	c.Labels = d.noLabels
	d.peek()
	start := d.pos
	var olderChannel *string
	for key := range d.object {
		if key == "channel" {
			olderChannel = d.text(key)
		} else {
			d.chatField(c, key)
		}
	}
	if d.err != nil {
		return c
	}
	c.Raw = json.RawMessage(d.buf[start:d.pos:d.pos])
	if olderChannel != nil {
		c.adoptChannel(olderChannel)
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

// chatField reads the value of one key of a chat. The units of the times are
// in the keys' names, as Texter's API reference has it.
func (d *decoder) chatField(c *Chat, key string) {
	switch key {
	case "_id":
		if id := d.text(key); id != nil {
			c.ID = *id
		}
	case "title":
		c.Title = d.text(key)
	case "displayName":
		c.DisplayName = d.text(key)
	case "personId":
		c.PersonID = d.text(key)
	case "image":
		c.Image = d.text(key)
	case "channelInfo":
		c.Channel = d.channel(key)
	case "entityPhone":
		c.EntityPhone = d.text(key)
	case "clientPhone":
		c.ClientPhone = d.text(key)
	case "clientPhoneE164":
		c.ClientPhoneE164 = d.text(key)
	case "agent":
		c.Agent = d.agent(key)
	case "departmentId":
		c.DepartmentID = d.text(key)
	case "status":
		c.StatusCode = d.integer(key)
	case "unreadCount":
		c.UnreadCount = d.integer(key)
	case "labels":
		c.Labels = d.labels(key)
	case "last_message_timestamp":
		c.LastMessageAt = d.epoch(key, time.Millisecond)
	case "lastIncomingMessageTimestamp":
		c.LastIncomingMessageAt = d.epoch(key, time.Millisecond)
	case "created":
		c.CreatedAt = d.iso8601(key)
	case "updatedAt":
		c.UpdatedAt = d.iso8601(key)
	case "pendingMessageTime":
		c.PendingMessageAt = d.epoch(key, time.Second)
	case "pendingUpdateTime":
		c.PendingAt = d.epoch(key, time.Second)
	case "resolvedUpdateTime":
		c.ResolvedAt = d.epoch(key, time.Second)
	case "unsubscribed":
		c.UnsubscribedAt = d.unsubscribed(key)
	case "botState":
		c.BotState = d.botSession(key)
	case "previousBotSession":
		c.PreviousBotSession = d.botSession(key)
	case "replyAction":
		c.ReplyAction = d.replyAction(key)
	case "sendingBulkAgent":
		c.SendingBulkAgent = d.text(key)
	case "crmData":
		c.CRMData = d.freeForm()
	case "crmDeepLink":
		c.CRMDeepLink = d.text(key)
	case "externalBot":
		c.ExternalBot = d.boolean(key)
	default:
		d.skip()
	}
}
