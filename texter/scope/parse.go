package scope

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"texter-graphql/texter"
)

// Parse reads a scope from JSON, in the terms of GraphQL's ChatFilter:
//
//	{"channel": {"name": "WHATSAPP", "accountId": "97230000001"}, "labels": ["VIP"], "statuses": ["PENDING", "ASSIGNED"]}
//
// A part that is left out does not narrow. A part that is given must narrow: null,
// empty lists and unknown names are errors, since a slip could else show all
// chats. The error does not quote the text.
func Parse(text []byte) (Scope, error) {
	parts, ok := members(text)
	if !ok {
		return Scope{}, errors.New("must be a JSON object with any of channel, labels and statuses, each once")
	}
	var s Scope
	for name, part := range parts {
		var err error
		switch name {
		case "channel":
			s.Channel, err = parseChannel(part)
		case "labels":
			s.Labels, err = parseList(part)
		case "statuses":
			s.Statuses, err = parseStatuses(part)
		default:
			err = errors.New("must have no other part than channel, labels and statuses")
		}
		if err != nil {
			return Scope{}, err
		}
	}
	filter := texter.ChatFilter{Channel: s.Channel, Labels: s.Labels, Statuses: s.Statuses}.Normalize()
	s.Labels, s.Statuses = filter.Labels, filter.Statuses
	return s, filter.Validate()
}

func parseChannel(text []byte) (*texter.ChannelFilter, error) {
	parts, _ := members(text)
	var name, accountID string
	if len(parts) != 2 || json.Unmarshal(parts["name"], &name) != nil || json.Unmarshal(parts["accountId"], &accountID) != nil {
		return nil, errors.New("must have as channel an object of name and accountId")
	}
	return &texter.ChannelFilter{Name: texter.ChannelName(strings.ToLower(name)), AccountID: accountID}, nil
}

// members returns the members of a JSON object. It returns false if it is none, or has
// a name twice: readers of JSON do not agree on which of the values counts.
func members(text []byte) (parts map[string]json.RawMessage, ok bool) {
	if !json.Valid(text) {
		return nil, false
	}
	// Of valid JSON, nothing below can fail.
	d := json.NewDecoder(bytes.NewReader(text))
	if first, _ := d.Token(); first != json.Delim('{') {
		return nil, false
	}
	parts = map[string]json.RawMessage{}
	for d.More() {
		token, _ := d.Token()
		name, _ := token.(string)
		var value json.RawMessage
		_ = d.Decode(&value)
		if parts[name] != nil {
			return nil, false
		}
		parts[name] = value
	}
	return parts, true
}

func parseList(text []byte) ([]string, error) {
	var list []string
	if json.Unmarshal(text, &list) != nil || len(list) == 0 {
		return nil, errors.New("must have as labels and statuses lists of strings that are not empty")
	}
	return list, nil
}

func parseStatuses(text []byte) ([]texter.ChatStatus, error) {
	names, err := parseList(text)
	statuses := make([]texter.ChatStatus, 0, len(names))
	for _, name := range names {
		status, ok := statusOf(name)
		if !ok {
			return nil, errors.New("must have as statuses any of BOT, PENDING, ASSIGNED, RESOLVED and BULK")
		}
		statuses = append(statuses, status)
	}
	return statuses, err
}

func statusOf(name string) (texter.ChatStatus, bool) {
	for s := texter.StatusBot; s <= texter.StatusBulk; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}
