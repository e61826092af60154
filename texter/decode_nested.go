package texter

import (
	"encoding/json"
	"time"
)

// opens reports whether an object or array comes next; null is none, and
// anything else breaks the contract.
func (d *decoder) opens(key string, mark byte) bool {
	switch d.Peek() {
	case mark:
		return true
	case 'n':
		d.Null()
	default:
		d.failContract(key, "must be an object or array, as documented")
	}
	return false
}

func (d *decoder) channel(key string) *Channel {
	if !d.opens(key, '{') {
		return nil
	}
	ch := d.channels.next()
	d.channelObjects.read(d, ch)
	return ch
}

var channelKeys = []key[Channel]{
	{token: `"name":`, read: func(d *decoder, c *Channel, key string) { c.RawName = d.text(key) }},
	{token: `"id":`, read: func(d *decoder, c *Channel, key string) { c.ID = d.text(key) }},
	{token: `"accountId":`, read: func(d *decoder, c *Channel, key string) { c.AccountID = d.text(key) }},
	{token: `"metadata":`, read: func(d *decoder, c *Channel, _ string) { c.Metadata = d.freeForm() }},
}

// agent reads an agent; Texter writes nobody as {"uid": null, …}.
func (d *decoder) agent(key string) *Agent {
	if !d.opens(key, '{') {
		return nil
	}
	agent := d.agents.next()
	d.agentObjects.read(d, agent)
	if agent.UID == "" {
		return nil
	}
	return agent
}

var agentKeys = []key[Agent]{
	{token: `"uid":`, read: func(d *decoder, a *Agent, key string) { a.UID = d.name(key) }},
	{token: `"displayName":`, read: func(d *decoder, a *Agent, key string) { a.DisplayName = d.text(key) }},
}

func (d *decoder) labels(key string) []string {
	if !d.opens(key, '[') {
		return d.noLabels
	}
	start, room := len(d.allLabels), cap(d.allLabels)
	for range d.Array {
		if d.Peek() != '"' {
			d.failContract(key, "must be an array of strings")
			break
		}
		d.allLabels = append(d.allLabels, d.StringValue())
	}
	if cap(d.allLabels) != room {
		d.labelSize += sizeOf(d.allLabels)
	}
	return d.allLabels[start:len(d.allLabels):len(d.allLabels)]
}

func (d *decoder) unsubscribed(key string) *Timestamp {
	if !d.opens(key, '{') {
		return nil
	}
	var date *Timestamp
	d.unsubscribedDate.read(d, &date)
	return date
}

var unsubscribedKeys = []key[*Timestamp]{
	{token: `"date":`, read: func(d *decoder, date **Timestamp, key string) { *date = d.iso8601(key) }},
}

// botSession reads a bot session; Texter writes none as null or {}.
func (d *decoder) botSession(key string) *BotSession {
	if !d.opens(key, '{') {
		return nil
	}
	start := d.Pos
	session := d.sessions.next()
	if keys := d.sessionObjects.read(d, session); keys == 0 || d.Err != nil {
		return nil
	}
	session.Raw = json.RawMessage(d.Text[start:d.Pos:d.Pos])
	return session
}

var sessionKeys = []key[BotSession]{
	{token: `"id":`, read: func(d *decoder, s *BotSession, key string) { s.ID = d.text(key) }},
	{token: `"flowVersion":`, read: func(d *decoder, s *BotSession, key string) { s.Flow = d.flowVersion(key) }},
	{token: `"node":`, read: func(d *decoder, s *BotSession, key string) { s.Node = d.text(key) }},
	{token: `"userState":`, read: func(d *decoder, s *BotSession, _ string) { s.UserState = d.freeForm() }},
}

func (d *decoder) flowVersion(key string) *FlowVersion {
	if !d.opens(key, '{') {
		return nil
	}
	flow := d.flows.next()
	d.flowObjects.read(d, flow)
	return flow
}

var flowKeys = []key[FlowVersion]{
	{token: `"identifier":`, read: func(d *decoder, f *FlowVersion, key string) { f.Identifier = d.text(key) }},
	{token: `"version":`, read: func(d *decoder, f *FlowVersion, key string) { f.Version = d.integer(key) }},
}

func (d *decoder) replyAction(key string) *ReplyAction {
	if !d.opens(key, '{') {
		return nil
	}
	action := d.actions.next()
	d.actionObjects.read(d, action)
	return action
}

var actionKeys = []key[ReplyAction]{
	{token: `"created":`, read: func(d *decoder, a *ReplyAction, key string) { a.CreatedAt = d.epoch(key, time.Second) }},
	{token: `"expirationTime":`, read: func(d *decoder, a *ReplyAction, key string) { a.ExpirationTime = d.integer(key) }},
	{token: `"chatStatus":`, read: func(d *decoder, a *ReplyAction, key string) { a.ChatStatusCode = d.integer(key) }},
	{token: `"setBotNode":`, read: func(d *decoder, a *ReplyAction, key string) { a.SetBotNode = d.text(key) }},
	{token: `"bot":`, read: func(d *decoder, a *ReplyAction, key string) { a.Bot = d.text(key) }},
	{token: `"replyText":`, read: func(d *decoder, a *ReplyAction, key string) { a.ReplyText = d.text(key) }},
	{token: `"responsibleAgent":`, read: func(d *decoder, a *ReplyAction, _ string) { a.ResponsibleAgent = d.freeForm() }},
	{token: `"responsibleDepartment":`, read: func(d *decoder, a *ReplyAction, key string) { a.ResponsibleDepartment = d.text(key) }},
	{token: `"replyToTemplateFile":`, read: func(d *decoder, a *ReplyAction, key string) { a.ReplyToTemplateFile = d.templateFile(key) }},
	{token: `"resolveTime":`, read: func(d *decoder, a *ReplyAction, key string) { a.ResolveAt = d.epoch(key, time.Second) }},
}

func (d *decoder) templateFile(key string) *TemplateFile {
	if !d.opens(key, '{') {
		return nil
	}
	file := d.files.next()
	d.fileObjects.read(d, file)
	return file
}

var fileKeys = []key[TemplateFile]{
	{token: `"url":`, read: func(d *decoder, f *TemplateFile, key string) { f.URL = d.text(key) }},
	{token: `"name":`, read: func(d *decoder, f *TemplateFile, key string) { f.Name = d.text(key) }},
}
