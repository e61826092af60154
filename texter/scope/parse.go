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
	var parts map[string]json.RawMessage
	if json.Unmarshal(text, &parts) != nil || parts == nil {
		return Scope{}, errors.New("must be a JSON object with any of channel, labels and statuses")
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
	var channel struct{ Name, AccountID string }
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(&channel) != nil {
		return nil, errors.New("must have as channel an object of name and accountId")
	}
	name := texter.ChannelName(strings.ToLower(channel.Name))
	return &texter.ChannelFilter{Name: name, AccountID: channel.AccountID}, nil
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
