package websocket

import (
	"encoding/json"
	"errors"
	"strings"

	"texter-graphql/internal/jsonscan"
)

// message is a message of a client.
type message struct {
	kind string // the member type
	id   string
	// payload is JSON; nil if it is not there, or null.
	payload []byte
}

// maxIDLength bounds the id of an operation, in bytes.
const maxIDLength = 256

var errMessage = errors.New("Invalid message received") //nolint:staticcheck // it is the reason of a close frame, as graphql-ws sends it

// parseMessage parses a message. It errors if the message is not one that the
// protocol has for clients.
func parseMessage(text []byte) (m message, err error) {
	s := jsonscan.Scanner{Text: text}
	seen := map[string]bool{}
	for name := range s.Object {
		if seen[name] {
			s.FailSyntax()
			break
		}
		switch name {
		case "type":
			m.kind = s.StringValue()
		case "id":
			m.id = strings.Clone(s.StringValue())
		case "payload":
			if !s.Null() {
				m.payload = s.Value()
			}
		default:
			s.Skip()
			continue // which the protocol leaves open, and is not stored
		}
		seen[name] = true
	}
	if s.End(); s.Err != nil || !m.valid() {
		return m, errMessage
	}
	return m, nil
}

// valid reports whether the members are those of the type.
func (m *message) valid() bool {
	isObject := len(m.payload) > 0 && m.payload[0] == '{'
	hasID := m.id != "" && len(m.id) <= maxIDLength
	switch m.kind {
	case "connection_init", "ping", "pong":
		return m.payload == nil || isObject
	case "subscribe":
		return hasID && isObject
	case "complete":
		return hasID
	}
	return false
}

// authorization returns the value of the header Authorization in the payload of
// connection_init: the member of that name, in any case, or the same in the member
// headers. It is empty if there is none.
func authorization(payload []byte) (value string) {
	s := jsonscan.Scanner{Text: payload}
	if payload == nil {
		return ""
	}
	for name := range s.Object {
		switch {
		case strings.EqualFold(name, "Authorization") && s.Peek() == '"':
			value = strings.Clone(s.StringValue())
		case name == "headers" && s.Peek() == '{':
			if inner := authorization(s.Value()); value == "" {
				value = inner
			}
		default:
			s.Skip()
		}
	}
	return value
}

// The messages of the server, as far as they do not depend on an operation.
var (
	ackMessage  = []byte(`{"type":"connection_ack"}`)
	pongMessage = []byte(`{"type":"pong"}`)
)

// head is the beginning of a message for an operation, up to its payload.
func head(id, kind string) []byte {
	quoted, _ := json.Marshal(id) // a string can always be encoded
	b := append([]byte(`{"id":`), quoted...)
	return append(append(append(b, `,"type":"`...), kind...), `","payload":`...)
}

// completeMessage says that an operation is complete.
func completeMessage(id string) []byte {
	quoted, _ := json.Marshal(id)
	return append(append([]byte(`{"id":`), quoted...), `,"type":"complete"}`...)
}
