package texter

import "time"

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

func (d *decoder) channel(key string, c *Channel) {
	*c = Channel{}
	if d.opens(key, '{') {
		c.page = d.page
		d.channelObjects.read(d, c)
	}
}

var channelKeys = []key[Channel]{
	{token: `"name":`, read: func(d *decoder, c *Channel, key string) { c.rawName = d.text(key) }},
	{token: `"id":`, read: func(d *decoder, c *Channel, key string) { c.id = d.text(key) }},
	{token: `"accountId":`, read: func(d *decoder, c *Channel, key string) { c.accountID = d.text(key) }},
	{token: `"metadata":`, read: func(d *decoder, c *Channel, _ string) { c.metadata = d.freeForm() }},
}

// agent reads an agent; Texter writes nobody as {"uid": null, …}.
func (d *decoder) agent(key string, a *Agent) {
	*a = Agent{}
	if !d.opens(key, '{') {
		return
	}
	d.agentObjects.read(d, a)
	if d.Err == nil && d.page.text(a.uid).String() != "" {
		a.page = d.page
	}
}

var agentKeys = []key[Agent]{
	{token: `"uid":`, read: func(d *decoder, a *Agent, key string) { a.uid = d.text(key) }},
	{token: `"displayName":`, read: func(d *decoder, a *Agent, key string) { a.displayName = d.text(key) }},
}

func (d *decoder) labels(key string) []string {
	if !d.opens(key, '[') {
		return noLabels
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

func (d *decoder) unsubscribed(key string, date *moment) {
	*date = 0
	if d.opens(key, '{') {
		d.unsubscribedDate.read(d, date)
	}
}

var unsubscribedKeys = []key[moment]{
	{token: `"date":`, read: func(d *decoder, date *moment, key string) { *date = d.iso8601(key) }},
}

// botSession reads a bot session; Texter writes none as null or {}.
func (d *decoder) botSession(key string, s *BotSession) {
	*s = BotSession{}
	if !d.opens(key, '{') {
		return
	}
	start := d.Pos
	if keys := d.sessionObjects.read(d, s); keys > 0 {
		s.page, s.raw = d.page, d.spanFrom(start)
	}
}

var sessionKeys = []key[BotSession]{
	{token: `"id":`, read: func(d *decoder, s *BotSession, key string) { s.id = d.text(key) }},
	{token: `"flowVersion":`, read: func(d *decoder, s *BotSession, key string) { d.flowVersion(key, &s.flow) }},
	{token: `"node":`, read: func(d *decoder, s *BotSession, key string) { s.node = d.text(key) }},
	{token: `"userState":`, read: func(d *decoder, s *BotSession, _ string) { s.userState = d.freeForm() }},
}

func (d *decoder) flowVersion(key string, f *FlowVersion) {
	*f = FlowVersion{}
	if d.opens(key, '{') {
		f.page = d.page
		d.flowObjects.read(d, f)
	}
}

var flowKeys = []key[FlowVersion]{
	{token: `"identifier":`, read: func(d *decoder, f *FlowVersion, key string) { f.identifier = d.text(key) }},
	{token: `"version":`, read: func(d *decoder, f *FlowVersion, key string) { f.version = d.integer(key) }},
}

func (d *decoder) replyAction(key string, a *ReplyAction) {
	*a = ReplyAction{}
	if d.opens(key, '{') {
		a.page = d.page
		d.actionObjects.read(d, a)
	}
}

var actionKeys = []key[ReplyAction]{
	{token: `"created":`, read: func(d *decoder, a *ReplyAction, key string) { a.createdAt = d.epoch(key, time.Second) }},
	{token: `"expirationTime":`, read: func(d *decoder, a *ReplyAction, key string) { a.expirationTime = d.integer(key) }},
	{token: `"chatStatus":`, read: func(d *decoder, a *ReplyAction, key string) { a.chatStatusCode = d.integer(key) }},
	{token: `"setBotNode":`, read: func(d *decoder, a *ReplyAction, key string) { a.setBotNode = d.text(key) }},
	{token: `"bot":`, read: func(d *decoder, a *ReplyAction, key string) { a.bot = d.text(key) }},
	{token: `"replyText":`, read: func(d *decoder, a *ReplyAction, key string) { a.replyText = d.text(key) }},
	{token: `"responsibleAgent":`, read: func(d *decoder, a *ReplyAction, _ string) { a.responsibleAgent = d.freeForm() }},
	{token: `"responsibleDepartment":`, read: func(d *decoder, a *ReplyAction, key string) { a.responsibleDepartment = d.text(key) }},
	{token: `"replyToTemplateFile":`, read: func(d *decoder, a *ReplyAction, key string) { d.templateFile(key, &a.replyToTemplateFile) }},
	{token: `"resolveTime":`, read: func(d *decoder, a *ReplyAction, key string) { a.resolveAt = d.epoch(key, time.Second) }},
}

func (d *decoder) templateFile(key string, f *TemplateFile) {
	*f = TemplateFile{}
	if d.opens(key, '{') {
		f.page = d.page
		d.fileObjects.read(d, f)
	}
}

var fileKeys = []key[TemplateFile]{
	{token: `"url":`, read: func(d *decoder, f *TemplateFile, key string) { f.url = d.text(key) }},
	{token: `"name":`, read: func(d *decoder, f *TemplateFile, key string) { f.name = d.text(key) }},
}
