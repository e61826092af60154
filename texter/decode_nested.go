package texter

import (
	"encoding/json"
	"time"
)

// opens reports whether an object or array comes next; null is none, and
// anything else breaks the contract.
func (d *decoder) opens(key string, mark byte) bool {
	switch d.peek() {
	case mark:
		return true
	case 'n':
		d.null()
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
	for key := range d.object {
		switch key {
		case "name":
			ch.RawName = d.text(key)
		case "id":
			ch.ID = d.text(key)
		case "accountId":
			ch.AccountID = d.text(key)
		case "metadata":
			ch.Metadata = d.freeForm()
		default:
			d.skip()
		}
	}
	return ch
}

// agent reads an agent; Texter writes nobody as {"uid": null, …}.
func (d *decoder) agent(key string) *Agent {
	if !d.opens(key, '{') {
		return nil
	}
	var uid, name *string
	for key := range d.object {
		switch key {
		case "uid":
			uid = d.text(key)
		case "displayName":
			name = d.text(key)
		default:
			d.skip()
		}
	}
	if uid == nil || *uid == "" {
		return nil
	}
	return d.agents.add(Agent{UID: *uid, DisplayName: name})
}

func (d *decoder) labels(key string) []string {
	labels := d.noLabels
	if !d.opens(key, '[') {
		return labels
	}
	for range d.array {
		if d.peek() != '"' {
			d.failContract(key, "must be an array of strings")
			break
		}
		labels = append(labels, d.string())
	}
	return labels
}

func (d *decoder) unsubscribed(key string) *time.Time {
	if !d.opens(key, '{') {
		return nil
	}
	var date *time.Time
	for key := range d.object {
		if key == "date" {
			date = d.iso8601(key)
		} else {
			d.skip()
		}
	}
	return date
}

// botSession reads a bot session; Texter writes none as null or {}.
func (d *decoder) botSession(key string) *BotSession {
	if !d.opens(key, '{') {
		return nil
	}
	start, empty := d.pos, true
	session := d.sessions.next()
	for key := range d.object {
		empty = false
		switch key {
		case "id":
			session.ID = d.text(key)
		case "flowVersion":
			session.Flow = d.flowVersion(key)
		case "node":
			session.Node = d.text(key)
		case "userState":
			session.UserState = d.freeForm()
		default:
			d.skip()
		}
	}
	if empty || d.err != nil {
		return nil
	}
	session.Raw = json.RawMessage(d.buf[start:d.pos:d.pos])
	return session
}

func (d *decoder) flowVersion(key string) *FlowVersion {
	if !d.opens(key, '{') {
		return nil
	}
	flow := d.flows.next()
	for key := range d.object {
		switch key {
		case "identifier":
			flow.Identifier = d.text(key)
		case "version":
			flow.Version = d.integer(key)
		default:
			d.skip()
		}
	}
	return flow
}

func (d *decoder) replyAction(key string) *ReplyAction {
	if !d.opens(key, '{') {
		return nil
	}
	var action ReplyAction
	for key := range d.object {
		switch key {
		case "created":
			action.CreatedAt = d.epoch(key, time.Second)
		case "expirationTime":
			action.ExpirationTime = d.integer(key)
		case "chatStatus":
			action.ChatStatusCode = d.integer(key)
		case "setBotNode":
			action.SetBotNode = d.text(key)
		case "bot":
			action.Bot = d.text(key)
		case "replyText":
			action.ReplyText = d.text(key)
		case "responsibleAgent":
			action.ResponsibleAgent = d.freeForm()
		case "responsibleDepartment":
			action.ResponsibleDepartment = d.text(key)
		case "replyToTemplateFile":
			action.ReplyToTemplateFile = d.templateFile(key)
		case "resolveTime":
			action.ResolveAt = d.epoch(key, time.Second)
		default:
			d.skip()
		}
	}
	return &action
}

func (d *decoder) templateFile(key string) *TemplateFile {
	if !d.opens(key, '{') {
		return nil
	}
	var file TemplateFile
	for key := range d.object {
		switch key {
		case "url":
			file.URL = d.text(key)
		case "name":
			file.Name = d.text(key)
		default:
			d.skip()
		}
	}
	return &file
}
